// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {Assessment, Position, QuoteFigure} from "../types/Book.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {IClearinghouse} from "./IClearinghouse.sol";
import {IRiskEngine} from "./IRiskEngine.sol";

/// @title What a fill would do
/// @notice Stands in for the clearinghouse before a risk engine of its own: that engine sees the mark prices and the open
/// interest that a fill would leave behind, without anything being written. What it assumes lives in transient storage for the
/// length of one call, and everything it is not asked to assume comes from the clearinghouse.
interface IFillPreview {
    /// @notice What the clearinghouse's check after a fill compares for one account.
    struct Trial {
        Assessment before; // the book without the fill, at the mark prices and open interest that the fill leaves behind
        Assessment after_;
        uint256 feeE18; // fees the account pays, settlement coin, 18 decimals
    }

    /// @notice Thrown when an account is neither maker nor taker of any of the fills.
    /// @param account Account asked about.
    error FillPreview_NotInFill(AccountId account);
    /// @notice Thrown when a risk engine reads another market than this one.
    /// @param engine Engine given.
    error FillPreview_ForeignEngine(address engine);

    /// @notice Thrown when a leg names an underlying without risk parameters.
    /// @param underlying Underlying number.
    error FillPreview_UnknownUnderlying(uint16 underlying);

    /// @notice Margin of an account after filling quotes, in order, at this block.
    /// @dev Books what the clearinghouse would book: settled positions, funding, premium, fees, quote figures turned into cash.
    /// Not looked at: signatures, rights, deadlines, cancellations, caps on open interest, pauses, and whether the margin
    /// suffices. Meant for `eth_call`; on chain it writes nothing but transient storage.
    /// @param engine A risk engine whose clearinghouse is this contract.
    /// @param items Fills.
    /// @param account Maker or taker of at least one.
    /// @return assessment Margin afterwards.
    /// @return feeE18 Fees the account pays, settlement coin, 18 decimals.
    function preview(
        IRiskEngine engine,
        IClearinghouse.Fill[] calldata items,
        AccountId account
    ) external returns (Assessment memory assessment, uint256 feeE18);

    /// @notice The same with the book that the clearinghouse would compare it to.
    /// @dev Evaluates the margin twice. Looks at as little as `preview`.
    /// @param engine A risk engine whose clearinghouse is this contract.
    /// @param items Fills.
    /// @param account Maker or taker of at least one.
    /// @return Margin without and with the fills, and the fees the account pays.
    function trial(
        IRiskEngine engine,
        IClearinghouse.Fill[] calldata items,
        AccountId account
    ) external returns (Trial memory);

    /// @notice Most that one fill of one leg may trade between two accounts now, whatever their margin.
    /// @dev Looks at the listing, the pause, expiry, the cap on open interest, the cap on positions and the range of a size, after
    /// both accounts have been settled.
    /// @param engine A risk engine with the parameters of the deployment.
    /// @param buyer Account that would buy.
    /// @param seller Account that would sell, another one.
    /// @param instrument Instrument.
    /// @return mostE18 Units of the underlying, 18 decimals; 0 = not at all. Every size from 1 to this is within the terms.
    function room(
        IRiskEngine engine,
        AccountId buyer,
        AccountId seller,
        InstrumentId instrument
    ) external view returns (uint256 mostE18);

    /// @notice Mark price and funding, as in the clearinghouse or as assumed.
    /// @param underlying Underlying number.
    /// @param indexE18 Spot, USD, 18 decimals.
    /// @return markE18 USD, 18 decimals.
    /// @return cumulativeFundingE18 Settlement coin per unit long, 18 decimals.
    function perpMark(
        uint16 underlying,
        uint256 indexE18
    ) external view returns (uint256 markE18, int256 cumulativeFundingE18);

    /// @notice Open interest, as in the clearinghouse or as assumed.
    /// @param underlying Underlying number.
    /// @return Units long, 18 decimals.
    function openInterestE18(uint16 underlying) external view returns (uint256);

    /// @notice Settlement price as in the clearinghouse.
    /// @param underlying Underlying number.
    /// @param expiry Unix time, seconds.
    /// @return USD, 18 decimals; 0 while it is not fixed.
    function settlementPriceE18(uint16 underlying, uint40 expiry) external view returns (uint256);

    /// @notice Positions and quote figures as in the clearinghouse.
    /// @param account Account.
    /// @return positions Ascending by instrument.
    /// @return quotes Ascending by underlying.
    function positionsOf(
        AccountId account
    ) external view returns (Position[] memory positions, QuoteFigure[] memory quotes);

    /// @notice Words of the positions as in the clearinghouse.
    /// @param account Account.
    /// @return words In no order; instrument in the low half, size in the high half.
    function positionWords(AccountId account) external view returns (uint256[] memory words);

    /// @notice Quote figure as in the clearinghouse.
    /// @param account Account.
    /// @param underlying Underlying number.
    /// @return quoteE18 Settlement coin, 18 decimals.
    function quoteOf(AccountId account, uint16 underlying) external view returns (int256 quoteE18);
}
