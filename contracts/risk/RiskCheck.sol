// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {IRiskModels} from "../interfaces/IRiskModels.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {divUp, mulDown, mulUp} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book, MarginModel} from "../types/Book.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {GlobalParams} from "../types/Risk.sol";
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

/// @title Steps of a check
/// @notice A check goes in two steps. The first values everything as it is: equity, deltas, the charges that do not depend on
/// scenarios, and the greatest loss that the book can make by its terms. The second reprices the options under the grid and puts the
/// underlyings together. Has no storage: parameters are in RiskParameters.
/// @custom:rounding equity down, requirements up
abstract contract RiskCheck is IRiskModels {
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

    uint256 private constant ONE_E18 = 1e18;
    /// @dev Prices above this have no place in lanes and sums; a trillion dollars.
    uint256 internal constant MAX_PRICE_E18 = 1e30;
    /// @dev Magnitude of the linear value of one underlying, 36 decimals: 24 million billion dollars.
    int256 private constant MAX_LINEAR_E36 = 1 << 184;

    IMarginVault internal immutable VAULT;
    IClearinghouse internal immutable CLEARINGHOUSE;
    IRiskParameters internal immutable PARAMETERS;
    address internal immutable TABLE;

    constructor(IMarginVault vault_, IClearinghouse clearinghouse_, IRiskParameters parameters_, address table_) {
        if (address(vault_) == address(0) || address(clearinghouse_) == address(0)) {
            revert IRiskEngine.RiskEngine_ZeroAddress();
        }
        if (address(parameters_) == address(0)) revert IRiskEngine.RiskEngine_ZeroAddress();
        if (table_.codehash != Cdf.TABLE_HASH) {
            revert IRiskEngine.RiskEngine_WrongTable(table_, table_.codehash, Cdf.TABLE_HASH);
        }
        VAULT = vault_;
        CLEARINGHOUSE = clearinghouse_;
        PARAMETERS = parameters_;
        TABLE = table_;
    }

    /// @inheritdoc IRiskModels
    function parameters() external view returns (IRiskParameters) {
        return PARAMETERS;
    }

    /// @inheritdoc IRiskModels
    function table() external view returns (address) {
        return TABLE;
    }

    /// @inheritdoc IRiskModels
    function vault() external view returns (IMarginVault) {
        return VAULT;
    }

    /// @inheritdoc IRiskModels
    function clearinghouse() external view returns (IClearinghouse) {
        return CLEARINGHOUSE;
    }

    /// @dev Asks another contract the same question and ends the call with its answer, or with its error.
    function _passOn(IRiskModels other) internal view {
        bytes memory answer = Address.functionStaticCall(address(other), msg.data);
        assembly ("memory-safe") {
            return(add(answer, 32), mload(answer))
        }
    }

    // --- what is held

    function _folioOf(AccountId account) internal view returns (Folio memory folio) {
        (folio.cashE18, folio.collateral, folio.model) = VAULT.holdingsOf(account);
        folio.legs = BookIndex.sorted(CLEARINGHOUSE.positionWords(account));
        (folio.held, folio.account) = (true, account);
    }

    function _folio(Book memory book) internal pure returns (Folio memory folio) {
        BookIndex.checkOrder(book);
        (folio.model, folio.cashE18, folio.collateral) = (book.model, book.cashE18, book.collateral);
        (folio.legs, folio.quotes) = (BookIndex.legsOf(book), book.quotes);
        for (uint256 i = 0; i < book.quotes.length; ++i) {
            folio.quotesE18 += book.quotes[i].quoteE18;
        }
    }

    // --- first step: everything as it is

    function _open(Folio memory folio) internal view returns (Check memory check) {
        uint256[] memory set = ParameterSet.load(PARAMETERS.parameterSet());
        (check.folio, check.set, check.global) = (folio, set, ParameterSet.globalOf(set));
        (IPriceOracle priceOracle, ISurfaceOracle surfaceOracle) = _oracles(set);
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

    /// @dev Whom to ask for prices.
    function _oracles(uint256[] memory set) internal view virtual returns (IPriceOracle, ISurfaceOracle) {
        return ParameterSet.oraclesOf(set);
    }

    /// @dev Cash above zero counts at the coin's price, at most one dollar; a debt counts in full.
    function _cash(Check memory check) internal view returns (int256 valueE18) {
        valueE18 = check.folio.cashE18;
        if (valueE18 <= 0) return valueE18;
        uint256 priceE18 = check.sources.priceOracle.price(check.global.settlementFeedId);
        if (priceE18 < ONE_E18) valueE18 = int256(mulDown(uint256(valueE18), priceE18));
    }

    /// @dev Collateral that no grid moves counts at once; the rest waits for its underlying.
    function _openHoldings(Check memory check) internal view {
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
    function _openParts(Check memory check) internal view {
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
    function _unset(uint256 length) internal pure returns (UnderlyingRisk[] memory list) {
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
    ) internal view {
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
        if (market.spotE18 > MAX_PRICE_E18) revert IRiskEngine.RiskEngine_InvalidSpot(underlying, market.spotE18);
        if (check.table == 0 && from != to) check.table = Cdf.load(TABLE);
        Exposure memory exposure = Revaluation.open(check.sources, market, check.folio.legs, from, to, check.table);
        if (exposure.linearE36 >= MAX_LINEAR_E36 || exposure.linearE36 <= -MAX_LINEAR_E36) {
            revert IRiskEngine.RiskEngine_LegTooGreat(
                check.folio.legs[from].instrument(),
                check.folio.legs[from].sizeE18()
            );
        }
        if (exposure.hasLinear) exposure.profitE18 += _entryCost(check.folio, underlying);
        uint256 creditedE18 = _creditedUnits(check, underlying, market.spotE18);
        int256[] memory none;
        UnderlyingRisk memory part = UnderlyingRisk(market, exposure, creditedE18, 0, 0, 0, none, 0, 0, 0, 0, 0);
        Aggregation.open(part);
        parts[place] = part;
    }

    /// @dev An account's entry cost of an underlying, which its equity waits for.
    function _entryCost(Folio memory folio, uint16 underlying) internal view virtual returns (int256 quoteE18) {
        quoteE18 = CLEARINGHOUSE.quoteOf(folio.account, underlying);
        folio.quotesE18 += quoteE18;
    }

    function _holds(Check memory check, uint16 underlying) internal pure returns (bool) {
        for (uint256 i = 0; i < check.holdings.length; ++i) {
            if (check.holdings[i].params.underlying == underlying && check.holdings[i].unitsE18 != 0) return true;
        }
        return false;
    }

    function _creditedUnits(
        Check memory check,
        uint16 underlying,
        uint256 spotE18
    ) internal pure returns (uint256 creditedE18) {
        for (uint256 i = 0; i < check.holdings.length; ++i) {
            Holding memory holding = check.holdings[i];
            if (holding.params.underlying != underlying) continue;
            creditedE18 += Collateral.creditedUnits(holding.params, holding.unitsE18, spotE18);
        }
    }

    // --- second step: under the grid

    function _assess(Check memory check) internal view returns (Assessment memory assessment) {
        assessment.equityE18 = check.equityE18;
        assessment.maintenanceE18 = _charge(check);
        assessment.initialE18 = _initial(check, assessment.maintenanceE18);
    }

    function _charge(Check memory check) internal view returns (uint256 maintenanceE18) {
        UnderlyingRisk[] memory parts = check.parts;
        for (uint256 i = 0; i < parts.length; ++i) {
            _scan(check, parts[i]);
        }
        uint8[] memory groups = BookIndex.groups(parts);
        maintenanceE18 = check.reserveE18;
        for (uint256 g = 0; g < groups.length; ++g) {
            maintenanceE18 += Aggregation.groupCharge(parts, groups[g], _blendE18(check, groups[g]));
        }
    }

    /// @dev Initial requirement beside a maintenance requirement, or beside a bound of one.
    function _initial(Check memory check, uint256 maintenanceE18) internal view returns (uint256 initialE18) {
        initialE18 = divUp(maintenanceE18, check.global.initialRatioE18);
        for (uint256 i = 0; i < check.parts.length; ++i) {
            (uint256 crowdingE18, uint256 withheldE18) = _opening(check, check.parts[i]);
            initialE18 += crowdingE18 + withheldE18;
        }
    }

    /// @dev Losses of one underlying under the whole grid, and what the book's model makes of them.
    function _scan(Check memory check, UnderlyingRisk memory part) internal view virtual;

    /// @dev What is asked for opening and withdrawing alone. Open interest is read only where a traded delta could be charged for
    /// it or a profit be held back.
    function _opening(
        Check memory check,
        UnderlyingRisk memory part
    ) internal view returns (uint256 crowdingE18, uint256 withheldE18) {
        uint256 ownE18 = Aggregation.ownInitial(part, check.global.initialRatioE18);
        bool crowds = mulUp(part.tradedDeltaE18, part.market.spotE18) > ownE18;
        if (!crowds && part.exposure.profitE18 <= 0) return (0, 0);
        uint256 openInterestE18 = CLEARINGHOUSE.openInterestE18(part.market.underlying);
        crowdingE18 = AddOns.crowding(part, openInterestE18, ownE18);
        withheldE18 = AddOns.withheld(part, openInterestE18);
    }

    /// @dev Outside the scenario model nothing is netted.
    function _blendE18(Check memory check, uint8 group) internal pure returns (uint256) {
        if (check.folio.model != MarginModel.SCENARIO) return 0;
        for (uint256 i = 0; i < check.parts.length; ++i) {
            if (check.parts[i].market.params.group == group) return check.parts[i].market.blendE18;
        }
        return 0;
    }
}
