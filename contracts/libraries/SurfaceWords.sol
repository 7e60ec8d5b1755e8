// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Surface} from "../types/Market.sol";

/// @title A surface in two words
/// @notice What the surface oracle stores and the risk engine reads. From the lowest bit up, signed fields in two's complement:
/// head `publishedAt 40 | forwardRatioE18 64 | discountE18 64 | aE18 64 | maxAgeSeconds 24` = 256 bits;
/// smile `bE18 64 | rhoE18 64 | mE18 64 | sigmaE18 64` = 256 bits.
/// `maxAgeSeconds` is the bound on age as it stood when the surface was accepted, so that reading needs no other slot.
library SurfaceWords {
    /// @notice Two slots.
    struct Words {
        uint256 head;
        uint256 smile;
    }

    uint256 private constant RATIO_SHIFT = 40;
    uint256 private constant DISCOUNT_SHIFT = 104;
    uint256 private constant A_SHIFT = 168;
    uint256 private constant MAX_AGE_SHIFT = 232;
    uint256 private constant RHO_SHIFT = 64;
    uint256 private constant M_SHIFT = 128;
    uint256 private constant SIGMA_SHIFT = 192;

    /// @notice Packs a surface.
    /// @param surface Surface.
    /// @param maxAgeSeconds_ Seconds for which it may be read; has 24 bits.
    function pack(Surface memory surface, uint256 maxAgeSeconds_) internal pure returns (Words memory words) {
        words.head =
            uint256(surface.publishedAt) |
            (uint256(surface.forwardRatioE18) << RATIO_SHIFT) |
            (uint256(surface.discountE18) << DISCOUNT_SHIFT) |
            (uint256(uint64(surface.aE18)) << A_SHIFT) |
            (maxAgeSeconds_ << MAX_AGE_SHIFT);
        words.smile =
            uint256(surface.bE18) |
            (uint256(uint64(surface.rhoE18)) << RHO_SHIFT) |
            (uint256(uint64(surface.mE18)) << M_SHIFT) |
            (uint256(surface.sigmaE18) << SIGMA_SHIFT);
    }

    /// @notice The surface behind two words.
    function unpack(Words memory words) internal pure returns (Surface memory surface) {
        (uint256 head, uint256 smile) = (words.head, words.smile);
        surface.publishedAt = uint40(head);
        surface.forwardRatioE18 = uint64(head >> RATIO_SHIFT);
        surface.discountE18 = uint64(head >> DISCOUNT_SHIFT);
        surface.aE18 = int64(uint64(head >> A_SHIFT));
        surface.bE18 = uint64(smile);
        surface.rhoE18 = int64(uint64(smile >> RHO_SHIFT));
        surface.mE18 = int64(uint64(smile >> M_SHIFT));
        surface.sigmaE18 = uint64(smile >> SIGMA_SHIFT);
    }

    /// @notice Unix time of the report, seconds; 0 = never published.
    function publishedAt(uint256 head) internal pure returns (uint256) {
        return uint40(head);
    }

    /// @notice Seconds after the report in which the surface may be read.
    function maxAgeSeconds(uint256 head) internal pure returns (uint256) {
        return head >> MAX_AGE_SHIFT;
    }

    /// @notice Last second in which the surface may be read, Unix time.
    function goodUntil(uint256 head) internal pure returns (uint256) {
        return publishedAt(head) + maxAgeSeconds(head);
    }
}
