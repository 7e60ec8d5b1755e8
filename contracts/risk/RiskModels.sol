// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {IRiskModels} from "../interfaces/IRiskModels.sol";
import {Book, MarginModel} from "../types/Book.sol";
import {UnderlyingGreeks} from "../types/Greeks.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {UnderlyingRisk} from "../types/Valuation.sol";
import {AddOns} from "./AddOns.sol";
import {Aggregation} from "./Aggregation.sol";
import {Revaluation} from "./Revaluation.sol";
import {RiskCheck} from "./RiskCheck.sol";
import {RiskReports} from "./RiskReports.sol";

/// @title Every model, for any book
/// @notice What-if questions, reports for people, and requirements under the models that few accounts choose. RiskEngine passes these
/// on, so that its own code has room to be fast; both go through the same steps. What is asked of sensitivities goes on to RiskGreeks.
/// @custom:rounding equity down, requirements up
contract RiskModels is RiskReports {
    IRiskModels private immutable GREEKS;

    /// @param greeks_ Answers for the Greeks model; the others read the same vault, clearinghouse, parameters and table.
    constructor(
        IRiskModels greeks_
    ) RiskCheck(greeks_.vault(), greeks_.clearinghouse(), greeks_.parameters(), greeks_.table()) {
        GREEKS = greeks_;
    }

    /// @inheritdoc IRiskModels
    function greeks(Book memory) external view returns (UnderlyingGreeks[] memory) {
        _passOn(GREEKS);
    }

    /// @notice Answers for the Greeks model.
    function greeksModel() external view returns (IRiskModels) {
        return GREEKS;
    }

    /// @inheritdoc RiskReports
    function _answers(MarginModel model) internal view override {
        if (model == MarginModel.GREEKS) _passOn(GREEKS);
    }

    /// @inheritdoc RiskCheck
    function _scan(Check memory check, UnderlyingRisk memory part) internal pure override {
        MarginModel model = check.folio.model;
        if (model == MarginModel.DELTA) _requireLinear(part);
        Aggregation.scan(part, check.table);
        if (model == MarginModel.DELTA) part.scanE18 = Math.max(part.scanE18, AddOns.deltaMove(part));
        if (model != MarginModel.ISOLATED) return;
        part.scanE18 = Revaluation.isolated(check.table, part.exposure, part.market.grid);
        part.scanE18 += Aggregation.collateralCharge(part.market, part.creditedE18);
    }

    /// @dev The delta model sees no option.
    function _requireLinear(UnderlyingRisk memory part) private pure {
        for (uint256 i = 0; i < part.exposure.terms.length; ++i) {
            PositionWord leg = part.exposure.terms[i].leg;
            if (!leg.isLinearLeg()) revert IRiskEngine.RiskEngine_ModelNotForOptions(leg.instrument());
        }
    }
}
