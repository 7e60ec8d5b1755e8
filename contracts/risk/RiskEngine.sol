// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {IRiskKernel} from "../interfaces/IRiskKernel.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {divUp, mulDown} from "../libraries/math/FixedPoint.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book, CollateralUnits, MarginModel, Position} from "../types/Book.sol";
import {AssetParams, GlobalParams, Report, Witness} from "../types/Risk.sol";
import {Holding} from "../types/Valuation.sol";
import {BookIndex} from "./BookIndex.sol";
import {Collateral} from "./Collateral.sol";

/// @title Is it enough?
/// @notice Reads a book, values what no scenario moves, asks the kernel about the rest and compares. Has no storage:
/// parameters are in RiskParameters.
/// @custom:rounding equity down, requirements up
contract RiskEngine is IRiskEngine {
    /// @dev Another spot price of one underlying to assume; underlying 0 = none.
    struct SpotOverride {
        uint16 underlying;
        uint256 spotE18;
    }

    uint256 private constant ONE_E18 = 1e18;

    IMarginVault private immutable VAULT;
    IClearinghouse private immutable CLEARINGHOUSE;
    IRiskParameters private immutable PARAMETERS;
    IRiskKernel private immutable KERNEL;

    constructor(IMarginVault vault_, IClearinghouse clearinghouse_, IRiskParameters parameters_, IRiskKernel kernel_) {
        if (address(vault_) == address(0) || address(clearinghouse_) == address(0)) revert RiskEngine_ZeroAddress();
        if (address(parameters_) == address(0) || address(kernel_) == address(0)) revert RiskEngine_ZeroAddress();
        VAULT = vault_;
        CLEARINGHOUSE = clearinghouse_;
        PARAMETERS = parameters_;
        KERNEL = kernel_;
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
        return _assess(book, SpotOverride(underlying, spotE18));
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
        (IRiskKernel.Request memory request, int256 plainE18, uint256 reserveE18) = _request(book);
        if (witness.own.length == 0 && witness.joint.length == 0) {
            (equityE18, boundE18, ) = KERNEL.assess(request);
        } else {
            _applyWitness(request, witness);
            (equityE18, boundE18) = KERNEL.leastCharge(request);
        }
        equityE18 += plainE18;
        boundE18 += reserveE18;
        short = equityE18 < int256(boundE18);
    }

    /// @inheritdoc IRiskEngine
    function report(Book memory book) external view returns (Report memory result) {
        (IRiskKernel.Request memory request, int256 plainE18, uint256 reserveE18) = _request(book);
        result = KERNEL.report(request);
        result.equityE18 += plainE18;
        result.reserveE18 = reserveE18;
        result.maintenanceE18 += reserveE18;
        result.initialE18 = divUp(result.maintenanceE18, request.initialRatioE18);
        for (uint256 i = 0; i < result.underlyings.length; ++i) {
            result.initialE18 += result.underlyings[i].openInterestE18;
        }
    }

    /// @inheritdoc IRiskEngine
    function collateralValue(uint8 assetId, uint256 unitsE18) external view returns (uint256 valueE18) {
        AssetParams memory params = PARAMETERS.assetParams(assetId);
        (IPriceOracle priceOracle, ) = PARAMETERS.oracles();
        uint256 priceE18 = priceOracle.price(params.feedId);
        return mulDown(Collateral.creditedUnits(params, unitsE18, priceE18), priceE18);
    }

    /// @inheritdoc IRiskEngine
    function parameters() external view returns (IRiskParameters) {
        return PARAMETERS;
    }

    /// @inheritdoc IRiskEngine
    function kernel() external view returns (IRiskKernel) {
        return KERNEL;
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

    function _assess(Book memory book, SpotOverride memory whatIf) private view returns (Assessment memory assessment) {
        (IRiskKernel.Request memory request, int256 plainE18, uint256 reserveE18) = _request(book);
        for (uint256 i = 0; i < request.parts.length; ++i) {
            if (request.parts[i].underlying == whatIf.underlying) request.parts[i].spotE18 = whatIf.spotE18;
        }
        uint256 crowdingE18 = 0;
        if (request.parts.length != 0) {
            (assessment.equityE18, assessment.maintenanceE18, crowdingE18) = KERNEL.assess(request);
        }
        assessment.equityE18 += plainE18;
        assessment.maintenanceE18 += reserveE18;
        assessment.initialE18 = divUp(assessment.maintenanceE18, request.initialRatioE18) + crowdingE18;
    }

    /// @dev What to ask the kernel about a book, and what needs no grid: equity outside it and the keeper reserve.
    function _request(
        Book memory book
    ) private view returns (IRiskKernel.Request memory request, int256 plainE18, uint256 reserveE18) {
        BookIndex.checkOrder(book);
        GlobalParams memory global = PARAMETERS.globalParams();
        Position[] memory positions = BookIndex.withSize(book.positions);
        Holding[] memory holdings = _holdings(book.collateral);
        (request.priceOracle, request.surfaceOracle) = PARAMETERS.oracles();
        plainE18 =
            _cashAndQuotes(request.priceOracle, global.settlementFeedId, book) +
            _plainCollateral(request.priceOracle, holdings);
        if (positions.length != 0) {
            reserveE18 = global.reserveBaseE18 + global.reservePerPositionE18 * positions.length;
        }
        request.clearinghouse = CLEARINGHOUSE;
        request.model = book.model;
        request.initialRatioE18 = global.initialRatioE18;
        request.parts = _parts(positions, holdings);
        request.groups = BookIndex.groups(request.parts);
        request.blendsE18 = new uint256[](request.groups.length);
        // Under ISOLATED nothing is netted.
        if (book.model == MarginModel.ISOLATED) return (request, plainE18, reserveE18);
        for (uint256 g = 0; g < request.groups.length; ++g) {
            request.blendsE18[g] = PARAMETERS.groupBlendE18(request.groups[g]);
        }
    }

    /// @dev One part per underlying of the book, ascending.
    function _parts(
        Position[] memory positions,
        Holding[] memory holdings
    ) private view returns (IRiskKernel.Part[] memory parts) {
        uint16[] memory names = BookIndex.underlyings(positions, holdings);
        parts = new IRiskKernel.Part[](names.length);
        uint256 next = 0;
        for (uint256 i = 0; i < names.length; ++i) {
            IRiskKernel.Part memory part = parts[i];
            part.underlying = names[i];
            (part.data, part.group, part.gridLength) = PARAMETERS.registrationOf(names[i]);
            part.holdings = BookIndex.holdingsOf(holdings, names[i]);
            (part.positions, next) = BookIndex.positionsOf(positions, next, names[i]);
        }
    }

    /// @dev Gives each part its underlying's own scenario and, in second place, its group's.
    function _applyWitness(IRiskKernel.Request memory request, Witness calldata witness) private pure {
        if (witness.own.length != request.parts.length || witness.joint.length != request.groups.length) {
            revert RiskEngine_InvalidWitness();
        }
        for (uint256 i = 0; i < request.parts.length; ++i) {
            IRiskKernel.Part memory part = request.parts[i];
            uint8 own = witness.own[i];
            uint8 joint = witness.joint[BookIndex.placeOf(request.groups, part.group)];
            if (own >= part.gridLength || joint >= part.gridLength) revert RiskEngine_InvalidWitness();
            part.scenarios = new uint8[](2);
            (part.scenarios[0], part.scenarios[1]) = (own, joint);
        }
    }

    function _holdings(CollateralUnits[] memory collateral) private view returns (Holding[] memory holdings) {
        holdings = new Holding[](collateral.length);
        for (uint256 i = 0; i < collateral.length; ++i) {
            holdings[i] = Holding(PARAMETERS.assetParams(collateral[i].assetId), collateral[i].unitsE18);
        }
    }

    /// @dev Cash above zero counts at the coin's price, at most one dollar; a debt counts in full.
    function _cashAndQuotes(
        IPriceOracle priceOracle,
        uint16 settlementFeedId,
        Book memory book
    ) private view returns (int256 valueE18) {
        valueE18 = book.cashE18;
        if (book.cashE18 > 0) {
            uint256 priceE18 = priceOracle.price(settlementFeedId);
            if (priceE18 < ONE_E18) valueE18 = int256(mulDown(uint256(book.cashE18), priceE18));
        }
        for (uint256 i = 0; i < book.quotes.length; ++i) {
            valueE18 += book.quotes[i].quoteE18;
        }
    }

    /// @dev Collateral that no grid moves.
    function _plainCollateral(
        IPriceOracle priceOracle,
        Holding[] memory holdings
    ) private view returns (int256 valueE18) {
        for (uint256 i = 0; i < holdings.length; ++i) {
            if (holdings[i].params.underlying != 0 || holdings[i].unitsE18 == 0) continue;
            uint256 priceE18 = priceOracle.price(holdings[i].params.feedId);
            uint256 creditedE18 = Collateral.creditedUnits(holdings[i].params, holdings[i].unitsE18, priceE18);
            valueE18 += int256(mulDown(creditedE18, priceE18));
        }
    }

    function _asItIs() private pure returns (SpotOverride memory whatIf) {
        return whatIf;
    }
}
