// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../../interfaces/IRiskEngine.sol";
import {AccountId} from "../../types/AccountId.sol";
import {Assessment, Book, CollateralUnits, Position, QuoteFigure} from "../../types/Book.sol";
import {AssetParams, GlobalParams, Report, UnderlyingReport, Witness} from "../../types/Risk.sol";
import {MockBooks} from "../core/MockBooks.sol";

/// @notice Requirement that a test can work out by hand: a charge per unit of every position and of collateral, a reserve,
/// and, if wanted, a part that grows with the power 3/2 of the book, as concentration does.
contract MockLinearEngine {
    IMarginVault private immutable VAULT;
    MockBooks private immutable BOOKS;
    GlobalParams private _params;
    mapping(uint128 instrument => int256 priceE18) private _prices;
    mapping(uint128 instrument => uint256 chargeE18) private _charges;
    mapping(uint8 assetId => uint256 priceE18) private _collateralPrices;
    mapping(uint8 assetId => uint256 chargeE18) private _collateralCharges;
    uint256 private _convexE18;
    uint256 private _coinE18 = 1e18;
    address private _oracle;

    constructor(IMarginVault vault, MockBooks books) {
        VAULT = vault;
        BOOKS = books;
    }

    function setPrice(uint128 instrument, int256 priceE18, uint256 chargeE18) external {
        _prices[instrument] = priceE18;
        _charges[instrument] = chargeE18;
    }

    function setCollateral(uint8 assetId, uint256 priceE18, uint256 chargeE18) external {
        _collateralPrices[assetId] = priceE18;
        _collateralCharges[assetId] = chargeE18;
    }

    function setReserve(uint128 baseE18, uint128 perPositionE18) external {
        _params.reserveBaseE18 = baseE18;
        _params.reservePerPositionE18 = perPositionE18;
    }

    function setConvex(uint256 convexE18) external {
        _convexE18 = convexE18;
    }

    function setCoin(uint256 priceE18) external {
        _coinE18 = priceE18;
    }

    function setOracle(address oracle) external {
        _oracle = oracle;
    }

    /// @notice No surfaces.
    function oracles() external view returns (address priceOracle, address surfaceOracle) {
        return (_oracle, address(0));
    }

    /// @notice Collateral asset n has feed 10 + n.
    function assetParams(uint8 assetId) external pure returns (AssetParams memory params) {
        params.feedId = 10 + assetId;
    }

    function globalParams() external view returns (GlobalParams memory) {
        return _params;
    }

    function requireInitial(AccountId account) external view returns (Assessment memory result) {
        result = assess(account);
        if (result.equityE18 < int256(result.initialE18)) {
            revert IRiskEngine.RiskEngine_BelowInitial(account, result.equityE18, result.initialE18);
        }
    }

    /// @notice Stands for its own models.
    function models() external view returns (address) {
        return address(this);
    }

    /// @notice Stands for its own parameters.
    function parameters() external view returns (address) {
        return address(this);
    }

    function bookOf(AccountId account) external view returns (Book memory book) {
        (book.cashE18, book.collateral, book.model) = VAULT.holdingsOf(account);
        (book.positions, book.quotes) = BOOKS.positionsOf(account);
    }

    /// @notice One underlying whose binding scenario, read as a witness, shows the whole requirement.
    function report(Book memory) external pure returns (Report memory result) {
        result.underlyings = new UnderlyingReport[](1);
        result.underlyings[0].binding = 100;
    }

    /// @notice A witness `own = [p]` shows p percent of the requirement; an empty one all of it.
    function breaches(AccountId account, Witness calldata witness) external view returns (bool, int256, uint256) {
        Assessment memory result = assess(account);
        uint256 boundE18 = result.maintenanceE18;
        if (witness.own.length > 0) boundE18 = (boundE18 * witness.own[0]) / 100;
        return (result.equityE18 < int256(boundE18), result.equityE18, boundE18);
    }

    function assess(AccountId account) public view returns (Assessment memory result) {
        (int256 cashE18, CollateralUnits[] memory collateral, ) = VAULT.holdingsOf(account);
        (Position[] memory positions, QuoteFigure[] memory quotes) = BOOKS.positionsOf(account);
        result.equityE18 = cashE18 < 0 ? cashE18 : (cashE18 * int256(_coinE18)) / 1e18;
        if (quotes.length > 0) result.equityE18 += quotes[0].quoteE18;
        uint256 chargeE18;
        for (uint256 i = 0; i < collateral.length; ++i) {
            uint256 unitsE18 = collateral[i].unitsE18;
            result.equityE18 += int256((unitsE18 * _collateralPrices[collateral[i].assetId]) / 1e18);
            chargeE18 += Math.mulDiv(unitsE18, _collateralCharges[collateral[i].assetId], 1e18, Math.Rounding.Ceil);
        }
        for (uint256 i = 0; i < positions.length; ++i) {
            uint128 id = uint128(positions[i].instrument.strikeE8());
            int256 sizeE18 = positions[i].sizeE18;
            result.equityE18 += _floor(sizeE18 * _prices[id]);
            uint256 absE18 = uint256(sizeE18 < 0 ? -sizeE18 : sizeE18);
            chargeE18 += Math.mulDiv(absE18, _charges[id], 1e18, Math.Rounding.Ceil);
        }
        uint256 convexE18 = Math.mulDiv(_convexE18, chargeE18 * Math.sqrt(chargeE18 * 1e18), 1e36, Math.Rounding.Ceil);
        result.maintenanceE18 = chargeE18 + convexE18;
        if (positions.length > 0) {
            result.maintenanceE18 += _params.reserveBaseE18 + _params.reservePerPositionE18 * positions.length;
        }
        result.initialE18 = Math.mulDiv(result.maintenanceE18, 10, 8, Math.Rounding.Ceil);
    }

    function _floor(int256 productE36) private pure returns (int256 quotient) {
        quotient = productE36 / 1e18;
        if (productE36 < 0 && quotient * 1e18 != productE36) --quotient;
    }
}
