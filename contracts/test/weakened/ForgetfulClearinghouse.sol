// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clearinghouse} from "../../core/Clearinghouse.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";

/// @title Clearinghouse that forgets what was filled
/// @notice Missing: the count of filled units. R31, signatures that work twice.
contract ForgetfulClearinghouse is Clearinghouse {
    constructor(
        IMarginVault vault,
        address priceOracle_,
        address authority
    ) Clearinghouse(vault, priceOracle_, authority) {}

    function _consume(Fill calldata item, bytes32 digest) internal override {
        emit QuoteFilled(digest, item.quote.maker, item.taker, item.unitsE18, item.unitsE18);
    }
}
