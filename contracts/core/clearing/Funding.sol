// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {IPriceOracle} from "../../interfaces/IPriceOracle.sol";
import {mulDivDown, mulDivFloor, mulDown} from "../../libraries/math/FixedPoint.sol";
import {PerpState} from "../../types/Market.sol";

/// @title Mark and funding of perpetuals
/// @notice One cumulative figure per underlying; nothing is stored per account.
/// @dev Only a fill of a perpetual needs funding up to date, because the figure enters the entry cost there. Settling an
/// expiry, moving a slice and turning a quote figure into cash do not read it. So a price feed that fails stops trading of
/// perpetuals and `accrueFunding`, both with the oracle's error, and never a settlement or a liquidation; what was not
/// accrued meanwhile is caught up at the clamped rate, at the index of the next touch.
abstract contract Funding is IClearinghouse {
    using SafeCast for int256;
    using SafeCast for uint256;

    uint256 internal constant FUNDING_PERIOD = 8 hours;
    uint256 internal constant MAX_PREMIUM = 0.1e18;
    uint256 internal constant MAX_RATE = 0.05e18;
    uint256 internal constant MIN_AVERAGE = 1 minutes;
    uint256 internal constant MAX_AVERAGE = 1 days;
    int256 private constant ONE = 1e18;

    mapping(uint16 underlying => PerpState state) private _perps;
    FundingParams private _params;
    IPriceOracle private _oracle;

    /// @inheritdoc IClearinghouse
    function perpState(uint16 underlying) external view returns (PerpState memory) {
        return _perps[underlying];
    }

    /// @inheritdoc IClearinghouse
    /// @custom:rounding floor: one figure serves both sides
    function perpMark(
        uint16 underlying,
        uint256 indexE18
    ) external view returns (uint256 markE18, int256 cumulativeFundingE18) {
        PerpState storage state = _perps[underlying];
        int256 premiumE18 = _clamp(state.premiumE18, _params.maxPremiumE18);
        markE18 = mulDown(indexE18, uint256(ONE + premiumE18));
        cumulativeFundingE18 = _fundingNow(state, indexE18);
    }

    /// @inheritdoc IClearinghouse
    function fundingParams() external view returns (FundingParams memory) {
        return _params;
    }

    /// @inheritdoc IClearinghouse
    function priceOracle() external view returns (address) {
        return address(_oracle);
    }

    /// @dev Brings cumulative funding to now.
    /// @return fundingE18 Settlement coin per unit long, 18 decimals.
    function _accrue(uint16 underlying, uint256 indexE18) internal returns (int256 fundingE18) {
        PerpState storage state = _perps[underlying];
        fundingE18 = _fundingNow(state, indexE18);
        if (state.updatedAt == block.timestamp) return fundingE18;
        state.cumulativeFundingE18 = fundingE18.toInt112();
        state.updatedAt = uint40(block.timestamp);
        // The first touch starts the clock of the average, so that the first fill does not weigh as much as all time before it.
        if (state.sampledAt == 0) state.sampledAt = uint40(block.timestamp);
        emit FundingAccrued(underlying, fundingE18, state.premiumE18);
    }

    /// @dev Moves the average premium by one fill. Assumes that funding was accrued in this block.
    function _samplePremium(uint16 underlying, uint256 sizeE18, uint256 priceE18, uint256 indexE18) internal {
        PerpState storage state = _perps[underlying];
        FundingParams memory params = _params;
        uint256 unseen = block.timestamp - state.sampledAt;
        uint256 weight = unseen * Math.min(mulDown(sizeE18, indexE18), params.sampleNotionalE18);
        if (weight == 0) return;
        int256 sampleE18 = mulDivFloor(int256(priceE18) - int256(indexE18), ONE, int256(indexE18));
        sampleE18 = _clamp(sampleE18, params.maxPremiumE18);
        int256 premiumE18 = _clamp(state.premiumE18, params.maxPremiumE18);
        uint256 whole = (unseen + params.averageSeconds) * params.sampleNotionalE18;
        premiumE18 += mulDivFloor(sampleE18 - premiumE18, int256(weight), int256(whole));
        // Both ends of the step lie within the clamp, and so does the average; the weight is at most the time it stands for.
        state.premiumE18 = int64(premiumE18);
        state.sampledAt += uint40(mulDivDown(weight, 1, params.sampleNotionalE18));
        emit PremiumSampled(underlying, sampleE18, premiumE18, state.sampledAt);
    }

    function _setFundingParams(FundingParams memory params) internal {
        _params = params;
        emit FundingParamsSet(params);
    }

    function _setOracle(address priceOracle_) internal {
        address before = address(_oracle);
        _oracle = IPriceOracle(priceOracle_);
        emit PriceOracleSet(before, priceOracle_);
    }

    function _priceOracle() internal view returns (IPriceOracle) {
        return _oracle;
    }

    function _index(uint16 underlying) internal view returns (uint256 indexE18) {
        return _oracle.price(underlying);
    }

    /// @dev Cumulative funding with what has accrued since the last touch: at most `index * maxRate` per 8 hours.
    function _fundingNow(PerpState storage state, uint256 indexE18) private view returns (int256) {
        if (state.updatedAt == 0 || state.updatedAt == block.timestamp) return state.cumulativeFundingE18;
        int256 rateE18 = _clamp(state.premiumE18, _params.maxRateE18);
        int256 elapsed = int256(block.timestamp - state.updatedAt);
        int256 denominator = ONE * int256(FUNDING_PERIOD);
        return state.cumulativeFundingE18 + mulDivFloor(indexE18.toInt256() * rateE18, elapsed, denominator);
    }

    function _clamp(int256 x, uint256 limit) private pure returns (int256) {
        return SignedMath.max(SignedMath.min(x, int256(limit)), -int256(limit));
    }
}
