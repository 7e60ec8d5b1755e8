// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {Decimals} from "../libraries/math/Decimals.sol";
import {
    divDown as divDown_,
    divUp as divUp_,
    mulCeil as mulCeil_,
    mulDivCeil as mulDivCeil_,
    mulDivDown as mulDivDown_,
    mulDivFloor as mulDivFloor_,
    mulDivUp as mulDivUp_,
    mulDown as mulDown_,
    mulFloor as mulFloor_,
    mulUp as mulUp_
} from "../libraries/math/FixedPoint.sol";

/// @title Fixed point and decimals, exposed
contract FixedPointHarness is Multicall {
    function mulDivFloor(int256 a, int256 b, int256 denominator) external pure returns (int256) {
        return mulDivFloor_(a, b, denominator);
    }

    function mulDivCeil(int256 a, int256 b, int256 denominator) external pure returns (int256) {
        return mulDivCeil_(a, b, denominator);
    }

    function mulDivDown(uint256 a, uint256 b, uint256 denominator) external pure returns (uint256) {
        return mulDivDown_(a, b, denominator);
    }

    function mulDivUp(uint256 a, uint256 b, uint256 denominator) external pure returns (uint256) {
        return mulDivUp_(a, b, denominator);
    }

    function mulFloor(int256 aE18, int256 bE18) external pure returns (int256) {
        return mulFloor_(aE18, bE18);
    }

    function mulCeil(int256 aE18, int256 bE18) external pure returns (int256) {
        return mulCeil_(aE18, bE18);
    }

    function mulDown(uint256 aE18, uint256 bE18) external pure returns (uint256) {
        return mulDown_(aE18, bE18);
    }

    function mulUp(uint256 aE18, uint256 bE18) external pure returns (uint256) {
        return mulUp_(aE18, bE18);
    }

    function divDown(uint256 aE18, uint256 bE18) external pure returns (uint256) {
        return divDown_(aE18, bE18);
    }

    function divUp(uint256 aE18, uint256 bE18) external pure returns (uint256) {
        return divUp_(aE18, bE18);
    }

    function toE18(uint256 amountNative, uint8 decimals) external pure returns (uint256) {
        return Decimals.toE18(amountNative, decimals);
    }

    function toNativeDown(uint256 amountE18, uint8 decimals) external pure returns (uint256) {
        return Decimals.toNativeDown(amountE18, decimals);
    }

    function toNativeUp(uint256 amountE18, uint8 decimals) external pure returns (uint256) {
        return Decimals.toNativeUp(amountE18, decimals);
    }
}
