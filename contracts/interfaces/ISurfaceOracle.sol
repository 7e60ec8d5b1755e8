// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Surface} from "../types/Market.sol";

/// @title Forwards and smiles per expiry
/// @notice Accepts surfaces reported and signed by k of n registered signers (EIP-712), monotone in time, bounded per step
/// and free of arbitrage. The forward is kept as a ratio to spot, so that it follows spot between two reports.
interface ISurfaceOracle {
    /// @notice What the signers sign.
    struct SurfaceReport {
        uint16 underlying;
        uint40 expiry; // Unix time, seconds
        Surface surface; // publishedAt is the report's time
    }

    /// @notice Bounds on acceptance. Fractions have 18 decimals.
    struct Bounds {
        uint32 maxAgeSeconds; // reads older than this fail
        uint64 maxRatioStepE18; // largest relative step of the forward ratio between two reports
        uint64 minRatioE18; // least forward / spot
        uint64 maxRatioE18; // greatest forward / spot
        uint64 maxVolStepE18; // largest relative step of at-the-money volatility between two reports
    }

    /// @notice Emitted when a surface is accepted.
    event SurfaceAccepted(uint16 indexed underlying, uint40 indexed expiry, Surface surface);
    event SignerSet(address indexed signer, bool allowed);
    event ThresholdSet(uint8 threshold);
    event BoundsSet(Bounds bounds);

    /// @notice Thrown when an expiry has no surface yet.
    error SurfaceOracle_NoSurface(uint16 underlying, uint40 expiry);
    /// @notice Thrown when the last surface is too old. Seconds.
    error SurfaceOracle_Stale(uint16 underlying, uint40 expiry, uint256 ageSeconds, uint256 maxAgeSeconds);
    /// @notice Thrown when a report is not newer than the accepted one, from the future, too old, or at or after its expiry.
    error SurfaceOracle_BadTime(uint40 publishedAt, uint40 acceptedAt, uint256 nowSeconds, uint40 expiry);
    /// @notice Thrown when fewer signatures than the threshold are given.
    error SurfaceOracle_TooFewSignatures(uint256 given, uint256 threshold);
    /// @notice Thrown when signers are not registered or not in strictly ascending order of address.
    error SurfaceOracle_BadSigner(address signer);
    /// @notice Thrown when SVI parameters admit butterfly arbitrage by the bounds of the margin model.
    error SurfaceOracle_Butterfly(int256 aE18, int256 bE18, int256 rhoE18, int256 sigmaE18);
    /// @notice Thrown when at-the-money total variance falls from one expiry to the next. 18 decimals.
    error SurfaceOracle_Calendar(uint40 earlier, uint256 earlierVarianceE18, uint40 later, uint256 laterVarianceE18);
    /// @notice Thrown when a forward ratio leaves its bounds or steps too far. 18 decimals.
    error SurfaceOracle_ForwardOutOfBounds(uint256 ratioE18, uint256 acceptedE18);
    /// @notice Thrown when at-the-money volatility steps too far. 18 decimals.
    error SurfaceOracle_VolJump(uint256 volE18, uint256 acceptedE18);
    /// @notice Thrown when a discount factor is zero or above its bound. 18 decimals.
    error SurfaceOracle_BadDiscount(uint256 discountE18);
    /// @notice Thrown when signers, threshold or bounds do not fit together.
    error SurfaceOracle_InvalidConfig();

    /// @notice Accepts one report per expiry. Anyone may call with enough signatures.
    /// @param reports Reports; those of one underlying in ascending order of expiry.
    /// @param signatures Per report, signatures of distinct signers in strictly ascending order of address.
    function publish(SurfaceReport[] calldata reports, bytes[][] calldata signatures) external;

    /// @notice Surface for use now: exists and is fresh.
    function surface(uint16 underlying, uint40 expiry) external view returns (Surface memory);

    /// @notice Last accepted surface, whatever its age; publishedAt 0 if none.
    function lastSurface(uint16 underlying, uint40 expiry) external view returns (Surface memory);

    /// @notice Unexpired expiries with a surface, ascending, at most 32.
    function expiries(uint16 underlying) external view returns (uint40[] memory);

    /// @notice EIP-712 digest that signers sign for a report.
    function digest(SurfaceReport calldata report) external view returns (bytes32);

    function isSigner(address signer) external view returns (bool);

    function threshold() external view returns (uint8);

    function bounds() external view returns (Bounds memory);

    /// @custom:access restricted
    function setSigner(address signer, bool allowed) external;

    /// @custom:access restricted
    function setThreshold(uint8 threshold_) external;

    /// @custom:access restricted
    function setBounds(Bounds calldata bounds_) external;
}
