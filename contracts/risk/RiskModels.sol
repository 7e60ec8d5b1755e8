// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {IRiskModels} from "../interfaces/IRiskModels.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {divUp} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book, MarginModel} from "../types/Book.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {Report, UnderlyingReport} from "../types/Risk.sol";
import {Folio, UnderlyingRisk} from "../types/Valuation.sol";
import {AddOns} from "./AddOns.sol";
import {Aggregation} from "./Aggregation.sol";
import {BookIndex} from "./BookIndex.sol";
import {Revaluation} from "./Revaluation.sol";
import {RiskCheck} from "./RiskCheck.sol";

/// @title Every model, for any book
/// @notice What-if questions, reports for people, and requirements under the models that few accounts choose. RiskEngine passes these
/// on, so that its own code has room to be fast; both go through the same steps.
/// @custom:rounding equity down, requirements up
contract RiskModels is RiskCheck {
    constructor(
        IMarginVault vault_,
        IClearinghouse clearinghouse_,
        IRiskParameters parameters_,
        address table_
    ) RiskCheck(vault_, clearinghouse_, parameters_, table_) {}

    /// @inheritdoc IRiskModels
    function assessAs(AccountId account, MarginModel model) external view returns (Assessment memory) {
        Folio memory folio = _folioOf(account);
        folio.model = model;
        return _assess(_open(folio));
    }

    /// @inheritdoc IRiskModels
    function assessBook(Book memory book) external view returns (Assessment memory) {
        return _assess(_open(_folio(book)));
    }

    /// @inheritdoc IRiskModels
    function assessBookAt(
        Book memory book,
        uint16 underlying,
        uint256 spotE18
    ) external view returns (Assessment memory) {
        if (spotE18 == 0 || spotE18 > MAX_PRICE_E18) revert IRiskEngine.RiskEngine_InvalidSpot(underlying, spotE18);
        Folio memory folio = _folio(book);
        (folio.assumed, folio.assumedSpotE18) = (underlying, spotE18);
        return _assess(_open(folio));
    }

    /// @inheritdoc IRiskModels
    function report(Book memory book) external view returns (Report memory result) {
        Check memory check = _open(_folio(book));
        UnderlyingRisk[] memory parts = check.parts;
        uint256 crowdingE18;
        (result.maintenanceE18, crowdingE18) = _charge(check);
        result.equityE18 = check.equityE18;
        result.reserveE18 = check.reserveE18;
        result.initialE18 = divUp(result.maintenanceE18, check.global.initialRatioE18) + crowdingE18;
        result.groups = BookIndex.groups(parts);
        result.groupScanE18 = new uint256[](result.groups.length);
        result.groupBinding = new uint8[](result.groups.length);
        for (uint256 g = 0; g < result.groups.length; ++g) {
            uint256 blendE18 = _blendE18(check, result.groups[g]);
            (result.groupScanE18[g], result.groupBinding[g]) = Aggregation.groupScan(parts, result.groups[g], blendE18);
        }
        result.underlyings = new UnderlyingReport[](parts.length);
        for (uint256 i = 0; i < parts.length; ++i) {
            result.underlyings[i] = Aggregation.reportOf(parts[i], _crowding(check, parts[i]));
        }
    }

    /// @inheritdoc RiskCheck
    function _scan(Check memory check, UnderlyingRisk memory part) internal pure override {
        MarginModel model = check.folio.model;
        if (model == MarginModel.DELTA) _requireLinear(part);
        Aggregation.scan(part, check.table);
        if (model == MarginModel.DELTA) part.scanE18 = AddOns.deltaMove(part);
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
