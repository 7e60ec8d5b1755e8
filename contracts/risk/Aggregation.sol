// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {figureAt, putFigure, wordAt} from "../libraries/Lists.sol";
import {mulDivDown, mulDivUp, mulDown} from "../libraries/math/FixedPoint.sol";
import {UnderlyingParams, UnderlyingReport} from "../types/Risk.sol";
import {Exposure, Shocks, UnderlyingMarket, UnderlyingRisk} from "../types/Valuation.sol";
import {AddOns} from "./AddOns.sol";
import {Grid} from "./Grid.sol";
import {Revaluation} from "./Revaluation.sol";

/// @title From losses to requirements
/// @notice MM = sum over groups of [ rho * joint + (1 - rho) * sum of scans ] + sum over underlyings of [ add-on +
/// concentration ] + reserve; IM = MM / ratio + crowding + withheld profit.
/// @dev A scan is held within the cap. Prices of one smile would never take it further, but shocked volatilities of several strikes
/// need not belong to one distribution any more, and the prices have a small error (see Options).
/// Least charge under a witness. A witness evaluates some scenarios only, so it shows s' <= s of an underlying's scan s
/// and j' <= j of a group's joint loss j. Everything else is known exactly, because it depends on the value now and on the
/// parameters alone: roll R, F = max(hedged-delta floor, short-option floor), concentration C, cap B.
/// What the underlying adds to MM, as a function of its scan, is
///     t(s) = (1 - rho) s + min( max(R, F - s) + C, max(B - s, 0) ) = min( t1(s), t2(s) ) with
///     t1(s) = (1 - rho) s + max(R, F - s) + C    falls with slope -rho until s = F - R, then rises with slope 1 - rho;
///     t2(s) = (1 - rho) s + max(B - s, 0)        falls with slope -rho until s = B, then rises with slope 1 - rho.
/// (R >= 0, so max(R, F - s) is the add-on, never negative.) Over all s >= s' the least value of t1 is taken at
/// max(s', F - R) and that of t2 at max(s', B); the least of a minimum is the minimum of the leasts. MM is the sum of the
/// t(s), of rho * j, which grows with j, and of the reserve; each group is rounded up once, and rounding up keeps order.
/// Hence the figure made of j' and of min(t1(max(s', F - R)), t2(max(s', B))) is at most MM, for every witness, and equals
/// MM when s' = s, j' = j, s >= F - R and the cap does not bind. With one underlying in a group j = s, the group is charged s
/// itself, rho has no part in it, t never falls, and the figure is exact at s' = s whatever floors and cap say.
library Aggregation {
    uint256 private constant ONE_E18 = 1e18;

    /// @dev Place of the group's scenario among the two that a witness has evaluated.
    uint256 private constant JOINT_PLACE = 1;

    /// @notice Fills in the charges of an underlying that do not depend on any scenario. Market, exposure and credited units stand.
    function open(UnderlyingRisk memory part) internal pure {
        (UnderlyingMarket memory market, Exposure memory exposure) = (part.market, part.exposure);
        UnderlyingParams memory params = market.params;
        uint256 creditedE18 = part.creditedE18;
        part.equityE18 = exposure.valueE18 + int256(mulDown(creditedE18, market.spotE18));
        part.tradedDeltaE18 = _magnitudeE18(exposure.deltaE36);
        int256 deltaE36 = exposure.deltaE36 + int256(creditedE18 * ONE_E18);
        uint256 netE18 = _magnitudeE18(deltaE36);
        part.deltaE18 = deltaE36 < 0 ? -int256(netE18) : int256(netE18);
        uint256 grossE18 = mulDivUp(exposure.grossDeltaE36, 1, ONE_E18) + creditedE18;
        part.floorDeltaE18 = AddOns.hedgedDelta(params, netE18, grossE18, market.spotE18);
        part.floorShortE18 = AddOns.shortOptions(params, exposure.shortE18, market.spotE18);
        part.concentrationE18 = AddOns.concentration(params, netE18, market.spotE18);
        // Collateral raises the cap by its own charge in the grid and no more: else depositing could cost more than it brings.
        part.capE18 = exposure.worstE18 + collateralCharge(market, creditedE18);
    }

    /// @notice Losses under the whole grid, by number, and the scan: the greatest of them within the cap.
    function scan(UnderlyingRisk memory part, uint256 table) internal pure {
        Shocks memory shocks = Grid.all(part.market.grid);
        int256[] memory pnlE36 = Revaluation.pnl(table, part.exposure, shocks);
        uint256 count = pnlE36.length;
        int256[] memory lossesE18 = new int256[](count);
        int256 greatestE18 = type(int256).min;
        for (uint256 i = 0; i < count; ++i) {
            uint256 word = wordAt(shocks.words, i);
            int256 lossE18 = _weightedLoss(part, word, figureAt(pnlE36, i));
            // A number is a place in the list of the same length that was set.
            putFigure(lossesE18, Grid.numberOf(word), lossE18);
            if (lossE18 > greatestE18) greatestE18 = lossE18;
        }
        part.lossE18 = lossesE18;
        part.scanE18 = _bounded(part, greatestE18);
    }

    /// @notice Losses in two scenarios by number, and the scan that they show.
    function scanOnly(UnderlyingRisk memory part, uint256 table, uint256 own, uint256 joint_) internal pure {
        Shocks memory shocks = Grid.only(part.market.grid, own, joint_);
        int256[] memory pnlE36 = Revaluation.pnl(table, part.exposure, shocks);
        part.lossE18 = new int256[](2);
        for (uint256 i = 0; i < pnlE36.length; ++i) {
            int256 lossE18 = _weightedLoss(part, shocks.words[i], pnlE36[i]);
            uint256 number = Grid.numberOf(shocks.words[i]);
            if (number == own) part.lossE18[0] = lossE18;
            if (number == joint_) part.lossE18[JOINT_PLACE] = lossE18;
        }
        part.scanE18 = _bounded(part, part.lossE18[greatest(part.lossE18)]);
    }

    /// @notice Add-on and concentration charge beside a scan, both within the cap.
    function extras(
        UnderlyingRisk memory part,
        uint256 scanE18
    ) internal pure returns (uint256 addOnE18, uint256 concentrationE18) {
        uint256 floorE18 = _max(part.floorDeltaE18, part.floorShortE18);
        addOnE18 = _max(part.exposure.rollE18, _above(floorE18, scanE18));
        concentrationE18 = part.concentrationE18;
        uint256 roomE18 = _above(part.capE18, scanE18);
        addOnE18 = _min(addOnE18, roomE18);
        concentrationE18 = _min(concentrationE18, roomE18 - addOnE18);
    }

    /// @notice Requirement of one group, add-ons and concentration of its underlyings included. Exact when every scenario was
    /// evaluated.
    /// @custom:rounding ceil
    function groupCharge(UnderlyingRisk[] memory parts, uint8 group, uint256 blendE18) internal pure returns (uint256) {
        // The joint loss of one underlying is its scan.
        if (_members(parts, group) == 1) blendE18 = 0;
        uint256 sumE36 = 0;
        if (blendE18 != 0) {
            (uint256 jointE18, ) = joint(parts, group);
            sumE36 = blendE18 * jointE18;
        }
        for (uint256 i = 0; i < parts.length; ++i) {
            if (parts[i].market.params.group != group) continue;
            (uint256 addOnE18, uint256 concentrationE18) = extras(parts[i], parts[i].scanE18);
            sumE36 += (ONE_E18 - blendE18) * parts[i].scanE18 + ONE_E18 * (addOnE18 + concentrationE18);
        }
        return mulDivUp(sumE36, 1, ONE_E18);
    }

    /// @notice Scans of a group blended, without add-ons, and the scenario of its greatest joint loss.
    /// @custom:rounding ceil
    function groupScan(
        UnderlyingRisk[] memory parts,
        uint8 group,
        uint256 blendE18
    ) internal pure returns (uint256 scanE18, uint8 binding) {
        uint256 sumE36;
        (sumE36, binding) = joint(parts, group);
        sumE36 *= blendE18;
        for (uint256 i = 0; i < parts.length; ++i) {
            if (parts[i].market.params.group == group) sumE36 += (ONE_E18 - blendE18) * parts[i].scanE18;
        }
        scanE18 = mulDivUp(sumE36, 1, ONE_E18);
    }

    /// @notice Least that `groupCharge` can be, given only the scenarios a witness names: per underlying its own and, in
    /// second place, the group's. See the proof above.
    function leastGroupCharge(
        UnderlyingRisk[] memory parts,
        uint8 group,
        uint256 blendE18
    ) internal pure returns (uint256) {
        if (_members(parts, group) == 1) blendE18 = 0;
        uint256 sumE36 = blendE18 * jointAt(parts, group, JOINT_PLACE);
        for (uint256 i = 0; i < parts.length; ++i) {
            if (parts[i].market.params.group == group) sumE36 += _leastCharge(parts[i], ONE_E18 - blendE18);
        }
        return mulDivUp(sumE36, 1, ONE_E18);
    }

    /// @notice Joint loss of a group per scenario, and the greatest of them.
    /// @return jointE18 max(0, greatest), at most the sum of the scans.
    /// @return binding Number of the scenario with the greatest joint loss, the first of equals.
    function joint(UnderlyingRisk[] memory parts, uint8 group) internal pure returns (uint256 jointE18, uint8 binding) {
        int256[] memory sums;
        uint256 scansE18 = 0;
        for (uint256 i = 0; i < parts.length; ++i) {
            if (parts[i].market.params.group != group) continue;
            if (sums.length == 0) sums = new int256[](parts[i].lossE18.length);
            scansE18 += parts[i].scanE18;
            int256[] memory lossE18 = parts[i].lossE18;
            for (uint256 s = 0; s < lossE18.length; ++s) {
                // The grids of a group have one length.
                putFigure(sums, s, figureAt(sums, s) + figureAt(lossE18, s));
            }
        }
        binding = greatest(sums);
        jointE18 = _min(_positive(sums[binding]), scansE18);
    }

    /// @notice Joint loss of a group in one evaluated scenario, if it is a loss; at most what the scans must come to.
    function jointAt(UnderlyingRisk[] memory parts, uint8 group, uint256 place) internal pure returns (uint256) {
        int256 sumE18 = 0;
        uint256 scansE18 = 0;
        for (uint256 i = 0; i < parts.length; ++i) {
            if (parts[i].market.params.group != group) continue;
            sumE18 += parts[i].lossE18[place];
            scansE18 += _bounded(parts[i], parts[i].lossE18[place]);
        }
        return _min(_positive(sumE18), scansE18);
    }

    /// @notice Place of the greatest number, the first of equals.
    function greatest(int256[] memory numbers) internal pure returns (uint8 place) {
        for (uint256 i = 1; i < numbers.length; ++i) {
            if (numbers[i] > numbers[place]) place = uint8(i);
        }
    }

    /// @notice Initial requirement of one underlying by itself, which crowding is measured against.
    /// @custom:rounding floor, so that the crowding charge is not too small
    function ownInitial(UnderlyingRisk memory part, uint256 ratioE18) internal pure returns (uint256) {
        (uint256 addOnE18, uint256 concentrationE18) = extras(part, part.scanE18);
        return mulDivDown(part.scanE18 + addOnE18 + concentrationE18, ONE_E18, ratioE18);
    }

    /// @notice Worst loss of the collateral alone over the whole grid, also when only some scenarios are evaluated.
    function collateralCharge(
        UnderlyingMarket memory market,
        uint256 creditedE18
    ) internal pure returns (uint256 chargeE18) {
        if (creditedE18 == 0) return 0;
        for (uint256 i = 0; i < market.grid.length; ++i) {
            int256 pnlE36 = _collateralPnl(market.spotE18, market.grid[i], creditedE18);
            if (pnlE36 >= 0) continue;
            int256 lossE18 = Revaluation.weightedLoss(pnlE36, Grid.weightE18(market.grid[i]));
            chargeE18 = _max(chargeE18, uint256(lossE18));
        }
    }

    /// @notice What one underlying contributes, for people to read.
    function reportOf(
        UnderlyingRisk memory part,
        uint256 crowdingE18,
        uint256 withheldE18
    ) internal pure returns (UnderlyingReport memory result) {
        result.underlying = part.market.underlying;
        result.group = part.market.params.group;
        result.binding = greatest(part.lossE18);
        result.spotE18 = int256(part.market.spotE18);
        result.deltaE18 = part.deltaE18;
        result.lossE18 = part.lossE18;
        result.scanE18 = part.scanE18;
        result.rollE18 = part.exposure.rollE18;
        result.floorDeltaE18 = part.floorDeltaE18;
        result.floorShortE18 = part.floorShortE18;
        (result.addOnE18, result.concentrationE18) = extras(part, part.scanE18);
        (result.openInterestE18, result.withheldE18) = (crowdingE18, withheldE18);
    }

    /// @dev A loss, if it is one, within what the book can lose by its terms.
    function _bounded(UnderlyingRisk memory part, int256 lossE18) private pure returns (uint256) {
        return _min(_positive(lossE18), part.capE18);
    }

    /// @dev Weighted loss of legs and collateral together under the scenario of a word.
    /// @param pnlE36 Of the legs.
    function _weightedLoss(UnderlyingRisk memory part, uint256 word, int256 pnlE36) private pure returns (int256) {
        if (part.creditedE18 != 0) pnlE36 += _collateralPnl(part.market.spotE18, word, part.creditedE18);
        return Revaluation.weightedLoss(pnlE36, Grid.weightE18(word));
    }

    function _collateralPnl(uint256 spotE18, uint256 word, uint256 creditedE18) private pure returns (int256) {
        return int256(creditedE18) * (int256(mulDown(spotE18, Grid.factorE18(word))) - int256(spotE18));
    }

    /// @dev min(t1(max(s', F - R)), t2(max(s', B))) times 1e18; see the proof above.
    function _leastCharge(UnderlyingRisk memory part, uint256 ownShareE18) private pure returns (uint256) {
        uint256 floorE18 = _max(part.floorDeltaE18, part.floorShortE18);
        uint256 scanE18 = part.scanE18;
        uint256 turnE18 = _max(scanE18, _above(floorE18, part.exposure.rollE18));
        uint256 addOnE18 = _max(part.exposure.rollE18, _above(floorE18, turnE18));
        uint256 leastE36 = ownShareE18 * turnE18 + ONE_E18 * (addOnE18 + part.concentrationE18);
        return _min(leastE36, ownShareE18 * _max(scanE18, part.capE18));
    }

    function _members(UnderlyingRisk[] memory parts, uint8 group) private pure returns (uint256 count) {
        for (uint256 i = 0; i < parts.length; ++i) {
            if (parts[i].market.params.group == group) ++count;
        }
    }

    function _magnitudeE18(int256 xE36) private pure returns (uint256) {
        return mulDivUp(uint256(xE36 < 0 ? -xE36 : xE36), 1, ONE_E18);
    }

    /// @dev max(x - y, 0)
    function _above(uint256 x, uint256 y) private pure returns (uint256) {
        return x > y ? x - y : 0;
    }

    function _positive(int256 x) private pure returns (uint256) {
        return x > 0 ? uint256(x) : 0;
    }

    function _max(uint256 x, uint256 y) private pure returns (uint256) {
        return x > y ? x : y;
    }

    function _min(uint256 x, uint256 y) private pure returns (uint256) {
        return x < y ? x : y;
    }
}
