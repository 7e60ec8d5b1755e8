// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {ICloseOut} from "../interfaces/ICloseOut.sol";
import {ILiquidator, ISliceReceiver} from "../interfaces/ILiquidator.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {ONE_E18, mulDivDown, mulFloor} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {RIGHT_LIQUIDATE, RIGHT_TRADE} from "../types/Rights.sol";

/// @title Closing a slice at makers' quotes
/// @dev Without storage. Two things keep the rights that many keepers lend this contract apart: only who may trade and liquidate for
/// the keeper's account is heard, and every quote is filled for that account.
contract CloseOut is ICloseOut, ISliceReceiver {
    /// @dev The caller needs both rights that he makes use of, or who may only liquidate could trade.
    uint32 private constant TRADE_AND_LIQUIDATE = RIGHT_TRADE | RIGHT_LIQUIDATE;

    IMarginVault private immutable VAULT;
    IClearinghouse private immutable CLEARINGHOUSE;
    ILiquidator private immutable LIQUIDATOR;

    constructor(IMarginVault vault, IClearinghouse clearinghouse, ILiquidator liquidator) {
        VAULT = vault;
        CLEARINGHOUSE = clearinghouse;
        LIQUIDATOR = liquidator;
    }

    /// @inheritdoc ICloseOut
    function closeOut(Order calldata order) external returns (ILiquidator.SliceTerms memory terms, int256 gainE18) {
        AccountId keeper = order.keeper;
        if (!VAULT.isAuthorised(keeper, msg.sender, TRADE_AND_LIQUIDATE)) {
            revert CloseOut_NotAuthorised(keeper, msg.sender);
        }
        _requireOwnTaker(order.fills, keeper);
        uint256 positionsBefore = _positions(keeper);
        int256 cashBeforeE18 = VAULT.cashOf(keeper);
        terms = LIQUIDATOR.take(
            order.account,
            keeper,
            order.maxFractionE18,
            order.maxPriceE18,
            abi.encode(order.fills)
        );
        uint256 positionsLeft = _positions(keeper);
        if (positionsLeft > positionsBefore) revert CloseOut_PositionsLeft(keeper, positionsBefore, positionsLeft);
        gainE18 = VAULT.cashOf(keeper) - cashBeforeE18;
        if (gainE18 < order.minGainE18) revert CloseOut_GainBelowLimit(gainE18, order.minGainE18);
        emit ClosedOut(order.account, keeper, terms.fractionE18, terms.priceE18, gainE18);
    }

    /// @inheritdoc ISliceReceiver
    /// @dev The liquidator calls back whom it was called by, so the data are those that `closeOut` passed on.
    function onSlice(AccountId, AccountId keeper, ILiquidator.SliceTerms calldata, bytes calldata data) external {
        if (msg.sender != address(LIQUIDATOR)) revert CloseOut_NotLiquidator(msg.sender);
        IClearinghouse.Fill[] memory fills = abi.decode(data, (IClearinghouse.Fill[]));
        for (uint256 i = 0; i < fills.length; ++i) {
            if (fills[i].unitsE18 == 0) fills[i].unitsE18 = _unitsToClose(keeper, fills, i);
        }
        CLEARINGHOUSE.fillMany(fills);
    }

    /// @dev Units of a quote that take to zero what the fills before it leave of the keeper's position in its first leg. What does not
    /// come out exactly, and a quote that is none, is refused by the clearinghouse, or leaves a position.
    function _unitsToClose(
        AccountId keeper,
        IClearinghouse.Fill[] memory fills,
        uint256 place
    ) private view returns (uint128) {
        IClearinghouse.Leg[] memory legs = fills[place].quote.legs;
        uint256 perUnitE18 = legs.length == 0 ? 0 : SignedMath.abs(legs[0].sizePerUnitE18);
        if (perUnitE18 == 0) return 0;
        InstrumentId instrument = legs[0].instrument;
        int256 sizeE18 = CLEARINGHOUSE.sizeOf(keeper, instrument);
        for (uint256 i = 0; i < place; ++i) {
            sizeE18 -= _boughtByMaker(fills[i], instrument);
        }
        return SafeCast.toUint128(mulDivDown(SignedMath.abs(sizeE18), ONE_E18, perUnitE18));
    }

    /// @dev Size of an instrument that a fill moves to its maker. A product of 127 and 128 bits fits.
    function _boughtByMaker(
        IClearinghouse.Fill memory item,
        InstrumentId instrument
    ) private pure returns (int256 sizeE18) {
        IClearinghouse.Leg[] memory legs = item.quote.legs;
        for (uint256 i = 0; i < legs.length; ++i) {
            if (!(legs[i].instrument == instrument)) continue;
            sizeE18 += mulFloor(legs[i].sizePerUnitE18, int256(uint256(item.unitsE18)));
        }
    }

    function _positions(AccountId account) private view returns (uint256) {
        return CLEARINGHOUSE.positionWords(account).length;
    }

    function _requireOwnTaker(IClearinghouse.Fill[] calldata fills, AccountId keeper) internal pure virtual {
        for (uint256 i = 0; i < fills.length; ++i) {
            if (fills[i].taker != keeper) revert CloseOut_ForeignTaker(fills[i].taker, keeper);
        }
    }
}
