// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {ONE_E18, divDown, mulDivDown} from "../libraries/math/FixedPoint.sol";
import {Relative} from "../libraries/math/Relative.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";
import {SurfaceWords} from "../libraries/SurfaceWords.sol";
import {Svi} from "../libraries/Svi.sol";
import {Surface} from "../types/Market.sol";

/// @title Forwards and smiles per expiry
contract SurfaceOracle is ISurfaceOracle, AccessManaged, EIP712 {
    using SurfaceWords for SurfaceWords.Words;

    bytes32 private constant SURFACE_TYPEHASH = keccak256(
        "Surface(uint40 publishedAt,uint64 forwardRatioE18,uint64 discountE18,"
        "int64 aE18,uint64 bE18,int64 rhoE18,int64 mE18,uint64 sigmaE18)"
    );
    bytes32 private constant REPORT_TYPEHASH = keccak256(
        "SurfaceReport(uint16 underlying,uint40 expiry,Surface surface)"
        "Surface(uint40 publishedAt,uint64 forwardRatioE18,uint64 discountE18,"
        "int64 aE18,uint64 bE18,int64 rhoE18,int64 mE18,uint64 sigmaE18)"
    );
    uint256 private constant MAX_EXPIRIES = 32;
    uint256 private constant MAX_DISCOUNT_E18 = 1.05e18;
    uint256 private constant MAX_RATIO_LIMIT_E18 = 10e18;
    uint32 private constant MAX_AGE_LIMIT = 1 days;

    uint8 private _threshold;
    uint8 private _signerCount;
    Bounds private _bounds;
    mapping(address signer => bool allowed) private _signers;
    mapping(uint16 underlying => mapping(uint40 expiry => SurfaceWords.Words words)) private _surfaces;
    /// @dev Ascending, at most MAX_EXPIRIES; expired ones leave when the next new expiry arrives.
    mapping(uint16 underlying => uint40[] expiries) private _expiries;

    /// @param authority_ AccessManager that decides who may call restricted functions.
    /// @param signers Registered from the start, distinct.
    /// @param threshold_ Signatures that a report needs, 1 to the number of signers.
    /// @param bounds_ Bounds on acceptance.
    constructor(
        address authority_,
        address[] memory signers,
        uint8 threshold_,
        Bounds memory bounds_
    ) AccessManaged(authority_) EIP712("Ballast", "1") {
        for (uint256 i = 0; i < signers.length; ++i) {
            _setSigner(signers[i], true);
        }
        _setThreshold(threshold_);
        _setBounds(bounds_);
    }

    // --- reports

    /// @inheritdoc ISurfaceOracle
    function publish(SurfaceReport[] calldata reports, bytes[][] calldata signatures) external {
        if (reports.length != signatures.length) revert SurfaceOracle_LengthMismatch(reports.length, signatures.length);
        for (uint256 i = 0; i < reports.length; ++i) {
            _requireSigned(digest(reports[i]), signatures[i]);
            _accept(reports[i]);
        }
        for (uint256 i = 0; i < reports.length; ++i) {
            _requireCalendar(reports[i].underlying, reports[i].expiry);
        }
    }

    // --- views

    /// @inheritdoc ISurfaceOracle
    function surface(uint16 underlying, uint40 expiry) external view returns (Surface memory) {
        return _current(underlying, expiry).unpack();
    }

    /// @inheritdoc ISurfaceOracle
    function surfaceWords(uint16 underlying, uint40 expiry) external view returns (uint256 head, uint256 smile) {
        SurfaceWords.Words memory words = _current(underlying, expiry);
        return (words.head, words.smile);
    }

    /// @inheritdoc ISurfaceOracle
    function lastSurface(uint16 underlying, uint40 expiry) external view returns (Surface memory) {
        return _surfaces[underlying][expiry].unpack();
    }

    /// @inheritdoc ISurfaceOracle
    function expiries(uint16 underlying) external view returns (uint40[] memory live) {
        uint40[] storage all = _expiries[underlying];
        uint256 expired = _expiredOf(all);
        live = new uint40[](all.length - expired);
        for (uint256 i = 0; i < live.length; ++i) {
            live[i] = all[expired + i];
        }
    }

    /// @inheritdoc ISurfaceOracle
    function digest(SurfaceReport calldata report) public view returns (bytes32) {
        bytes32 inner = keccak256(abi.encode(SURFACE_TYPEHASH, report.surface));
        return _hashTypedDataV4(keccak256(abi.encode(REPORT_TYPEHASH, report.underlying, report.expiry, inner)));
    }

    /// @inheritdoc ISurfaceOracle
    function isSigner(address signer) external view returns (bool) {
        return _signers[signer];
    }

    /// @inheritdoc ISurfaceOracle
    function signerCount() external view returns (uint8) {
        return _signerCount;
    }

    /// @inheritdoc ISurfaceOracle
    function threshold() external view returns (uint8) {
        return _threshold;
    }

    /// @inheritdoc ISurfaceOracle
    function bounds() external view returns (Bounds memory) {
        return _bounds;
    }

    // --- restricted

    /// @inheritdoc ISurfaceOracle
    function setSigner(address signer, bool allowed) external restricted {
        _setSigner(signer, allowed);
        if (_signerCount < _threshold) revert SurfaceOracle_InvalidConfig();
    }

    /// @inheritdoc ISurfaceOracle
    function setThreshold(uint8 threshold_) external restricted {
        _setThreshold(threshold_);
    }

    /// @inheritdoc ISurfaceOracle
    function setBounds(Bounds calldata bounds_) external restricted {
        _setBounds(bounds_);
    }

    // --- acceptance

    /// @dev Strictly ascending signers: nobody counts twice.
    function _requireSigned(bytes32 digest_, bytes[] calldata signatures) private view {
        uint256 needed = _threshold;
        if (signatures.length < needed) revert SurfaceOracle_TooFewSignatures(signatures.length, needed);
        address last = address(0);
        for (uint256 i = 0; i < signatures.length; ++i) {
            // A malformed signature recovers to zero, which is never above the last signer.
            (address signer, , ) = ECDSA.tryRecover(digest_, signatures[i]);
            if (signer <= last || !_signers[signer]) revert SurfaceOracle_BadSigner(signer);
            last = signer;
        }
    }

    /// @dev Everything that concerns one expiry alone.
    function _accept(SurfaceReport calldata report) private {
        (uint16 underlying, uint40 expiry) = (report.underlying, report.expiry);
        Surface memory next = report.surface;
        Surface memory last = _surfaces[underlying][expiry].unpack();
        Bounds memory limits = _bounds;

        _requireTime(next.publishedAt, last.publishedAt, expiry, limits.maxAgeSeconds);
        if (next.discountE18 == 0 || next.discountE18 > MAX_DISCOUNT_E18)
            revert SurfaceOracle_BadDiscount(next.discountE18);
        if (!Svi.isAcceptable(next)) {
            revert SurfaceOracle_Butterfly(
                next.aE18,
                int256(uint256(next.bE18)),
                next.rhoE18,
                int256(uint256(next.sigmaE18))
            );
        }
        _requireSteps(next, last, expiry, limits);

        if (last.publishedAt == 0) _insert(underlying, expiry);
        _surfaces[underlying][expiry] = SurfaceWords.pack(next, limits.maxAgeSeconds);
        emit SurfaceAccepted(underlying, expiry, next);
    }

    function _requireTime(uint40 publishedAt, uint40 acceptedAt, uint40 expiry, uint256 maxAgeSeconds) private view {
        uint256 now_ = block.timestamp;
        bool inTime = publishedAt + maxAgeSeconds >= now_ && publishedAt > acceptedAt && publishedAt <= now_;
        if (!inTime || expiry <= now_) revert SurfaceOracle_BadTime(publishedAt, acceptedAt, now_, expiry);
    }

    /// @dev Bounds and step of the forward, step of at-the-money volatility. A first report has no step.
    function _requireSteps(Surface memory next, Surface memory last, uint40 expiry, Bounds memory limits) private pure {
        bool first = last.publishedAt == 0;
        (uint256 ratio, uint256 ratioBefore) = (next.forwardRatioE18, last.forwardRatioE18);
        bool inside = ratio >= limits.minRatioE18 && ratio <= limits.maxRatioE18;
        if (!inside || (!first && !Relative.within(ratio, ratioBefore, limits.maxRatioStepE18))) {
            revert SurfaceOracle_ForwardOutOfBounds(ratio, ratioBefore);
        }
        uint256 vol = _atmVol(next, expiry);
        uint256 volBefore = first ? 0 : _atmVol(last, expiry);
        if (vol == 0 || (!first && !Relative.within(vol, volBefore, limits.maxVolStepE18))) {
            revert SurfaceOracle_VolJump(vol, volBefore);
        }
    }

    /// @dev At-the-money variance over the time left must not fall toward the nearest fresh neighbours. Holding now, it holds
    /// until the earlier one expires: it is linear in time between two ends at which it holds.
    function _requireCalendar(uint16 underlying, uint40 expiry) private view {
        uint40[] storage all = _expiries[underlying];
        uint256 variance = _varianceLeft(underlying, expiry);
        (uint40 earlier, uint40 later) = (0, 0);
        for (uint256 i = 0; i < all.length && later == 0; ++i) {
            uint40 other = all[i];
            if (other == expiry || !_isFresh(underlying, other)) continue;
            if (other < expiry) earlier = other;
            else later = other;
        }
        if (earlier != 0) _requireAscending(earlier, _varianceLeft(underlying, earlier), expiry, variance);
        if (later != 0) _requireAscending(expiry, variance, later, _varianceLeft(underlying, later));
    }

    function _requireAscending(uint40 earlier, uint256 earlierE18, uint40 later, uint256 laterE18) private pure {
        if (earlierE18 > laterE18) revert SurfaceOracle_Calendar(earlier, earlierE18, later, laterE18);
    }

    /// @dev The words of a surface that exists and is fresh: two slots, nothing else.
    function _current(uint16 underlying, uint40 expiry) private view returns (SurfaceWords.Words memory words) {
        words = _surfaces[underlying][expiry];
        uint256 publishedAt = SurfaceWords.publishedAt(words.head);
        if (publishedAt == 0) revert SurfaceOracle_NoSurface(underlying, expiry);
        if (block.timestamp > SurfaceWords.goodUntil(words.head)) {
            uint256 maxAge = SurfaceWords.maxAgeSeconds(words.head);
            revert SurfaceOracle_Stale(underlying, expiry, block.timestamp - publishedAt, maxAge);
        }
    }

    /// @dev Unexpired and young enough to be read.
    function _isFresh(uint16 underlying, uint40 expiry) private view returns (bool) {
        uint256 head = _surfaces[underlying][expiry].head;
        return expiry > block.timestamp && SurfaceWords.goodUntil(head) >= block.timestamp;
    }

    /// @dev Variance at the money as reported, scaled to the time that is left.
    function _varianceLeft(uint16 underlying, uint40 expiry) private view returns (uint256) {
        Surface memory accepted = _surfaces[underlying][expiry].unpack();
        uint256 variance = Svi.totalVariance(accepted, 0);
        return mulDivDown(variance, expiry - block.timestamp, expiry - accepted.publishedAt);
    }

    /// @dev Annual volatility at the money as of the report.
    function _atmVol(Surface memory reported, uint40 expiry) private pure returns (uint256) {
        uint256 yearsE18 = mulDivDown(expiry - reported.publishedAt, ONE_E18, 365 days);
        return Transcendental.sqrtE18(divDown(Svi.totalVariance(reported, 0), yearsE18));
    }

    // --- list of expiries

    /// @dev Drops what has expired from the front, then puts the new one in its place.
    function _insert(uint16 underlying, uint40 expiry) private {
        uint40[] storage all = _expiries[underlying];
        uint256 expired = _expiredOf(all);
        uint256 length = all.length - expired;
        if (length == MAX_EXPIRIES) revert SurfaceOracle_TooManyExpiries(underlying, MAX_EXPIRIES);
        if (expired != 0) {
            for (uint256 i = 0; i < length; ++i) {
                all[i] = all[i + expired];
            }
            for (uint256 i = 0; i < expired; ++i) {
                all.pop();
            }
        }
        all.push(expiry);
        for (uint256 i = length; i > 0 && all[i - 1] > expiry; --i) {
            (all[i], all[i - 1]) = (all[i - 1], expiry);
        }
    }

    function _expiredOf(uint40[] storage all) private view returns (uint256 expired) {
        uint256 length = all.length;
        while (expired < length && all[expired] <= block.timestamp) ++expired;
    }

    // --- configuration

    function _setSigner(address signer, bool allowed) private {
        if (signer == address(0) || _signers[signer] == allowed) revert SurfaceOracle_InvalidConfig();
        _signers[signer] = allowed;
        if (allowed) ++_signerCount;
        else --_signerCount;
        emit SignerSet(signer, allowed);
    }

    function _setThreshold(uint8 threshold_) private {
        if (threshold_ == 0 || threshold_ > _signerCount) revert SurfaceOracle_InvalidConfig();
        _threshold = threshold_;
        emit ThresholdSet(threshold_);
    }

    function _setBounds(Bounds memory limits) private {
        bool age = limits.maxAgeSeconds != 0 && limits.maxAgeSeconds <= MAX_AGE_LIMIT;
        bool ratio =
            limits.minRatioE18 != 0 &&
                limits.minRatioE18 <= ONE_E18 &&
                limits.maxRatioE18 >= ONE_E18 &&
                limits.maxRatioE18 <= MAX_RATIO_LIMIT_E18;
        bool steps =
            limits.maxRatioStepE18 != 0 &&
                limits.maxRatioStepE18 <= ONE_E18 &&
                limits.maxVolStepE18 != 0 &&
                limits.maxVolStepE18 <= ONE_E18;
        if (!age || !ratio || !steps) revert SurfaceOracle_InvalidConfig();
        _bounds = limits;
        emit BoundsSet(limits);
    }
}
