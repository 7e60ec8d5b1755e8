// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {ISurfaceOracle} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {AuctionHandler} from "./AuctionHandler.sol";

/// @notice What anybody may tell the protocol about prices, true or not: rounds around an expiry, pokes, surfaces.
abstract contract ReportHandler is AuctionHandler {
    /// @notice ORC-1: an expiry has no price but that of the two rounds around it.
    function settleWrong(uint256 seed) external {
        seed = _begin(seed);
        uint16 u = (seed & 1) == 0 ? BTC : ETH;
        uint40 expiry = liveExpiries[u][(seed >> 8) % liveExpiries[u].length];
        if (expiry > clock || house.settlementPriceE18(u, expiry) != 0) {
            _refuseSettle(u, expiry, 1, 2, IClearinghouse.Clearinghouse_CannotSettle.selector);
        } else if ((seed >> 16) % 5 == 0) {
            bytes4 refusal = IClearinghouse.Clearinghouse_CannotSettle.selector;
            _refuseSettle(u, expiry + 1, 1, 2, refusal);
        } else {
            _settleAtWrongRounds(u, expiry, (seed >> 16) % 5);
        }
        _end(false);
    }

    /// @notice ORC-2: a jump is no price until it has stood; anybody may poke, and gains nothing.
    function poke(uint256 seed) external {
        seed = _begin(seed);
        uint16 u = (seed & 1) == 0 ? BTC : ETH;
        uint256 accepted = prices.feedState(u).acceptedE18;
        if (seed % 4 == 0) {
            bytes memory data = abi.encodeCall(IPriceOracle.poke, (3));
            bytes4 refusal = IPriceOracle.PriceOracle_UnknownFeed.selector;
            vm.assertEq(bytes32(_attempt(_stranger(), address(prices), data)), bytes32(refusal), "ORC-2: no such feed");
        } else {
            feeds[u].pushAnswer(int256(spotE18[u] / 1e10) * (seed % 4 == 1 ? int256(2) : int256(4)));
            vm.prank(_stranger());
            prices.poke(u);
            vm.assertEq(uint256(prices.feedState(u).acceptedE18), accepted, "ORC-2: a jump is not accepted at once");
            bytes4 refusal = IPriceOracle.PriceOracle_Jump.selector;
            bytes memory data = abi.encodeCall(IClearinghouse.accrueFunding, (u));
            vm.assertEq(bytes32(_attempt(_stranger(), address(house), data)), bytes32(refusal), "ORC-2: no price");
            _push(u, int256(spotE18[u] / 1e10));
        }
        vm.prank(_stranger());
        prices.poke(u);
        vm.assertEq(prices.price(u), spotE18[u], "ORC-2: the price is the feed's");
        _end(false);
    }

    /// @notice ORC-3: a surface that k signers did not sign, or that breaks a bound, changes nothing.
    function publishBad(uint256 seed) external {
        seed = _begin(seed);
        uint16 u = (seed & 1) == 0 ? BTC : ETH;
        _later(1);
        uint40 expiry = _far();
        clock += 1;
        _nextBlock();
        ISurfaceOracle.SurfaceReport[] memory reports = new ISurfaceOracle.SurfaceReport[](1);
        bytes[][] memory signatures = new bytes[][](1);
        reports[0] = _surfaceReport(u, expiry);
        uint40 publishedAt = surfaces.lastSurface(u, expiry).publishedAt;
        bytes4 refusal = _spoilReport(reports[0], (seed >> 8) % 6);
        signatures[0] = _signReport(reports[0]);
        if (refusal == 0) (signatures, refusal) = _spoilSignatures(signatures, (seed >> 8) % 6);
        bytes memory data = abi.encodeCall(ISurfaceOracle.publish, (reports, signatures));
        vm.assertEq(bytes32(_attempt(_stranger(), address(surfaces), data)), bytes32(refusal), "ORC-3: a bad report");
        vm.assertEq(
            uint256(surfaces.lastSurface(u, expiry).publishedAt),
            uint256(publishedAt),
            "ORC-3: no new surface"
        );
        _report();
        _endMarket();
    }

    // --- parts

    function _settleAtWrongRounds(uint16 u, uint40 expiry, uint256 way) private {
        (uint80 earlier, uint80 later) = _roundsAround(u, expiry);
        if (way == 1) (earlier, later) = (earlier - 1, earlier);
        else if (way == 2) (earlier, later) = (later, later + 1);
        else if (way == 3) earlier = earlier - 1;
        else later = later + 1;
        _reach("wrongRounds");
        _refuseSettle(u, expiry, earlier, later, IPriceOracle.PriceOracle_RoundsDoNotStraddle.selector);
    }

    function _refuseSettle(uint16 u, uint40 expiry, uint80 earlier, uint80 later, bytes4 refusal) private {
        bytes memory data = abi.encodeCall(IClearinghouse.settleExpiry, (u, expiry, earlier, later));
        bytes4 failure = _attempt(_stranger(), address(house), data);
        vm.assertEq(bytes32(failure), bytes32(refusal), "ORC-1: no price but that of the rounds around the expiry");
    }

    /// @dev Breaks a rule of the report itself; the last ways leave it as it is.
    function _spoilReport(
        ISurfaceOracle.SurfaceReport memory report,
        uint256 way
    ) private view returns (bytes4 refusal) {
        if (way == 0) {
            report.surface.publishedAt = surfaces.lastSurface(report.underlying, report.expiry).publishedAt;
            return ISurfaceOracle.SurfaceOracle_BadTime.selector;
        }
        if (way == 1) {
            report.surface.forwardRatioE18 = uint64(3 * ONE);
            return ISurfaceOracle.SurfaceOracle_ForwardOutOfBounds.selector;
        }
        if (way == 2) {
            report.surface.discountE18 = 0;
            return ISurfaceOracle.SurfaceOracle_BadDiscount.selector;
        }
    }

    function _spoilSignatures(
        bytes[][] memory signatures,
        uint256 way
    ) private pure returns (bytes[][] memory spoiled, bytes4 refusal) {
        if (way == 3) return (new bytes[][](0), ISurfaceOracle.SurfaceOracle_LengthMismatch.selector);
        spoiled = signatures;
        bytes memory second = signatures[0][1];
        if (way == 4) {
            spoiled[0] = new bytes[](1);
            spoiled[0][0] = second;
            return (spoiled, ISurfaceOracle.SurfaceOracle_TooFewSignatures.selector);
        }
        spoiled[0][0] = second;
        return (spoiled, ISurfaceOracle.SurfaceOracle_BadSigner.selector);
    }

    function _stranger() private pure returns (address) {
        return vm.addr(_key("stranger"));
    }
}
