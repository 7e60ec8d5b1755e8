// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {AssetParams, GlobalParams, UnderlyingParams} from "../types/Risk.sol";

/// @title All risk parameters in the code of one contract
/// @notice A check reads every parameter it needs with one cold access, and the code hash names the whole set. Words of 32 bytes:
/// - 0: number of underlyings 8 | number of assets 8 | reserve per position 80 | reserve 80 | initial ratio 64 | settlement feed 16
/// - 1, 2: price oracle, surface oracle
/// - then one per asset, by number, 0 where there is none: size 64 | weight 64 | feed 16 | underlying 16
/// - then one per underlying, ascending: place of its section 16 | underlying 16
/// - then the sections: six words of parameters (see `section`), the number of scenarios, then the scenarios, see Grid.
library ParameterSet {
    /// @notice Words of a section before its scenarios.
    uint256 internal constant HEAD_WORDS = 7;
    /// @notice Words that all sections together may have: with assets and directory the set fits the code of a contract.
    uint256 internal constant MAX_SECTION_WORDS = 680;
    uint256 private constant FIRST_ASSET = 3;
    uint256 private constant MAX_UINT80 = (1 << 80) - 1;

    // --- writing

    /// @notice Parameters and grid of one underlying as words; blend left at 0.
    function section(
        UnderlyingParams memory params,
        uint256[] memory grid
    ) internal pure returns (uint256[] memory words) {
        words = new uint256[](HEAD_WORDS + grid.length);
        words[0] = (uint256(params.volDownE18) << 144) | (uint256(params.volUpE18) << 80) | params.group;
        words[1] = _four(params.volFloorUpE18, params.volFloorDownE18, params.powerShortE18, params.powerLongE18);
        words[2] = _four(params.rollMinE18, params.rollYearE18, params.floorNetE18, params.floorHedgedE18);
        words[3] = _four(params.floorShortE18, params.spreadE18, params.impactE18, params.sigmaDayE18);
        words[4] = (uint256(params.oiLowerE18) << 128) | params.advE18;
        words[5] = (uint256(params.rangeE18) << 128) | params.oiUpperE18;
        words[6] = grid.length;
        for (uint256 i = 0; i < grid.length; ++i) {
            words[HEAD_WORDS + i] = grid[i];
        }
    }

    /// @notice Writes a set to a new data contract.
    /// @param assets One word per asset number, see `assetWord`.
    /// @param underlyings Ascending.
    /// @param sections Of each underlying.
    /// @param blendsE18 Of each underlying's group.
    function write(
        GlobalParams memory global,
        address[2] memory oracles_,
        uint256[] memory assets,
        uint16[] memory underlyings,
        uint256[][] memory sections,
        uint256[] memory blendsE18
    ) internal returns (address data) {
        uint256 place = FIRST_ASSET + assets.length + underlyings.length;
        uint256 length = place;
        for (uint256 i = 0; i < sections.length; ++i) length += sections[i].length;
        uint256[] memory words = new uint256[](length);
        words[0] =
            (underlyings.length << 248) |
            (assets.length << 240) |
            (uint256(global.reservePerPositionE18) << 160) |
            (uint256(global.reserveBaseE18) << 80) |
            (uint256(global.initialRatioE18) << 16) |
            global.settlementFeedId;
        (words[1], words[2]) = (uint160(oracles_[0]), uint160(oracles_[1]));
        for (uint256 i = 0; i < assets.length; ++i) words[FIRST_ASSET + i] = assets[i];
        for (uint256 i = 0; i < sections.length; ++i) {
            words[FIRST_ASSET + assets.length + i] = (place << 16) | underlyings[i];
            for (uint256 k = 0; k < sections[i].length; ++k) words[place + k] = sections[i][k];
            words[place] |= blendsE18[i] << 16;
            place += sections[i].length;
        }
        return SSTORE2.write(abi.encodePacked(words));
    }

    function assetWord(AssetParams memory params) internal pure returns (uint256) {
        return
            (uint256(params.sizeE18) << 96) |
            (uint256(params.weightE18) << 32) |
            (uint256(params.feedId) << 16) |
            params.underlying;
    }

    // --- reading

    /// @notice Copies a set into memory.
    function load(address data) internal view returns (uint256[] memory set) {
        assembly ("memory-safe") {
            // One byte of stop before the words.
            let size := sub(extcodesize(data), 1)
            set := mload(0x40)
            mstore(set, shr(5, size))
            extcodecopy(data, add(set, 0x20), 1, size)
            mstore(0x40, add(add(set, 0x20), size))
        }
    }

    function globalOf(uint256[] memory set) internal pure returns (GlobalParams memory) {
        uint256 word = set[0];
        return
            GlobalParams({
                initialRatioE18: uint64(word >> 16),
                reserveBaseE18: uint128((word >> 80) & MAX_UINT80),
                reservePerPositionE18: uint128((word >> 160) & MAX_UINT80),
                settlementFeedId: uint16(word)
            });
    }

    function oraclesOf(
        uint256[] memory set
    ) internal pure returns (IPriceOracle priceOracle, ISurfaceOracle surfaceOracle) {
        return (IPriceOracle(address(uint160(set[1]))), ISurfaceOracle(address(uint160(set[2]))));
    }

    function assetCount(uint256[] memory set) internal pure returns (uint256) {
        return uint8(set[0] >> 240);
    }

    function underlyingCount(uint256[] memory set) internal pure returns (uint256) {
        return set[0] >> 248;
    }

    /// @notice Parameters of a collateral asset; reverts when it has none.
    function assetOf(uint256[] memory set, uint8 assetId) internal pure returns (AssetParams memory result) {
        uint256 word = assetId < assetCount(set) ? set[FIRST_ASSET + assetId] : 0;
        result.underlying = uint16(word);
        result.feedId = uint16(word >> 16);
        result.weightE18 = uint64(word >> 32);
        result.sizeE18 = uint64(word >> 96);
        // The feed number of an asset is never 0.
        if (result.feedId == 0) revert IRiskParameters.RiskParameters_UnknownAsset(assetId);
    }

    /// @notice Number of the underlying at a place of the directory, and where its section begins.
    function directory(
        uint256[] memory set,
        uint256 index
    ) internal pure returns (uint16 underlying, uint256 sectionAt) {
        uint256 word = set[FIRST_ASSET + assetCount(set) + index];
        return (uint16(word), word >> 16);
    }

    /// @notice Share of the charge of a section's group that is netted, 18 decimals.
    function blendOf(uint256[] memory set, uint256 sectionAt) internal pure returns (uint256) {
        return uint64(set[sectionAt] >> 16);
    }

    function paramsOf(uint256[] memory set, uint256 sectionAt) internal pure returns (UnderlyingParams memory result) {
        uint256 word = set[sectionAt];
        result.group = uint8(word);
        result.volUpE18 = uint64(word >> 80);
        result.volDownE18 = uint64(word >> 144);
        word = set[sectionAt + 1];
        result.volFloorUpE18 = uint64(word);
        result.volFloorDownE18 = uint64(word >> 64);
        result.powerShortE18 = uint64(word >> 128);
        result.powerLongE18 = uint64(word >> 192);
        word = set[sectionAt + 2];
        result.rollMinE18 = uint64(word);
        result.rollYearE18 = uint64(word >> 64);
        result.floorNetE18 = uint64(word >> 128);
        result.floorHedgedE18 = uint64(word >> 192);
        word = set[sectionAt + 3];
        result.floorShortE18 = uint64(word);
        result.spreadE18 = uint64(word >> 64);
        result.impactE18 = uint64(word >> 128);
        result.sigmaDayE18 = uint64(word >> 192);
        word = set[sectionAt + 4];
        result.advE18 = uint128(word);
        result.oiLowerE18 = uint128(word >> 128);
        word = set[sectionAt + 5];
        result.oiUpperE18 = uint128(word);
        result.rangeE18 = uint64(word >> 128);
    }

    /// @notice Scenario words of a section, not copied: their number before them makes a list of them where they lie.
    function gridOf(uint256[] memory set, uint256 sectionAt) internal pure returns (uint256[] memory words) {
        assembly ("memory-safe") {
            // As many words on as the section has before its scenarios, the length of the set being one more.
            words := add(set, shl(5, add(sectionAt, HEAD_WORDS)))
        }
    }

    /// @dev Four figures of 64 bits, the first lowest.
    function _four(uint64 a, uint64 b, uint64 c, uint64 d) private pure returns (uint256) {
        return (uint256(d) << 192) | (uint256(c) << 128) | (uint256(b) << 64) | a;
    }
}
