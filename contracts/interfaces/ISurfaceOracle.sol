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
        uint32 maxAgeSeconds; // reads of a surface older than this fail, as of its acceptance
        uint64 maxRatioStepE18; // largest relative step of the forward ratio between two reports
        uint64 minRatioE18; // least forward / spot
        uint64 maxRatioE18; // greatest forward / spot
        uint64 maxVolStepE18; // largest relative step of at-the-money volatility between two reports
    }

    /// @notice Emitted when a surface is accepted.
    /// @param underlying Underlying number.
    /// @param expiry Unix time, seconds.
    /// @param surface What was accepted.
    event SurfaceAccepted(uint16 indexed underlying, uint40 indexed expiry, Surface surface);
    /// @notice Emitted when a signer is registered or removed.
    /// @param signer Address.
    /// @param allowed True = may sign.
    event SignerSet(address indexed signer, bool allowed);
    /// @notice Emitted when the number of signatures needed changes.
    /// @param threshold Signatures needed.
    event ThresholdSet(uint8 threshold);
    /// @notice Emitted when the bounds on acceptance change.
    /// @param bounds New bounds.
    event BoundsSet(Bounds bounds);

    /// @notice Thrown when an expiry has no surface yet.
    /// @param underlying Underlying number.
    /// @param expiry Unix time, seconds.
    error SurfaceOracle_NoSurface(uint16 underlying, uint40 expiry);
    /// @notice Thrown when the last surface is too old. Seconds.
    /// @param underlying Underlying number.
    /// @param expiry Unix time, seconds.
    /// @param ageSeconds Age of the surface, seconds.
    /// @param maxAgeSeconds Greatest age that may be used, seconds.
    error SurfaceOracle_Stale(uint16 underlying, uint40 expiry, uint256 ageSeconds, uint256 maxAgeSeconds);
    /// @notice Thrown when a report is not newer than the accepted one, from the future, too old, or at or after its expiry.
    /// @param publishedAt The report's time, Unix seconds.
    /// @param acceptedAt Time of the accepted surface, Unix seconds; 0 = none.
    /// @param nowSeconds The block's time, Unix seconds.
    /// @param expiry Unix time, seconds.
    error SurfaceOracle_BadTime(uint40 publishedAt, uint40 acceptedAt, uint256 nowSeconds, uint40 expiry);
    /// @notice Thrown when fewer signatures than the threshold are given.
    /// @param given Signatures given.
    /// @param threshold Signatures needed.
    error SurfaceOracle_TooFewSignatures(uint256 given, uint256 threshold);
    /// @notice Thrown when signers are not registered or not in strictly ascending order of address.
    /// @param signer Address.
    error SurfaceOracle_BadSigner(address signer);
    /// @notice Thrown when SVI parameters admit butterfly arbitrage by the bounds of the margin model.
    /// @param aE18 Level, 18 decimals.
    /// @param bE18 Slope, 18 decimals.
    /// @param rhoE18 Skew, 18 decimals.
    /// @param sigmaE18 Curvature, 18 decimals.
    error SurfaceOracle_Butterfly(int256 aE18, int256 bE18, int256 rhoE18, int256 sigmaE18);
    /// @notice Thrown when at-the-money total variance falls from one expiry to the next. 18 decimals.
    /// @param earlier Earlier expiry, Unix seconds.
    /// @param earlierVarianceE18 Its variance, 18 decimals.
    /// @param later Later expiry, Unix seconds.
    /// @param laterVarianceE18 Its variance, 18 decimals.
    error SurfaceOracle_Calendar(uint40 earlier, uint256 earlierVarianceE18, uint40 later, uint256 laterVarianceE18);
    /// @notice Thrown when a forward ratio leaves its bounds or steps too far. 18 decimals.
    /// @param ratioE18 Reported forward / spot, 18 decimals.
    /// @param acceptedE18 Accepted before, 18 decimals; 0 = none.
    error SurfaceOracle_ForwardOutOfBounds(uint256 ratioE18, uint256 acceptedE18);
    /// @notice Thrown when at-the-money volatility steps too far. 18 decimals.
    /// @param volE18 Reported annual volatility, 18 decimals.
    /// @param acceptedE18 Accepted before, 18 decimals; 0 = none.
    error SurfaceOracle_VolJump(uint256 volE18, uint256 acceptedE18);
    /// @notice Thrown when a discount factor is zero or above its bound. 18 decimals.
    /// @param discountE18 Reported discount factor, 18 decimals.
    error SurfaceOracle_BadDiscount(uint256 discountE18);
    /// @notice Thrown when reports and lists of signatures differ in number.
    /// @param reports Reports given.
    /// @param signatures Lists given.
    error SurfaceOracle_LengthMismatch(uint256 reports, uint256 signatures);
    /// @notice Thrown when an underlying would have more unexpired expiries than the cap.
    /// @param underlying Underlying number.
    /// @param cap Most expiries.
    error SurfaceOracle_TooManyExpiries(uint16 underlying, uint256 cap);
    /// @notice Thrown when signers, threshold or bounds do not fit together.
    error SurfaceOracle_InvalidConfig();

    /// @notice Accepts reports, all or none. Anyone may call with enough signatures.
    /// @dev Per report: signatures, time, discount, forward, smile, step of volatility. The calendar condition is checked once
    /// all reports are written, so that a whole surface can move at once. It compares at-the-money variance over the time that
    /// is left, with the nearest fresh neighbour on either side: a surface too old to be read blocks nobody.
    /// Safety: a price needs k dishonest signers to be wrong by one step; a first report of an expiry has no step to bound it.
    /// Liveness: a move beyond one step is published in several reports, each a second later than the one before.
    /// @param reports Reports. Of two for one expiry the second must be later in time.
    /// @param signatures Per report, signatures of distinct signers in strictly ascending order of address.
    /// @custom:access anyone
    function publish(SurfaceReport[] calldata reports, bytes[][] calldata signatures) external;

    /// @notice Surface for use now: exists and is fresh.
    /// @param underlying Underlying number.
    /// @param expiry Unix time, seconds.
    /// @return The accepted surface.
    function surface(uint16 underlying, uint40 expiry) external view returns (Surface memory);

    /// @notice The same surface as the two words that stand in storage; fails as `surface` does.
    /// @dev From the lowest bit up, signed fields in two's complement, fractions with 18 decimals.
    /// @param underlying Underlying number.
    /// @param expiry Unix time, seconds.
    /// @return head `publishedAt uint40 | forwardRatioE18 uint64 | discountE18 uint64 | aE18 int64 | maxAgeSeconds uint24`.
    /// @return smile `bE18 uint64 | rhoE18 int64 | mE18 int64 | sigmaE18 uint64`.
    function surfaceWords(uint16 underlying, uint40 expiry) external view returns (uint256 head, uint256 smile);

    /// @notice Last accepted surface, whatever its age; publishedAt 0 if none.
    /// @param underlying Underlying number.
    /// @param expiry Unix time, seconds.
    /// @return The accepted surface.
    function lastSurface(uint16 underlying, uint40 expiry) external view returns (Surface memory);

    /// @notice Unexpired expiries with a surface, ascending, at most 32.
    /// @param underlying Underlying number.
    /// @return Unix times, seconds.
    function expiries(uint16 underlying) external view returns (uint40[] memory);

    /// @notice EIP-712 digest that signers sign for a report.
    /// @param report What is signed.
    /// @return Digest, tied to this chain and this contract.
    function digest(SurfaceReport calldata report) external view returns (bytes32);

    /// @notice Whether an address may sign.
    /// @param signer Address.
    /// @return True if registered.
    function isSigner(address signer) external view returns (bool);

    /// @notice Registered signers.
    /// @return Number.
    function signerCount() external view returns (uint8);

    /// @notice Signatures that a report needs.
    /// @return Number, 1 to the number of signers.
    function threshold() external view returns (uint8);

    /// @notice Bounds on acceptance.
    /// @return Bounds.
    function bounds() external view returns (Bounds memory);

    /// @notice Registers or removes a signer; as many as the threshold must stay.
    /// @param signer Address of a key, not a contract.
    /// @param allowed True = register.
    /// @custom:access restricted
    function setSigner(address signer, bool allowed) external;

    /// @notice Sets how many signatures a report needs.
    /// @param threshold_ Number, 1 to the number of signers.
    /// @custom:access restricted
    function setThreshold(uint8 threshold_) external;

    /// @notice Sets the bounds on acceptance.
    /// @dev A surface keeps the greatest age that was in force when it was accepted: another age applies from the next report
    /// of each expiry on, and so at the latest once the old age has passed.
    /// @param bounds_ Bounds: age up to one day, steps up to 100 %, ratio bounds around one.
    /// @custom:access restricted
    function setBounds(Bounds calldata bounds_) external;
}
