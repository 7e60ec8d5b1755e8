// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskKernel} from "../interfaces/IRiskKernel.sol";
import {Report, Scenario, UnderlyingReport} from "../types/Risk.sol";
import {Exposure, UnderlyingMarket, UnderlyingRisk} from "../types/Valuation.sol";
import {AddOns} from "./AddOns.sol";
import {Aggregation} from "./Aggregation.sol";
import {Collateral} from "./Collateral.sol";
import {Grid} from "./Grid.sol";
import {MarketReader} from "./MarketReader.sol";
import {Revaluation} from "./Revaluation.sol";

/// @title What the underlyings of a book risk, together
/// @notice Per underlying: loads the market (MarketReader), reprices the legs (Revaluation), states the charges (AddOns);
/// then puts the underlyings together (Aggregation).
/// @custom:rounding equity down, charges up
contract RiskKernel is IRiskKernel {
    /// @inheritdoc IRiskKernel
    function assess(
        Request memory request
    ) external view returns (int256 equityE18, uint256 chargeE18, uint256 crowdingE18) {
        UnderlyingRisk[] memory parts;
        (parts, equityE18) = _evaluate(request);
        for (uint256 g = 0; g < request.groups.length; ++g) {
            chargeE18 += Aggregation.groupCharge(parts, request.groups[g], request.blendsE18[g]);
        }
        for (uint256 i = 0; i < parts.length; ++i) {
            crowdingE18 += _crowding(request, parts[i]);
        }
    }

    /// @inheritdoc IRiskKernel
    function leastCharge(Request memory request) external view returns (int256 equityE18, uint256 boundE18) {
        UnderlyingRisk[] memory parts;
        (parts, equityE18) = _evaluate(request);
        for (uint256 g = 0; g < request.groups.length; ++g) {
            boundE18 += Aggregation.leastGroupCharge(parts, request.groups[g], request.blendsE18[g]);
        }
    }

    /// @inheritdoc IRiskKernel
    function report(Request memory request) external view returns (Report memory result) {
        UnderlyingRisk[] memory parts;
        (parts, result.equityE18) = _evaluate(request);
        uint256 count = request.groups.length;
        result.groups = request.groups;
        result.groupScanE18 = new uint256[](count);
        result.groupBinding = new uint8[](count);
        for (uint256 g = 0; g < count; ++g) {
            uint8 group = request.groups[g];
            uint256 blendE18 = request.blendsE18[g];
            (result.groupScanE18[g], result.groupBinding[g]) = Aggregation.groupScan(parts, group, blendE18);
            result.maintenanceE18 += Aggregation.groupCharge(parts, group, blendE18);
        }
        result.underlyings = new UnderlyingReport[](parts.length);
        for (uint256 i = 0; i < parts.length; ++i) {
            result.underlyings[i] = Aggregation.reportOf(parts[i], _crowding(request, parts[i]));
        }
    }

    function _evaluate(Request memory request) private view returns (UnderlyingRisk[] memory parts, int256 equityE18) {
        parts = new UnderlyingRisk[](request.parts.length);
        for (uint256 i = 0; i < parts.length; ++i) {
            parts[i] = _part(request, request.parts[i]);
            equityE18 += parts[i].equityE18;
        }
    }

    function _part(Request memory request, Part memory part) private view returns (UnderlyingRisk memory) {
        UnderlyingMarket memory market;
        market.underlying = part.underlying;
        (market.params, market.grid) = Grid.read(part.data);
        market.scenarios = _chosen(market.grid, part.scenarios);
        MarketReader.load(request, part, market);
        uint256 creditedE18 = 0;
        for (uint256 i = 0; i < part.holdings.length; ++i) {
            creditedE18 += Collateral.creditedUnits(part.holdings[i].params, part.holdings[i].unitsE18, market.spotE18);
        }
        Exposure memory exposure = Revaluation.revalue(market, request.model, part.positions);
        return Aggregation.underlyingRisk(market, exposure, request.model, creditedE18);
    }

    /// @dev Open interest is read only where a traded delta could be charged for it.
    function _crowding(Request memory request, UnderlyingRisk memory part) private view returns (uint256) {
        if (part.tradedDeltaE18 == 0) return 0;
        uint256 openInterestE18 = request.clearinghouse.openInterestE18(part.underlying);
        return AddOns.crowding(part, openInterestE18, Aggregation.ownInitial(part, request.initialRatioE18));
    }

    function _chosen(Scenario[] memory grid, uint8[] memory numbers) private pure returns (Scenario[] memory chosen) {
        if (numbers.length == 0) return grid;
        chosen = new Scenario[](numbers.length);
        for (uint256 i = 0; i < numbers.length; ++i) {
            chosen[i] = grid[numbers[i]];
        }
    }
}
