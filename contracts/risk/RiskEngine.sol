// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {IRiskModels} from "../interfaces/IRiskModels.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book, MarginModel} from "../types/Book.sol";
import {UnderlyingGreeks} from "../types/Greeks.sol";
import {Report, Witness} from "../types/Risk.sol";
import {Folio, UnderlyingRisk} from "../types/Valuation.sol";
import {Aggregation} from "./Aggregation.sol";
import {BookIndex} from "./BookIndex.sol";
import {RiskCheck} from "./RiskCheck.sol";

/// @title Is it enough?
/// @notice Answers for accounts under the scenario model, and passes every other question on to RiskModels. If equity covers even the
/// greatest loss that a book can make by its terms, a question that only wants a yes ends before the grid.
/// @custom:rounding equity down, requirements up
contract RiskEngine is IRiskEngine, RiskCheck {
    /// @dev Which of the two requirements a question is about.
    enum MarginKind {
        INITIAL,
        MAINTENANCE
    }

    IRiskModels private immutable MODELS;

    /// @param models_ Answers what the engine passes on; the engine reads the same vault, clearinghouse, parameters and table.
    constructor(
        IRiskModels models_
    ) RiskCheck(models_.vault(), models_.clearinghouse(), models_.parameters(), models_.table()) {
        MODELS = models_;
    }

    /// @inheritdoc IRiskEngine
    function assess(AccountId account) external view returns (Assessment memory) {
        return _assessHeld(account, _folioOf(account));
    }

    /// @inheritdoc IRiskModels
    function assessAs(AccountId account, MarginModel model) external view returns (Assessment memory) {
        Folio memory folio = _folioOf(account);
        folio.model = model;
        return _assessHeld(account, folio);
    }

    /// @inheritdoc IRiskEngine
    function requireInitial(AccountId account) external view {
        (bool most, Assessment memory result) = _weigh(account, MarginKind.INITIAL);
        if (most || result.equityE18 >= int256(result.initialE18)) return;
        revert RiskEngine_BelowInitial(account, result.equityE18, result.initialE18);
    }

    /// @inheritdoc IRiskEngine
    function requireMaintenance(AccountId account) external view {
        (bool most, Assessment memory result) = _weigh(account, MarginKind.MAINTENANCE);
        if (most || result.equityE18 >= int256(result.maintenanceE18)) return;
        revert RiskEngine_BelowMaintenance(account, result.equityE18, result.maintenanceE18);
    }

    /// @inheritdoc IRiskEngine
    function breaches(
        AccountId account,
        Witness calldata witness
    ) external view returns (bool short, int256 equityE18, uint256 boundE18) {
        Folio memory folio = _folioOf(account);
        if (folio.model != MarginModel.SCENARIO || (witness.own.length == 0 && witness.joint.length == 0)) {
            Assessment memory result = _assessHeld(account, folio);
            (equityE18, boundE18) = (result.equityE18, result.maintenanceE18);
        } else {
            Check memory check = _open(folio);
            (equityE18, boundE18) = (check.equityE18, _shownBy(check, witness));
        }
        short = equityE18 < int256(boundE18);
    }

    /// @inheritdoc IRiskModels
    function assessBook(Book calldata) external view returns (Assessment memory) {
        _passOn(MODELS);
    }

    /// @inheritdoc IRiskModels
    function assessBookAt(Book calldata, uint16, uint256) external view returns (Assessment memory) {
        _passOn(MODELS);
    }

    /// @inheritdoc IRiskModels
    function report(Book calldata) external view returns (Report memory) {
        _passOn(MODELS);
    }

    /// @inheritdoc IRiskModels
    function greeks(Book calldata) external view returns (UnderlyingGreeks[] memory) {
        _passOn(MODELS);
    }

    /// @inheritdoc IRiskEngine
    function models() external view returns (IRiskModels) {
        return MODELS;
    }

    function _assessHeld(AccountId account, Folio memory folio) private view returns (Assessment memory) {
        if (folio.model != MarginModel.SCENARIO) return MODELS.assessAs(account, folio.model);
        return _assess(_open(folio));
    }

    /// @inheritdoc RiskCheck
    function _scan(Check memory check, UnderlyingRisk memory part) internal pure override {
        Aggregation.scan(part, check.table);
    }

    /// @dev An assessment, unless equity covers the most that the requirement can come to.
    function _weigh(AccountId account, MarginKind kind) private view returns (bool most, Assessment memory result) {
        Folio memory folio = _folioOf(account);
        if (folio.model != MarginModel.SCENARIO) return (false, MODELS.assessAs(account, folio.model));
        Check memory check = _open(folio);
        most = _coversMost(check, kind);
        if (!most) result = _assess(check);
    }

    /// @dev Scan, add-on and concentration of an underlying are together at most its cap, and netting between underlyings never
    /// adds to them. Crowding is at most what it would be beside no requirement of its own, profit is held back whatever the
    /// scenarios say; maintenance knows neither.
    function _coversMost(Check memory check, MarginKind kind) private view returns (bool) {
        uint256 mostE18 = check.reserveE18;
        for (uint256 i = 0; i < check.parts.length; ++i) {
            mostE18 += check.parts[i].capE18;
        }
        // Far from enough: open interest need not be read.
        if (check.equityE18 < int256(mostE18)) return false;
        if (kind == MarginKind.INITIAL) mostE18 = _initial(check, mostE18);
        return check.equityE18 >= int256(mostE18);
    }

    /// @dev Lower bound of the maintenance requirement, from an underlying's own scenario and its group's.
    function _shownBy(Check memory check, Witness calldata witness) private pure returns (uint256 boundE18) {
        UnderlyingRisk[] memory parts = check.parts;
        uint8[] memory groups = BookIndex.groups(parts);
        if (witness.own.length != parts.length || witness.joint.length != groups.length) {
            revert RiskEngine_InvalidWitness();
        }
        for (uint256 i = 0; i < parts.length; ++i) {
            uint8 own = witness.own[i];
            uint8 joint = witness.joint[BookIndex.placeOf(groups, parts[i].market.params.group)];
            uint256 length = parts[i].market.grid.length;
            if (own >= length || joint >= length) revert RiskEngine_InvalidWitness();
            Aggregation.scanOnly(parts[i], check.table, own, joint);
        }
        boundE18 = check.reserveE18;
        for (uint256 g = 0; g < groups.length; ++g) {
            boundE18 += Aggregation.leastGroupCharge(parts, groups[g], _blendE18(check, groups[g]));
        }
    }
}
