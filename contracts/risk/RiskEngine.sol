// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {divUp, mulDown, mulUp} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book, MarginModel} from "../types/Book.sol";
import {PositionWord, legAt} from "../types/PositionWord.sol";
import {GlobalParams, Report, UnderlyingReport, Witness} from "../types/Risk.sol";
import {Exposure, Folio, Holding, UnderlyingMarket, UnderlyingRisk} from "../types/Valuation.sol";
import {AddOns} from "./AddOns.sol";
import {Aggregation} from "./Aggregation.sol";
import {BookIndex} from "./BookIndex.sol";
import {Collateral} from "./Collateral.sol";
import {Grid} from "./Grid.sol";
import {Cdf} from "./kernel/Cdf.sol";
import {MarketReader} from "./MarketReader.sol";
import {ParameterSet} from "./ParameterSet.sol";
import {Revaluation} from "./Revaluation.sol";

/// @title Is it enough?
/// @notice A check goes in two steps. The first values everything as it is: equity, deltas, the charges that do not depend on
/// scenarios, and the greatest loss that the book can make by its terms. If equity covers even that, a question that only wants a
/// yes ends here. The second reprices the options under the grid and puts the underlyings together.
/// Has no storage: parameters are in RiskParameters.
/// @custom:rounding equity down, requirements up
contract RiskEngine is IRiskEngine {
    /// @dev One question on its way.
    struct Check {
        uint256[] set; // parameters, see ParameterSet
        GlobalParams global;
        MarketReader.Sources sources;
        Folio folio;
        Holding[] holdings;
        uint256 table; // memory address of the table of cdf, see Cdf
        UnderlyingRisk[] parts; // ascending by underlying
        int256 equityE18;
        uint256 reserveE18; // keeper reserve
    }

    /// @dev Which of the two requirements a question is about.
    enum MarginKind {
        INITIAL,
        MAINTENANCE
    }

    uint256 private constant ONE_E18 = 1e18;
    /// @dev Prices above this have no place in lanes and sums; a trillion dollars.
    uint256 private constant MAX_PRICE_E18 = 1e30;
    /// @dev Magnitude of the linear value of one underlying, 36 decimals: 24 million billion dollars.
    int256 private constant MAX_LINEAR_E36 = 1 << 184;

    IMarginVault private immutable VAULT;
    IClearinghouse private immutable CLEARINGHOUSE;
    IRiskParameters private immutable PARAMETERS;
    address private immutable TABLE;

    constructor(IMarginVault vault_, IClearinghouse clearinghouse_, IRiskParameters parameters_, address table_) {
        if (address(vault_) == address(0) || address(clearinghouse_) == address(0)) revert RiskEngine_ZeroAddress();
        if (address(parameters_) == address(0)) revert RiskEngine_ZeroAddress();
        if (table_.codehash != Cdf.TABLE_HASH) revert RiskEngine_WrongTable(table_, table_.codehash, Cdf.TABLE_HASH);
        VAULT = vault_;
        CLEARINGHOUSE = clearinghouse_;
        PARAMETERS = parameters_;
        TABLE = table_;
    }

    /// @inheritdoc IRiskEngine
    function assess(AccountId account) external view returns (Assessment memory) {
        return _assess(_open(_folioOf(account)));
    }

    /// @inheritdoc IRiskEngine
    function assessAs(AccountId account, MarginModel model) external view returns (Assessment memory) {
        Folio memory folio = _folioOf(account);
        folio.model = model;
        return _assess(_open(folio));
    }

    /// @inheritdoc IRiskEngine
    function assessBook(Book memory book) external view returns (Assessment memory) {
        return _assess(_open(_folio(book)));
    }

    /// @inheritdoc IRiskEngine
    function assessBookAt(
        Book memory book,
        uint16 underlying,
        uint256 spotE18
    ) external view returns (Assessment memory) {
        if (spotE18 == 0 || spotE18 > MAX_PRICE_E18) revert RiskEngine_InvalidSpot(underlying, spotE18);
        Folio memory folio = _folio(book);
        (folio.assumed, folio.assumedSpotE18) = (underlying, spotE18);
        return _assess(_open(folio));
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
        Check memory check = _open(_folioOf(account));
        equityE18 = check.equityE18;
        if (witness.own.length == 0 && witness.joint.length == 0) boundE18 = _assess(check).maintenanceE18;
        else boundE18 = _shownBy(check, witness);
        short = equityE18 < int256(boundE18);
    }

    /// @inheritdoc IRiskEngine
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

    /// @inheritdoc IRiskEngine
    function parameters() external view returns (IRiskParameters) {
        return PARAMETERS;
    }

    /// @inheritdoc IRiskEngine
    function table() external view returns (address) {
        return TABLE;
    }

    /// @inheritdoc IRiskEngine
    function vault() external view returns (IMarginVault) {
        return VAULT;
    }

    /// @inheritdoc IRiskEngine
    function clearinghouse() external view returns (IClearinghouse) {
        return CLEARINGHOUSE;
    }

    // --- what is held

    function _folioOf(AccountId account) private view returns (Folio memory folio) {
        (folio.cashE18, folio.collateral, folio.model) = VAULT.holdingsOf(account);
        folio.legs = BookIndex.sorted(CLEARINGHOUSE.positionWords(account));
        uint256 last = 0; // no underlying has the number 0
        PositionWord[] memory legs = folio.legs;
        uint256 count = legs.length;
        for (uint256 i = 0; i < count; ++i) {
            PositionWord leg = legAt(legs, i);
            if (!leg.isLinearLeg() || leg.underlyingOf() == last) continue;
            last = leg.underlyingOf();
            folio.quotesE18 += CLEARINGHOUSE.quoteOf(account, uint16(last));
        }
    }

    function _folio(Book memory book) private pure returns (Folio memory folio) {
        BookIndex.checkOrder(book);
        (folio.model, folio.cashE18, folio.collateral) = (book.model, book.cashE18, book.collateral);
        folio.legs = BookIndex.legsOf(book);
        for (uint256 i = 0; i < book.quotes.length; ++i) {
            folio.quotesE18 += book.quotes[i].quoteE18;
        }
    }

    // --- first step: everything as it is

    function _open(Folio memory folio) private view returns (Check memory check) {
        uint256[] memory set = ParameterSet.load(PARAMETERS.parameterSet());
        (check.folio, check.set, check.global) = (folio, set, ParameterSet.globalOf(set));
        (IPriceOracle priceOracle, ISurfaceOracle surfaceOracle) = ParameterSet.oraclesOf(set);
        check.sources = MarketReader.Sources(
            priceOracle,
            surfaceOracle,
            CLEARINGHOUSE,
            folio.assumed,
            folio.assumedSpotE18
        );
        _openHoldings(check);
        _openParts(check);
        uint256 count = folio.legs.length;
        if (count != 0) {
            check.reserveE18 = check.global.reserveBaseE18 + check.global.reservePerPositionE18 * count;
        }
        check.equityE18 += _cash(check) + folio.quotesE18;
        for (uint256 i = 0; i < check.parts.length; ++i) {
            check.equityE18 += check.parts[i].equityE18;
        }
    }

    /// @dev Cash above zero counts at the coin's price, at most one dollar; a debt counts in full.
    function _cash(Check memory check) private view returns (int256 valueE18) {
        valueE18 = check.folio.cashE18;
        if (valueE18 <= 0) return valueE18;
        uint256 priceE18 = check.sources.priceOracle.price(check.global.settlementFeedId);
        if (priceE18 < ONE_E18) valueE18 = int256(mulDown(uint256(valueE18), priceE18));
    }

    /// @dev Collateral that no grid moves counts at once; the rest waits for its underlying.
    function _openHoldings(Check memory check) private view {
        uint256 count = check.folio.collateral.length;
        check.holdings = new Holding[](count);
        for (uint256 i = 0; i < count; ++i) {
            Holding memory holding = check.holdings[i];
            holding.params = ParameterSet.assetOf(check.set, check.folio.collateral[i].assetId);
            holding.unitsE18 = check.folio.collateral[i].unitsE18;
            if (holding.params.underlying != 0 || holding.unitsE18 == 0) continue;
            uint256 priceE18 = check.sources.priceOracle.price(holding.params.feedId);
            uint256 creditedE18 = Collateral.creditedUnits(holding.params, holding.unitsE18, priceE18);
            check.equityE18 += int256(mulDown(creditedE18, priceE18));
        }
    }

    /// @dev One part per underlying that the book has legs or collateral in.
    function _openParts(Check memory check) private view {
        PositionWord[] memory legs = check.folio.legs;
        uint256 count = ParameterSet.underlyingCount(check.set);
        UnderlyingRisk[] memory parts = _unset(count);
        uint256 filled = 0;
        uint256 next = 0;
        for (uint256 i = 0; i < count; ++i) {
            (uint16 underlying, uint256 sectionAt) = ParameterSet.directory(check.set, i);
            uint256 from = next;
            next = BookIndex.endOf(legs, from, underlying);
            if (from == next && !_holds(check, underlying)) continue;
            _openPart(check, parts, filled++, underlying, sectionAt, from, next);
        }
        if (next < legs.length) revert IRiskParameters.RiskParameters_UnknownUnderlying(legs[next].underlyingOf());
        assembly ("memory-safe") {
            // Shortens the list to the parts that were put in.
            mstore(parts, filled)
        }
        check.parts = parts;
    }

    /// @dev A list whose places are all to be set: new ones would be filled with empty parts first.
    function _unset(uint256 length) private pure returns (UnderlyingRisk[] memory list) {
        assembly ("memory-safe") {
            list := mload(0x40)
            mstore(list, length)
            mstore(0x40, add(list, shl(5, add(length, 1))))
        }
    }

    /// @dev Opens one part into a place of the list.
    function _openPart(
        Check memory check,
        UnderlyingRisk[] memory parts,
        uint256 place,
        uint16 underlying,
        uint256 sectionAt,
        uint256 from,
        uint256 to
    ) private view {
        UnderlyingMarket memory market = UnderlyingMarket({
            underlying: underlying,
            spotE18: MarketReader.spotE18(check.sources, underlying),
            fundingE18: 0,
            params: ParameterSet.paramsOf(check.set, sectionAt),
            grid: ParameterSet.gridOf(check.set, sectionAt),
            farFactorE18: 0,
            blendE18: ParameterSet.blendOf(check.set, sectionAt)
        });
        market.farFactorE18 = Grid.greatestFactorE18(market.grid);
        if (market.spotE18 > MAX_PRICE_E18) revert RiskEngine_InvalidSpot(underlying, market.spotE18);
        if (check.table == 0 && from != to) check.table = Cdf.load(TABLE);
        Exposure memory exposure = Revaluation.open(check.sources, market, check.folio.legs, from, to, check.table);
        if (exposure.linearE36 >= MAX_LINEAR_E36 || exposure.linearE36 <= -MAX_LINEAR_E36) {
            revert RiskEngine_LegTooGreat(check.folio.legs[from].instrument(), check.folio.legs[from].sizeE18());
        }
        uint256 creditedE18 = _creditedUnits(check, underlying, market.spotE18);
        int256[] memory none;
        UnderlyingRisk memory part = UnderlyingRisk(market, exposure, creditedE18, 0, 0, 0, none, 0, 0, 0, 0, 0);
        Aggregation.open(part);
        parts[place] = part;
    }

    function _holds(Check memory check, uint16 underlying) private pure returns (bool) {
        for (uint256 i = 0; i < check.holdings.length; ++i) {
            if (check.holdings[i].params.underlying == underlying && check.holdings[i].unitsE18 != 0) return true;
        }
        return false;
    }

    function _creditedUnits(
        Check memory check,
        uint16 underlying,
        uint256 spotE18
    ) private pure returns (uint256 creditedE18) {
        for (uint256 i = 0; i < check.holdings.length; ++i) {
            Holding memory holding = check.holdings[i];
            if (holding.params.underlying != underlying) continue;
            creditedE18 += Collateral.creditedUnits(holding.params, holding.unitsE18, spotE18);
        }
    }

    /// @dev An assessment, unless equity covers the most that the requirement can come to.
    function _weigh(AccountId account, MarginKind kind) private view returns (bool most, Assessment memory result) {
        Check memory check = _open(_folioOf(account));
        most = _coversMost(check, kind);
        if (!most) result = _assess(check);
    }

    /// @dev Scan, add-on and concentration of an underlying are together at most its cap, and netting between underlyings never
    /// adds to them. Crowding is at most what it would be beside no requirement of its own; maintenance has none.
    function _coversMost(Check memory check, MarginKind kind) private view returns (bool) {
        if (check.folio.model != MarginModel.SCENARIO) return false;
        uint256 mostE18 = check.reserveE18;
        for (uint256 i = 0; i < check.parts.length; ++i) {
            mostE18 += check.parts[i].capE18;
        }
        if (kind == MarginKind.INITIAL) mostE18 = divUp(mostE18, check.global.initialRatioE18);
        if (check.equityE18 < int256(mostE18)) return false;
        if (kind == MarginKind.MAINTENANCE) return true;
        for (uint256 i = 0; i < check.parts.length; ++i) {
            mostE18 += _crowding(check, check.parts[i]);
        }
        return check.equityE18 >= int256(mostE18);
    }

    // --- second step: under the grid

    function _assess(Check memory check) private view returns (Assessment memory assessment) {
        uint256 crowdingE18;
        assessment.equityE18 = check.equityE18;
        (assessment.maintenanceE18, crowdingE18) = _charge(check);
        assessment.initialE18 = divUp(assessment.maintenanceE18, check.global.initialRatioE18) + crowdingE18;
    }

    function _charge(Check memory check) private view returns (uint256 maintenanceE18, uint256 crowdingE18) {
        UnderlyingRisk[] memory parts = check.parts;
        for (uint256 i = 0; i < parts.length; ++i) {
            _requireModel(check, parts[i]);
            Aggregation.scan(parts[i], check.folio.model, check.table);
        }
        uint8[] memory groups = BookIndex.groups(parts);
        maintenanceE18 = check.reserveE18;
        for (uint256 g = 0; g < groups.length; ++g) {
            maintenanceE18 += Aggregation.groupCharge(parts, groups[g], _blendE18(check, groups[g]));
        }
        for (uint256 i = 0; i < parts.length; ++i) {
            crowdingE18 += _crowding(check, parts[i]);
        }
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
            _requireModel(check, parts[i]);
            Aggregation.scanOnly(parts[i], check.folio.model, check.table, own, joint);
        }
        boundE18 = check.reserveE18;
        for (uint256 g = 0; g < groups.length; ++g) {
            boundE18 += Aggregation.leastGroupCharge(parts, groups[g], _blendE18(check, groups[g]));
        }
    }

    /// @dev The delta model sees no option.
    function _requireModel(Check memory check, UnderlyingRisk memory part) private pure {
        if (check.folio.model != MarginModel.DELTA) return;
        for (uint256 i = 0; i < part.exposure.terms.length; ++i) {
            PositionWord leg = part.exposure.terms[i].leg;
            if (!leg.isLinearLeg()) revert RiskEngine_ModelNotForOptions(leg.instrument());
        }
    }

    /// @dev Open interest is read only where a traded delta could be charged for it.
    function _crowding(Check memory check, UnderlyingRisk memory part) private view returns (uint256) {
        uint256 ownE18 = Aggregation.ownInitial(part, check.global.initialRatioE18);
        if (mulUp(part.tradedDeltaE18, part.market.spotE18) <= ownE18) return 0;
        return AddOns.crowding(part, CLEARINGHOUSE.openInterestE18(part.market.underlying), ownE18);
    }

    /// @dev Outside the scenario model nothing is netted.
    function _blendE18(Check memory check, uint8 group) private pure returns (uint256) {
        if (check.folio.model != MarginModel.SCENARIO) return 0;
        for (uint256 i = 0; i < check.parts.length; ++i) {
            if (check.parts[i].market.params.group == group) return check.parts[i].market.blendE18;
        }
        return 0;
    }
}
