// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {IRiskModels} from "../interfaces/IRiskModels.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book, MarginModel} from "../types/Book.sol";
import {Report, UnderlyingReport} from "../types/Risk.sol";
import {Folio, UnderlyingRisk} from "../types/Valuation.sol";
import {Aggregation} from "./Aggregation.sol";
import {BookIndex} from "./BookIndex.sol";
import {RiskCheck} from "./RiskCheck.sol";

/// @title What-if questions and reports
/// @notice The same steps as a check, for any book. Who inherits says what a model makes of the losses.
/// @custom:rounding equity down, requirements up
abstract contract RiskReports is RiskCheck {
    /// @inheritdoc IRiskModels
    function assessAs(AccountId account, MarginModel model) external view returns (Assessment memory) {
        _answers(model);
        Folio memory folio = _folioOf(account);
        folio.model = model;
        return _assess(_open(folio));
    }

    /// @inheritdoc IRiskModels
    function assessBook(Book memory book) external view returns (Assessment memory) {
        _answers(book.model);
        return _assess(_open(_folio(book)));
    }

    /// @inheritdoc IRiskModels
    function assessBookAt(
        Book memory book,
        uint16 underlying,
        uint256 spotE18
    ) external view returns (Assessment memory) {
        _answers(book.model);
        if (spotE18 == 0 || spotE18 > MAX_PRICE_E18) revert IRiskEngine.RiskEngine_InvalidSpot(underlying, spotE18);
        Folio memory folio = _folio(book);
        (folio.assumed, folio.assumedSpotE18) = (underlying, spotE18);
        return _assess(_open(folio));
    }

    /// @inheritdoc IRiskModels
    function report(Book memory book) external view returns (Report memory result) {
        _answers(book.model);
        Check memory check = _open(_folio(book));
        UnderlyingRisk[] memory parts = check.parts;
        result.maintenanceE18 = _charge(check);
        result.equityE18 = check.equityE18;
        result.reserveE18 = check.reserveE18;
        result.initialE18 = _initial(check, result.maintenanceE18);
        result.groups = BookIndex.groups(parts);
        result.groupScanE18 = new uint256[](result.groups.length);
        result.groupBinding = new uint8[](result.groups.length);
        for (uint256 g = 0; g < result.groups.length; ++g) {
            uint256 blendE18 = _blendE18(check, result.groups[g]);
            (result.groupScanE18[g], result.groupBinding[g]) = Aggregation.groupScan(parts, result.groups[g], blendE18);
        }
        result.underlyings = new UnderlyingReport[](parts.length);
        for (uint256 i = 0; i < parts.length; ++i) {
            (uint256 crowdingE18, uint256 withheldE18) = _opening(check, parts[i]);
            result.underlyings[i] = Aggregation.reportOf(parts[i], crowdingE18, withheldE18);
        }
    }

    /// @dev The entry costs of a book that is no account's own are in its equity already.
    function _entryCost(Folio memory folio, uint16 underlying) internal view override returns (int256) {
        if (folio.held) return super._entryCost(folio, underlying);
        return BookIndex.quoteOf(folio.quotes, underlying);
    }

    /// @dev Returns if this contract answers for a model; else another answers, or none.
    function _answers(MarginModel model) internal view virtual;
}
