// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {divUp, mulDown} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book, CollateralUnits, MarginModel, Position} from "../types/Book.sol";
import {AssetParams, GlobalParams, Report, Scenario, UnderlyingReport, Witness} from "../types/Risk.sol";
import {Evaluation, Exposure, Holding, UnderlyingMarket, UnderlyingRisk} from "../types/Valuation.sol";
import {AddOns} from "./AddOns.sol";
import {Aggregation} from "./Aggregation.sol";
import {BookIndex} from "./BookIndex.sol";
import {Collateral} from "./Collateral.sol";
import {Grid} from "./Grid.sol";
import {MarketReader} from "./MarketReader.sol";
import {Revaluation} from "./Revaluation.sol";

/// @title Is it enough?
/// @notice Reads a book, its market and its parameters (MarketReader, Grid), reprices it (Revaluation), adds what a grid does
/// not see (AddOns) and puts it together (Aggregation). Has no storage: parameters are in RiskParameters.
/// @custom:rounding equity down, requirements up
contract RiskEngine is IRiskEngine {
    uint256 private constant ONE_E18 = 1e18;

    IMarginVault private immutable VAULT;
    IClearinghouse private immutable CLEARINGHOUSE;
    IRiskParameters private immutable PARAMETERS;

    constructor(IMarginVault vault_, IClearinghouse clearinghouse_, IRiskParameters parameters_) {
        if (address(vault_) == address(0) || address(clearinghouse_) == address(0)) revert RiskEngine_ZeroAddress();
        if (address(parameters_) == address(0)) revert RiskEngine_ZeroAddress();
        VAULT = vault_;
        CLEARINGHOUSE = clearinghouse_;
        PARAMETERS = parameters_;
    }

    /// @inheritdoc IRiskEngine
    function assess(AccountId account) external view returns (Assessment memory) {
        return _assess(bookOf(account), _asItIs());
    }

    /// @inheritdoc IRiskEngine
    function assessBook(Book memory book) external view returns (Assessment memory) {
        return _assess(book, _asItIs());
    }

    /// @inheritdoc IRiskEngine
    function assessBookAt(
        Book memory book,
        uint16 underlying,
        uint256 spotE18
    ) external view returns (Assessment memory) {
        if (spotE18 == 0 || spotE18 > type(uint128).max) revert RiskEngine_InvalidSpot(underlying, spotE18);
        return _assess(book, MarketReader.SpotOverride(underlying, spotE18));
    }

    /// @inheritdoc IRiskEngine
    function requireInitial(AccountId account) external view returns (Assessment memory assessment) {
        assessment = _assess(bookOf(account), _asItIs());
        if (assessment.equityE18 < int256(assessment.initialE18)) {
            revert RiskEngine_BelowInitial(account, assessment.equityE18, assessment.initialE18);
        }
    }

    /// @inheritdoc IRiskEngine
    function requireMaintenance(AccountId account) external view returns (Assessment memory assessment) {
        assessment = _assess(bookOf(account), _asItIs());
        if (assessment.equityE18 < int256(assessment.maintenanceE18)) {
            revert RiskEngine_BelowMaintenance(account, assessment.equityE18, assessment.maintenanceE18);
        }
    }

    /// @inheritdoc IRiskEngine
    function breaches(
        AccountId account,
        Witness calldata witness
    ) external view returns (bool short, int256 equityE18, uint256 boundE18) {
        Book memory book = bookOf(account);
        Evaluation memory evaluation = _evaluate(book, _asItIs(), witness);
        equityE18 = evaluation.equityE18;
        boundE18 = _isEmpty(witness) ? _maintenance(evaluation, book.model) : _leastMaintenance(evaluation, book.model);
        short = equityE18 < int256(boundE18);
    }

    /// @inheritdoc IRiskEngine
    function report(Book memory book) external view returns (Report memory result) {
        Evaluation memory evaluation = _evaluate(book, _asItIs(), _wholeGrid());
        result.equityE18 = evaluation.equityE18;
        result.maintenanceE18 = _maintenance(evaluation, book.model);
        result.reserveE18 = _reserve(evaluation);
        result.groups = evaluation.groups;
        result.groupScanE18 = new uint256[](evaluation.groups.length);
        result.groupBinding = new uint8[](evaluation.groups.length);
        for (uint256 g = 0; g < evaluation.groups.length; ++g) {
            (result.groupScanE18[g], result.groupBinding[g]) = Aggregation.groupScan(
                evaluation.parts,
                evaluation.groups[g],
                _blend(book.model, evaluation.groups[g])
            );
        }
        uint256 crowdingE18 = 0;
        result.underlyings = new UnderlyingReport[](evaluation.parts.length);
        for (uint256 i = 0; i < evaluation.parts.length; ++i) {
            uint256 partCrowdingE18 = _crowding(evaluation.global, evaluation.parts[i]);
            result.underlyings[i] = Aggregation.reportOf(evaluation.parts[i], partCrowdingE18);
            crowdingE18 += partCrowdingE18;
        }
        result.initialE18 = divUp(result.maintenanceE18, evaluation.global.initialRatioE18) + crowdingE18;
    }

    /// @inheritdoc IRiskEngine
    function collateralValue(uint8 assetId, uint256 unitsE18) external view returns (uint256 valueE18) {
        AssetParams memory params = PARAMETERS.assetParams(assetId);
        uint256 priceE18 = _sources().priceOracle.price(params.feedId);
        return mulDown(Collateral.creditedUnits(params, unitsE18, priceE18), priceE18);
    }

    /// @inheritdoc IRiskEngine
    function parameters() external view returns (IRiskParameters) {
        return PARAMETERS;
    }

    /// @inheritdoc IRiskEngine
    function globalParams() external view returns (GlobalParams memory) {
        return PARAMETERS.globalParams();
    }

    /// @inheritdoc IRiskEngine
    function vault() external view returns (IMarginVault) {
        return VAULT;
    }

    /// @inheritdoc IRiskEngine
    function clearinghouse() external view returns (IClearinghouse) {
        return CLEARINGHOUSE;
    }

    /// @inheritdoc IRiskEngine
    function bookOf(AccountId account) public view returns (Book memory book) {
        (book.cashE18, book.collateral, book.model) = VAULT.holdingsOf(account);
        (book.positions, book.quotes) = CLEARINGHOUSE.positionsOf(account);
    }

    function _assess(
        Book memory book,
        MarketReader.SpotOverride memory whatIf
    ) private view returns (Assessment memory assessment) {
        Evaluation memory evaluation = _evaluate(book, whatIf, _wholeGrid());
        assessment.equityE18 = evaluation.equityE18;
        assessment.maintenanceE18 = _maintenance(evaluation, book.model);
        assessment.initialE18 = divUp(assessment.maintenanceE18, evaluation.global.initialRatioE18);
        for (uint256 i = 0; i < evaluation.parts.length; ++i) {
            assessment.initialE18 += _crowding(evaluation.global, evaluation.parts[i]);
        }
    }

    /// @dev Equity and the losses of every underlying, under the whole grid or under the scenarios a witness names.
    function _evaluate(
        Book memory book,
        MarketReader.SpotOverride memory whatIf,
        Witness memory witness
    ) private view returns (Evaluation memory evaluation) {
        BookIndex.checkOrder(book);
        Position[] memory positions = BookIndex.withSize(book.positions);
        Holding[] memory holdings = _holdings(book.collateral);
        uint16[] memory names = BookIndex.underlyings(positions, holdings);
        UnderlyingMarket[] memory markets = _markets(names);
        evaluation.groups = BookIndex.groups(markets);
        _chooseScenarios(markets, evaluation.groups, witness);
        evaluation.positionCount = positions.length;
        evaluation.global = PARAMETERS.globalParams();
        MarketReader.Sources memory sources = _sources();
        evaluation.equityE18 = _cashAndQuotes(sources, evaluation.global, book) + _plainCollateral(sources, holdings);
        evaluation.parts = new UnderlyingRisk[](markets.length);
        uint256 next = 0;
        for (uint256 i = 0; i < markets.length; ++i) {
            uint256 start = next;
            while (next < positions.length && positions[next].instrument.underlying() == names[i]) ++next;
            evaluation.parts[i] = _part(sources, markets[i], book.model, whatIf, positions, [start, next], holdings);
            evaluation.equityE18 += evaluation.parts[i].equityE18;
        }
    }

    /// @param range First position of the underlying, and the one after its last.
    function _part(
        MarketReader.Sources memory sources,
        UnderlyingMarket memory market,
        MarginModel model,
        MarketReader.SpotOverride memory whatIf,
        Position[] memory positions,
        uint256[2] memory range,
        Holding[] memory holdings
    ) private view returns (UnderlyingRisk memory) {
        market.spotE18 = MarketReader.spot(sources, whatIf, market.underlying);
        MarketReader.load(sources, market, positions, range[0], range[1]);
        uint256 creditedE18 = 0;
        for (uint256 i = 0; i < holdings.length; ++i) {
            if (holdings[i].params.underlying != market.underlying) continue;
            creditedE18 += Collateral.creditedUnits(holdings[i].params, holdings[i].unitsE18, market.spotE18);
        }
        Exposure memory exposure = Revaluation.revalue(market, model, positions, range[0], range[1]);
        return Aggregation.underlyingRisk(market, exposure, model, creditedE18);
    }

    function _holdings(CollateralUnits[] memory collateral) private view returns (Holding[] memory holdings) {
        holdings = new Holding[](collateral.length);
        for (uint256 i = 0; i < collateral.length; ++i) {
            holdings[i] = Holding(PARAMETERS.assetParams(collateral[i].assetId), collateral[i].unitsE18);
        }
    }

    function _markets(uint16[] memory names) private view returns (UnderlyingMarket[] memory markets) {
        markets = new UnderlyingMarket[](names.length);
        for (uint256 i = 0; i < names.length; ++i) {
            markets[i].underlying = names[i];
            (markets[i].params, markets[i].grid) = Grid.read(PARAMETERS.dataOf(names[i]));
        }
    }

    /// @dev The whole grid, or for a witness two scenarios: the underlying's own and its group's.
    function _chooseScenarios(
        UnderlyingMarket[] memory markets,
        uint8[] memory groups,
        Witness memory witness
    ) private pure {
        bool whole = _isEmpty(witness);
        if (!whole && (witness.own.length != markets.length || witness.joint.length != groups.length)) {
            revert RiskEngine_InvalidWitness();
        }
        for (uint256 i = 0; i < markets.length; ++i) {
            UnderlyingMarket memory market = markets[i];
            if (whole) {
                market.scenarios = market.grid;
                continue;
            }
            uint8 own = witness.own[i];
            uint8 joint = witness.joint[BookIndex.groupPlace(groups, market.params.group)];
            if (own >= market.grid.length || joint >= market.grid.length) revert RiskEngine_InvalidWitness();
            market.scenarios = new Scenario[](2);
            market.scenarios[0] = market.grid[own];
            market.scenarios[1] = market.grid[joint];
        }
    }

    /// @dev Cash above zero counts at the coin's price, at most one dollar; a debt counts in full.
    function _cashAndQuotes(
        MarketReader.Sources memory sources,
        GlobalParams memory global,
        Book memory book
    ) private view returns (int256 valueE18) {
        valueE18 = book.cashE18;
        if (book.cashE18 > 0) {
            uint256 priceE18 = sources.priceOracle.price(global.settlementFeedId);
            if (priceE18 < ONE_E18) valueE18 = int256(mulDown(uint256(book.cashE18), priceE18));
        }
        for (uint256 i = 0; i < book.quotes.length; ++i) {
            valueE18 += book.quotes[i].quoteE18;
        }
    }

    /// @dev Collateral that no grid moves.
    function _plainCollateral(
        MarketReader.Sources memory sources,
        Holding[] memory holdings
    ) private view returns (int256 valueE18) {
        for (uint256 i = 0; i < holdings.length; ++i) {
            if (holdings[i].params.underlying != 0 || holdings[i].unitsE18 == 0) continue;
            uint256 priceE18 = sources.priceOracle.price(holdings[i].params.feedId);
            uint256 creditedE18 = Collateral.creditedUnits(holdings[i].params, holdings[i].unitsE18, priceE18);
            valueE18 += int256(mulDown(creditedE18, priceE18));
        }
    }

    function _maintenance(Evaluation memory evaluation, MarginModel model) private view returns (uint256 sumE18) {
        sumE18 = _reserve(evaluation);
        for (uint256 g = 0; g < evaluation.groups.length; ++g) {
            uint8 group = evaluation.groups[g];
            sumE18 += Aggregation.groupCharge(evaluation.parts, group, _blend(model, group));
        }
    }

    function _leastMaintenance(Evaluation memory evaluation, MarginModel model) private view returns (uint256 sumE18) {
        sumE18 = _reserve(evaluation);
        for (uint256 g = 0; g < evaluation.groups.length; ++g) {
            uint8 group = evaluation.groups[g];
            sumE18 += Aggregation.leastGroupCharge(evaluation.parts, group, _blend(model, group));
        }
    }

    /// @dev Under ISOLATED nothing is netted.
    function _blend(MarginModel model, uint8 group) private view returns (uint256) {
        return model == MarginModel.ISOLATED ? 0 : PARAMETERS.groupBlendE18(group);
    }

    function _crowding(GlobalParams memory global, UnderlyingRisk memory part) private view returns (uint256) {
        if (part.tradedDeltaE18 == 0) return 0;
        return
            AddOns.crowding(
                part.params,
                CLEARINGHOUSE.openInterestE18(part.underlying),
                part.tradedDeltaE18,
                part.spotE18,
                Aggregation.ownInitial(part, global.initialRatioE18)
            );
    }

    function _reserve(Evaluation memory evaluation) private pure returns (uint256) {
        if (evaluation.positionCount == 0) return 0;
        return evaluation.global.reserveBaseE18 + evaluation.global.reservePerPositionE18 * evaluation.positionCount;
    }

    function _sources() private view returns (MarketReader.Sources memory sources) {
        (sources.priceOracle, sources.surfaceOracle) = PARAMETERS.oracles();
        sources.clearinghouse = CLEARINGHOUSE;
    }

    function _asItIs() private pure returns (MarketReader.SpotOverride memory whatIf) {
        return whatIf;
    }

    function _wholeGrid() private pure returns (Witness memory witness) {
        return witness;
    }

    function _isEmpty(Witness memory witness) private pure returns (bool) {
        return witness.own.length == 0 && witness.joint.length == 0;
    }
}
