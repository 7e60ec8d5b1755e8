// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {Relative} from "../../contracts/libraries/math/Relative.sol";
import {Search} from "../../contracts/libraries/math/Search.sol";
import {MockAggregator} from "../../contracts/mocks/oracle/MockAggregator.sol";
import {PriceOracle} from "../../contracts/oracle/PriceOracle.sol";
import {SolidityTest} from "../base/SolidityTest.sol";

/// @notice Scaling of answers, the jump state machine and straddling rounds under any input.
contract OracleTest is SolidityTest {
    using Search for Search.Bracket;

    uint16 private constant FEED = 1;
    uint32 private constant MAX_AGE = 1 hours;
    uint32 private constant CONFIRM = 10 minutes;
    uint64 private constant MAX_JUMP = 0.2e18;
    /// @dev Greatest bound on a price that a feed can store.
    uint128 private constant MAX_PRICE = uint128(type(uint64).max) * 1e10;

    PriceOracle private _oracle;

    function setUp() public {
        vm.warp(1_800_000_000);
        _oracle = new PriceOracle(address(new AccessManager(address(this))), CONFIRM);
    }

    /// @dev Rounded down, within one unit, never zero.
    function testFuzz_ScalesAnyDecimals(uint256 answer, uint8 decimals) public {
        decimals = uint8(bound(decimals, 0, 30));
        uint256 scale = 10 ** (decimals > 18 ? decimals - 18 : 18 - decimals);
        answer =
            decimals > 18 ? bound(answer, scale * 2, uint256(1e29) * scale) : bound(answer, 2, MAX_PRICE / scale - 1);
        _set(new MockAggregator(decimals, int256(answer)), 0);
        uint256 priceE18 = _oracle.price(FEED);
        vm.assertGt(priceE18, 0, "price is above zero");
        if (decimals > 18) {
            vm.assertLe(priceE18 * scale, answer, "rounded down");
            vm.assertGt((priceE18 + 1) * scale, answer, "by less than a unit");
        } else {
            vm.assertEq(priceE18, answer * scale, "exact");
        }
    }

    /// @dev Whatever is answered and whoever calls when: a price beyond the bound of the accepted value is never used before it
    /// was seen for the confirmation time, and a price that stands is used after it.
    function testFuzz_JumpsNeedTheirTime(uint256[12] memory answers, uint256[12] memory waits) public {
        MockAggregator feed = new MockAggregator(8, 1_000e8);
        _set(feed, 0);
        for (uint256 i = 0; i < answers.length; ++i) {
            uint256 priceE18 = bound(answers[i], 10e8, 100_000e8) * 1e10;
            vm.warp(block.timestamp + bound(waits[i], 0, 30 minutes));
            feed.pushAnswer(int256(priceE18 / 1e10));
            IPriceOracle.FeedState memory before = _oracle.feedState(FEED);
            bool near = Relative.within(priceE18, before.acceptedE18, MAX_JUMP);
            if (!near) {
                vm.expectPartialRevert(IPriceOracle.PriceOracle_Jump.selector);
                _oracle.price(FEED);
            }
            _oracle.poke(FEED);
            IPriceOracle.FeedState memory state = _oracle.feedState(FEED);
            bool stood =
                before.candidateE18 != 0 &&
                    Relative.within(priceE18, before.candidateE18, MAX_JUMP) &&
                    block.timestamp >= before.candidateSince + CONFIRM &&
                    block.timestamp <= before.candidateSince + CONFIRM + MAX_AGE;
            vm.assertEq(state.acceptedE18 == priceE18, near || stood, "accepted when near or confirmed, and only then");
            if (!near && !stood) vm.assertEq(state.acceptedE18, before.acceptedE18, "a jump moves nothing");
        }
        uint256 since = _oracle.feedState(FEED).candidateSince;
        if (since == 0) return;
        vm.warp(since + CONFIRM);
        _oracle.poke(FEED);
        _oracle.price(FEED);
    }

    /// @dev Of all pairs of rounds over three phases that may overlap, at most one gives a price for a moment.
    function testFuzz_OnePriceForAMoment(uint32[9] memory gaps, uint256 moment) public {
        MockAggregator feed = new MockAggregator(8, 1_000e8);
        _set(feed, 0);
        uint256 start = block.timestamp;
        uint80[9] memory ids;
        for (uint256 phase = 0; phase < 3; ++phase) {
            uint256 updatedAt = start + phase * 2 hours;
            if (phase != 0) feed.startPhase();
            for (uint256 i = 0; i < 3; ++i) {
                updatedAt += bound(gaps[phase * 3 + i], 1, 2 hours);
                uint256 place = phase * 3 + i;
                ids[place] = feed.toRoundId(uint16(phase + 1), uint64(i + 1));
                feed.setRound(ids[place], int256((place + 1) * 1_000e8), updatedAt, ids[place]);
            }
        }
        vm.warp(start + 1 days);
        uint40 atSeconds = uint40(start + bound(moment, 1, 11 hours));
        uint256 prices = 0;
        for (uint256 i = 0; i < 9; ++i) {
            for (uint256 j = 0; j < 9; ++j) {
                try _oracle.priceAt(FEED, atSeconds, ids[i], ids[j]) returns (uint256) {
                    ++prices;
                } catch {
                    continue;
                }
            }
        }
        vm.assertLe(prices, 1, "at most one pair");
    }

    /// @dev An average lies between the least and the greatest answer of its window; without a window it is that of the moment.
    function testFuzz_AveragesLieBetweenAnswers(
        uint256[8] memory answers,
        uint256[8] memory gaps,
        uint256 window
    ) public {
        window = bound(window, 0, 1 hours);
        (MockAggregator feed, uint256[9] memory times) = _write(answers, gaps, window);
        uint256 until = times[8] - 1;
        uint256 priceE18 = _averaged(feed, until);
        (uint256 least, uint256 most) = (type(uint256).max, 0);
        for (uint256 i = 0; i < 8; ++i) {
            if (i != 7 && times[i + 1] + window <= until) continue;
            if (answers[i] < least) least = answers[i];
            if (answers[i] > most) most = answers[i];
        }
        vm.assertGe(priceE18, least * 1e10, "not below the least");
        vm.assertLe(priceE18, most * 1e10, "not above the greatest");
        if (window == 0) vm.assertEq(priceE18, answers[7] * 1e10, "the moment's own");
    }

    /// @dev One answer moves the average by its share of the window, to a unit.
    function testFuzz_OneAnswerHasItsShare(
        uint256[8] memory answers,
        uint256[8] memory gaps,
        uint256 window,
        uint256 place
    ) public {
        window = bound(window, 1, 1 hours);
        place = bound(place, 0, 7);
        (MockAggregator feed, uint256[9] memory times) = _write(answers, gaps, window);
        uint256 until = times[8] - 1;
        uint256 priceE18 = _averaged(feed, until);
        // What was answered before the first is too old, so that the first stands for the time before it.
        uint256 from = place != 0 && times[place] + window > until ? times[place] : until - window;
        uint256 end = times[place + 1] < until ? times[place + 1] : until;
        uint80 round = feed.latestRound() - uint80(8 - place);
        feed.setRound(round, int256(answers[place] * 2), times[place], round);
        uint256 movedE18 = _averaged(feed, until) - priceE18;
        uint256 shareE18 = end > from ? (answers[place] * 1e10 * (end - from)) / window : 0;
        vm.assertGe(movedE18 + 1, shareE18, "no less than its share");
        vm.assertLe(movedE18, shareE18 + 1, "no more than its share");
    }

    /// @dev Eight rounds from two hours after the feed's first on, and one after the moment.
    function _write(
        uint256[8] memory answers,
        uint256[8] memory gaps,
        uint256 window
    ) private returns (MockAggregator feed, uint256[9] memory times) {
        feed = new MockAggregator(8, 1_000e8);
        _set(feed, 0);
        _oracle.setSettlementWindow(uint32(window));
        uint256 updatedAt = block.timestamp + 2 hours;
        for (uint256 i = 0; i < 8; ++i) {
            times[i] = updatedAt;
            answers[i] = bound(answers[i], 10e8, 100_000e8);
            feed.pushRound(int256(answers[i]), updatedAt);
            updatedAt += bound(gaps[i], 1, 15 minutes);
        }
        times[8] = updatedAt;
        feed.pushRound(1e8, updatedAt);
        vm.warp(updatedAt);
    }

    function _averaged(MockAggregator feed, uint256 until) private view returns (uint256) {
        uint80 last = feed.latestRound() - 1;
        return _oracle.priceAt(FEED, uint40(until), last, last + 1);
    }

    /// @dev The search ends at neighbours around the change of sign of any rising or falling figure.
    function testFuzz_SearchEndsAtTheCrossing(
        uint256 low,
        uint256 span,
        uint256 root,
        bool rising,
        bool blind
    ) public pure {
        low = bound(low, 0, 1e30);
        span = bound(span, 1, 1e30);
        root = bound(root, low + 1, low + span); // first point on the other side
        Search.Bracket memory bracket =
            rising
                ? Search.Bracket({good: low + span, atGood: 0, bad: low, atBad: 0})
                : Search.Bracket({good: low, atGood: 0, bad: low + span, atBad: 0});
        bracket.atGood = _figure(bracket.good, root, rising, blind);
        bracket.atBad = _figure(bracket.bad, root, rising, blind);
        bool good = true;
        uint256 step = 0;
        for (; bracket.width() > 1; ++step) {
            uint256 point = bracket.next(step, good);
            good = bracket.narrow(point, _figure(point, root, rising, blind));
        }
        vm.assertEq(rising ? bracket.good : bracket.bad, root, "the far end is the root");
        vm.assertLe(step, 3 * 101, "at most three times plain halving");
    }

    /// @dev Bent at the root, so that interpolation alone would be slow; `blind` shows nothing but the side.
    function _figure(uint256 x, uint256 root, bool rising, bool blind) private pure returns (int256) {
        bool good = rising ? x >= root : x < root;
        if (blind) return good ? type(int256).max : type(int256).min;
        uint256 distance = x >= root ? x - root : root - x;
        return good ? int256(distance * 7) : -int256(distance) - 1;
    }

    function _set(MockAggregator feed, uint128 minE18) private {
        _oracle.setFeed(
            FEED,
            IPriceOracle.FeedConfig({
                aggregator: address(feed),
                second: address(0),
                maxAgeSeconds: MAX_AGE,
                maxDeviationE18: 0,
                maxJumpE18: MAX_JUMP,
                minPriceE18: minE18,
                maxPriceE18: MAX_PRICE
            })
        );
    }
}
