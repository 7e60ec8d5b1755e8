// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBackstop} from "../interfaces/IBackstop.sol";
import {IRiskModels} from "../interfaces/IRiskModels.sol";
import {mulDivDown} from "../libraries/math/FixedPoint.sol";
import {Book, Position} from "../types/Book.sol";
import {Report, UnderlyingReport} from "../types/Risk.sol";

/// @title Whose loss it is
/// @notice Splits a loss over the underlyings of a book by what each adds to its requirement: scan, add-on and concentration. Who
/// wants to spend another underlying's budget has to carry risk in it, because what cannot lose adds nothing.
library LossShares {
    /// @notice Number under which losses count that belong to no underlying: of books without positions, and pay for starts.
    uint16 internal constant NONE = 0;

    /// @notice A loss as one share.
    function whole(uint16 underlying, uint256 lossE18) internal pure returns (IBackstop.LossShare[] memory shares) {
        shares = new IBackstop.LossShare[](1);
        shares[0] = IBackstop.LossShare(underlying, lossE18);
    }

    /// @notice Shares of a loss of a book. A book of one underlying needs no report; one that cannot be reported on is nobody's.
    /// @param lossE18 USD, 18 decimals.
    /// @return shares They add up to the loss.
    function split(
        IRiskModels models,
        Book memory book,
        uint256 lossE18
    ) internal view returns (IBackstop.LossShare[] memory shares) {
        Position[] memory positions = book.positions;
        if (positions.length == 0) return whole(NONE, lossE18);
        uint16 first = positions[0].instrument.underlying();
        if (first == positions[positions.length - 1].instrument.underlying()) return whole(first, lossE18);
        try models.report(book) returns (Report memory result) {
            return byCharge(result.underlyings, lossE18);
        } catch {
            return whole(NONE, lossE18);
        }
    }

    /// @notice Shares of a loss in proportion to the charges of a report. What rounding leaves goes to the first.
    /// @custom:rounding floor, the first share takes the rest
    function byCharge(
        UnderlyingReport[] memory parts,
        uint256 lossE18
    ) internal pure returns (IBackstop.LossShare[] memory shares) {
        uint256 totalE18 = 0;
        for (uint256 i = 0; i < parts.length; ++i) totalE18 += chargeE18(parts[i]);
        if (totalE18 == 0) return whole(NONE, lossE18);
        shares = new IBackstop.LossShare[](parts.length);
        uint256 leftE18 = lossE18;
        for (uint256 i = parts.length; i > 0; --i) {
            UnderlyingReport memory part = parts[i - 1];
            uint256 amountE18 = i == 1 ? leftE18 : mulDivDown(lossE18, chargeE18(part), totalE18);
            shares[i - 1] = IBackstop.LossShare(part.underlying, amountE18);
            leftE18 -= amountE18;
        }
    }

    /// @notice What an underlying adds to the requirement, USD, 18 decimals.
    function chargeE18(UnderlyingReport memory part) internal pure returns (uint256) {
        return part.scanE18 + part.addOnE18 + part.concentrationE18;
    }
}
