// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {Svi} from "../libraries/Svi.sol";
import {Normal} from "../libraries/math/Normal.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {Black76} from "../risk/Black76.sol";
import {Kind} from "../types/InstrumentId.sol";
import {Surface} from "../types/Market.sol";

/// @title Transcendental functions, option prices and smiles, exposed
contract PricingHarness is Multicall {
    function expE18(int256 xE18) external pure returns (uint256) {
        return Transcendental.expE18(xE18);
    }

    function lnE18(uint256 xE18) external pure returns (int256) {
        return Transcendental.lnE18(xE18);
    }

    function lnRatioE18(uint256 a, uint256 b) external pure returns (int256) {
        return Transcendental.lnRatioE18(a, b);
    }

    function powE18(uint256 xE18, int256 pE18) external pure returns (uint256) {
        return Transcendental.powE18(xE18, pE18);
    }

    function sqrtE18(uint256 xE18) external pure returns (uint256) {
        return Transcendental.sqrtE18(xE18);
    }

    function hypotE18(int256 xE18, int256 yE18) external pure returns (uint256) {
        return Transcendental.hypotE18(xE18, yE18);
    }

    function cdfE18(int256 xE18) external pure returns (uint256) {
        return Normal.cdfE18(xE18);
    }

    function pdfE18(int256 xE18) external pure returns (uint256) {
        return Normal.pdfE18(xE18);
    }

    function price(
        Kind kind,
        uint256 forwardE18,
        uint256 strikeE18,
        uint256 wE18,
        uint256 discountE18
    ) external pure returns (uint256) {
        return Black76.price(Black76.terms(kind, forwardE18, strikeE18, discountE18), wE18);
    }

    function priceAt(
        Black76.Terms memory option,
        uint256 factorE18,
        int256 lnFactorE18,
        uint256 wE18
    ) external pure returns (uint256) {
        return Black76.priceAt(option, factorE18, lnFactorE18, wE18);
    }

    function delta(
        Kind kind,
        uint256 forwardE18,
        uint256 strikeE18,
        uint256 wE18,
        uint256 discountE18
    ) external pure returns (int256) {
        return Black76.delta(Black76.terms(kind, forwardE18, strikeE18, discountE18), wE18);
    }

    function intrinsic(Kind kind, uint256 forwardE18, uint256 strikeE18) external pure returns (uint256) {
        return Black76.intrinsic(kind, forwardE18, strikeE18);
    }

    function totalVariance(Surface memory surface, int256 kE18) external pure returns (uint256) {
        return Svi.totalVariance(surface, kE18);
    }

    function volatility(Surface memory surface, int256 kE18, uint256 reportYearsE18) external pure returns (uint256) {
        return Svi.volatility(surface, kE18, reportYearsE18);
    }

    function isAcceptable(Surface memory surface) external pure returns (bool) {
        return Svi.isAcceptable(surface);
    }
}
