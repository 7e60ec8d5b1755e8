// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskSteward} from "../interfaces/IRiskSteward.sol";
import {ONE_E18, divUp, mulDivDown, mulUp} from "../libraries/math/FixedPoint.sol";
import {Transcendental} from "../libraries/math/Transcendental.sol";

/// @title What moving a parameter means
/// @notice For every figure of a change: which way is tighter, and by how much a requirement can rise at most when it moves.
/// @dev Figures are words of an ABI encoding, named by place. Let m be a relative rise of MM, F the least of the three floors of an
/// underlying, S the spot price, N the units of an account. Two facts carry every bound: MM >= F * S * N for hedged, net and short
/// option units, each by its floor; and a unit of anything changes its value by at most its delta (<= 1) times a change of price.
/// - q: MM has a part in proportion to the figure or slower: |x' / x| - 1.
/// - factors: from f to f' the loss of a book moves by at most |f' - f| * S * |net delta there|. What is long and linear has a loss
///   that is concave in |f - 1| and nothing at f = 1, so its slope is at most loss / |f - 1|; the short options beside it add at
///   most twice S per unit, which the floor bounds, and both count by the weight w. m <= d * (1 / |f - 1| + 2 w / F).
/// - v: vega is at most 0.4 * S * sqrt(T); times the power of the term structure it stays below 0.29 * S for a year and powers up to
///   one half, so that m <= d / F for volatilities up to 340 %.
/// - p: the derivative of (30 / DTE)^p adds a logarithm; m <= 2 d / F under the same conditions.
/// - r: gross delta <= 2 MM / (F * S); a year's roll for terms up to two years: m <= 4 d / F.
/// - b: MM >= half of the sum of scans: m <= 2 d.
/// - s: the weight of a holding falls by at most d * sqrt(value); values up to a billion dollars.
/// - n: enters no maintenance: no rise.
library Moves {
    /// @dev By place in the encoding: + tighter when greater, - tighter when less, = never moves.
    bytes private constant UNDERLYING_WAYS = "=+++-+-++++++++---+==";
    bytes private constant UNDERLYING_RATES = "0vvvvpprrqqqqqqqnnq00";
    /// @dev factor, logarithm, weight, state of each scenario; * is tighter further from one, ~ follows from the factor.
    bytes private constant SCENARIO_WAYS = "*~+=";
    bytes private constant SCENARIO_RATES = "00q0";
    bytes private constant ASSET_WAYS = "==-+";
    bytes private constant ASSET_RATES = "00qs";
    bytes private constant GROUP_WAYS = "-";
    bytes private constant GROUP_RATES = "b";
    bytes private constant GLOBAL_WAYS = "-++=";
    bytes private constant GLOBAL_RATES = "nqq0";
    bytes private constant CAP_WAYS = "--";
    bytes private constant CAP_RATES = "nn";
    bytes private constant LISTING_WAYS = "-=+--";
    bytes private constant LISTING_RATES = "n0nnn";

    uint256 internal constant UNDERLYING_WORDS = 21;
    uint256 private constant SCENARIO_WORDS = 4;
    uint256 private constant FLOOR_NET = 9;
    uint256 private constant FLOOR_SHORT = 11;
    /// @dev Root of a billion.
    uint256 private constant GREATEST_ROOT = 31_623;

    /// @notice Compares two encodings of one subject word by word.
    /// @return loosened One more than the place of the first figure that would be looser, 0 if none.
    /// @return costE18 Greatest relative rise of a requirement, 18 decimals, either way. The worst scenario counts, the rest adds up.
    /// @custom:rounding ceil
    function compare(
        IRiskSteward.Subject subject,
        bytes memory from,
        bytes memory to
    ) internal pure returns (uint256 loosened, uint256 costE18) {
        uint256 floorE18 = _leastFloor(subject, from, to);
        uint256 words = from.length >> 5;
        uint256 head = subject == IRiskSteward.Subject.UNDERLYING ? UNDERLYING_WORDS : words;
        for (uint256 place = 0; place < words; ++place) {
            (bytes1 way, bytes1 rate) = kindOf(subject, place);
            (uint256 x, uint256 y) = (wordAt(from, place), wordAt(to, place));
            if (x == y || way == "~") continue;
            _requireMovable(way, place, x, y);
            if (loosened == 0 && !_isTighter(way, x, y)) loosened = place + 1;
            if (place < head) costE18 += _cost(rate, place, floorE18, x, y);
        }
        costE18 += _worstScenario(from, to, head, floorE18);
    }

    /// @notice Figures at a share of the straight way from one encoding to the other.
    /// @param jump Whether figures that enter no maintenance arrive at once.
    /// @custom:rounding towards `from`
    function between(
        IRiskSteward.Subject subject,
        bytes memory from,
        bytes memory to,
        uint256 shareE18,
        bool jump
    ) internal pure returns (bytes memory result) {
        result = bytes.concat(to);
        if (shareE18 >= ONE_E18) return result;
        uint256 words = from.length >> 5;
        for (uint256 place = 0; place < words; ++place) {
            (uint256 x, uint256 y) = (wordAt(from, place), wordAt(to, place));
            (bytes1 way, bytes1 rate) = kindOf(subject, place);
            if (jump && rate == "n") continue;
            if (way == "~") {
                uint256 factorE18 = wordAt(result, place - 1);
                // A factor that did not move keeps the logarithm that was given with it.
                uint256 ln = factorE18 == wordAt(from, place - 1) ? x : uint256(Transcendental.lnE18(factorE18));
                putWord(result, place, ln);
            } else {
                uint256 wayE18 = mulDivDown(x > y ? x - y : y - x, shareE18, ONE_E18);
                putWord(result, place, x > y ? x - wayE18 : x + wayE18);
            }
        }
    }

    /// @notice Which way is tighter and how its cost is reckoned.
    function kindOf(IRiskSteward.Subject subject, uint256 place) internal pure returns (bytes1 way, bytes1 rate) {
        if (_isScenario(subject, place)) {
            uint256 field = (place - UNDERLYING_WORDS) & 3;
            return (SCENARIO_WAYS[field], SCENARIO_RATES[field]);
        }
        if (subject == IRiskSteward.Subject.UNDERLYING) return (UNDERLYING_WAYS[place], UNDERLYING_RATES[place]);
        if (subject == IRiskSteward.Subject.ASSET) return (ASSET_WAYS[place], ASSET_RATES[place]);
        if (subject == IRiskSteward.Subject.GROUP) return (GROUP_WAYS[place], GROUP_RATES[place]);
        if (subject == IRiskSteward.Subject.GLOBAL) return (GLOBAL_WAYS[place], GLOBAL_RATES[place]);
        if (subject == IRiskSteward.Subject.LISTING) return (LISTING_WAYS[place], LISTING_RATES[place]);
        return (CAP_WAYS[place], CAP_RATES[place]);
    }

    function wordAt(bytes memory data, uint256 place) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x20), shl(5, place)))
        }
    }

    function putWord(bytes memory data, uint256 place, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(data, 0x20), shl(5, place)), word)
        }
    }

    function _isScenario(IRiskSteward.Subject subject, uint256 place) private pure returns (bool) {
        return subject == IRiskSteward.Subject.UNDERLYING && place >= UNDERLYING_WORDS;
    }

    /// @dev A factor neither leaves one nor crosses it: that would be another scenario.
    function _requireMovable(bytes1 way, uint256 place, uint256 x, uint256 y) private pure {
        bool crosses = way == "*" && (x == ONE_E18 || y == ONE_E18 || (x > ONE_E18) != (y > ONE_E18));
        if (way == "=" || crosses) revert IRiskSteward.RiskSteward_CannotMove(place, x, y);
    }

    function _isTighter(bytes1 way, uint256 x, uint256 y) private pure returns (bool) {
        if (way == "*") return x > ONE_E18 ? y > x : y < x;
        return way == "+" ? y > x : y < x;
    }

    /// @dev Greatest cost of a scenario. Factor and weight of one move together, and the short options count by its weight.
    function _worstScenario(
        bytes memory from,
        bytes memory to,
        uint256 head,
        uint256 floorE18
    ) private pure returns (uint256 worstE18) {
        for (uint256 place = head; place < from.length >> 5; place += SCENARIO_WORDS) {
            (uint256 x, uint256 y) = (wordAt(from, place), wordAt(to, place));
            (uint256 v, uint256 w) = (wordAt(from, place + 2), wordAt(to, place + 2));
            uint256 partE18 = v == w ? 0 : _cost("q", place + 2, 0, v, w);
            if (x != y) {
                uint256 d = x > y ? x - y : y - x;
                partE18 += _over(d, _min(_fromOne(x), _fromOne(y)), place, x, y);
                partE18 += _over(mulUp(2 * d, _max(v, w)), floorE18, place, x, y);
            }
            worstE18 = _max(worstE18, partE18);
        }
    }

    /// @dev See the table above. A cost over nothing is no step: such a figure cannot move.
    function _cost(bytes1 rate, uint256 place, uint256 floorE18, uint256 x, uint256 y) private pure returns (uint256) {
        if (rate == "n") return 0;
        uint256 d = x > y ? x - y : y - x;
        if (rate == "b") return 2 * d;
        uint256 least = _min(x, y);
        if (rate == "s") {
            uint256 rootedE18 = d * GREATEST_ROOT;
            return least == 0 ? rootedE18 : _min(rootedE18, divUp(d, least));
        }
        if (rate == "q") return _over(d, least, place, x, y);
        uint256 times =
            rate == "v"
                ? 1
                : rate == "p"
                    ? 2
                    : 4;
        return _over(times * d, floorE18, place, x, y);
    }

    function _over(uint256 d, uint256 base, uint256 place, uint256 x, uint256 y) private pure returns (uint256) {
        if (base == 0) revert IRiskSteward.RiskSteward_CannotMove(place, x, y);
        return divUp(d, base);
    }

    function _leastFloor(
        IRiskSteward.Subject subject,
        bytes memory from,
        bytes memory to
    ) private pure returns (uint256 floorE18) {
        if (subject != IRiskSteward.Subject.UNDERLYING) return 0;
        floorE18 = type(uint256).max;
        for (uint256 place = FLOOR_NET; place <= FLOOR_SHORT; ++place) {
            floorE18 = _min(floorE18, _min(wordAt(from, place), wordAt(to, place)));
        }
    }

    function _fromOne(uint256 factorE18) private pure returns (uint256) {
        return factorE18 > ONE_E18 ? factorE18 - ONE_E18 : ONE_E18 - factorE18;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
