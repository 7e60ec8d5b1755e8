// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book, MarginModel} from "../types/Book.sol";
import {UnderlyingGreeks} from "../types/Greeks.sol";
import {Report} from "../types/Risk.sol";
import {IClearinghouse} from "./IClearinghouse.sol";
import {IMarginVault} from "./IMarginVault.sol";
import {IRiskParameters} from "./IRiskParameters.sol";

/// @title Every model, for any book
/// @notice Requirements under each margin model, what-if questions and reports. Never writes. Errors are those of IRiskEngine.
/// All values USD, 18 decimals; equity rounded down, requirements up.
interface IRiskModels {
    /// @notice Equity and requirements of an account under a model.
    function assessAs(AccountId account, MarginModel model) external view returns (Assessment memory);

    /// @notice Equity and requirements of any book, for what-if questions.
    function assessBook(Book memory book) external view returns (Assessment memory);

    /// @notice The same with the spot price of one underlying replaced; its perpetual and forwards move in proportion.
    /// @param spotE18 USD, 18 decimals, > 0.
    function assessBookAt(
        Book memory book,
        uint16 underlying,
        uint256 spotE18
    ) external view returns (Assessment memory);

    /// @notice Every scenario, add-on and binding scenario of a book.
    function report(Book memory book) external view returns (Report memory);

    /// @notice Sensitivities of a book per leg, expiry and underlying. Settled legs have none and are left out.
    function greeks(Book memory book) external view returns (UnderlyingGreeks[] memory);

    /// @notice Where the parameters are kept.
    function parameters() external view returns (IRiskParameters);

    /// @notice Contract whose code is the table of the normal distribution.
    function table() external view returns (address);

    function vault() external view returns (IMarginVault);

    function clearinghouse() external view returns (IClearinghouse);
}
