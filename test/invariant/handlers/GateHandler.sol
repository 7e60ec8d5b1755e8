// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../../../contracts/interfaces/IClearinghouse.sol";
import {ILiquidator} from "../../../contracts/interfaces/ILiquidator.sol";
import {IRiskEngine} from "../../../contracts/interfaces/IRiskEngine.sol";
import {ISolvencyGate} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {SolvencyGate} from "../../../contracts/liquidation/SolvencyGate.sol";
import {LastKnownPrices} from "../../../contracts/oracle/LastKnownPrices.sol";
import {LastKnownRisk} from "../../../contracts/risk/LastKnownRisk.sol";
import {RiskModels} from "../../../contracts/risk/RiskModels.sol";
import {Assessment, Book, Position} from "../../../contracts/types/Book.sol";
import {GateLevel} from "../../../contracts/types/Gate.sol";
import {InstrumentId} from "../../../contracts/types/InstrumentId.sol";
import {AuctionHandler} from "./AuctionHandler.sol";
import {Refusals} from "./Refusals.sol";

/// @notice The solvency gate, the price band, and books that shrink at the last known prices.
abstract contract GateHandler is AuctionHandler {
    SolvencyGate internal gate;
    LastKnownRisk internal lastKnown;

    /// @notice GAT-1: what the gate says is what vault and clearinghouse do.
    function lookAtGate(uint256 seed) external {
        seed = _begin(seed);
        GateLevel level = gate.look();
        _requireGate(level);
        if (level != GateLevel.NORMAL) _reach("gate");
        _end(false);
    }

    /// @notice Terms of the gate and of what it stands beside change.
    function setGateTerms(uint256 seed) external {
        seed = _begin(seed);
        uint256 way = seed % 5;
        if (way == 0) gate.setTimes(_times(uint32(bound(seed >> 8, 5 minutes, 1 hours))));
        else if (way == 1) gate.setThresholds(ISolvencyGate.Signal.DEVIATION, _thresholds(seed >> 8));
        else if (way == 2) house.setPriceBand(uint64(bound(seed >> 8, 500_000, 1_000_000) * 1e12));
        else if (way == 3) liquidator.setDataFee(ILiquidator.DataFee(address(prices), uint32(seed >> 8) % 1000, 400));
        else house.setLastKnownRisk(address(lastKnown));
        _end(false);
    }

    /// @notice CLR-6: a fill at the last known prices leaves both sides with no greater requirement, braked or not.
    function reduce(uint256 seed) external {
        seed = _begin(seed);
        (uint256 maker, uint256 taker) = _two(seed);
        house.settleAccount(accounts[maker]);
        house.settleAccount(accounts[taker]);
        (InstrumentId instrument, int256 size) = _common(maker, taker);
        if (size == 0) return _end(false);
        bool braked = (seed >> 64) & 1 == 0;
        _touch(maker);
        _touch(taker);
        Book memory makerBook = _bookOf(accounts[maker]);
        Book memory takerBook = _bookOf(accounts[taker]);
        size = size / int256(1 + ((seed >> 72) % 3));
        IClearinghouse.Fill[] memory items = new IClearinghouse.Fill[](1);
        items[0] = _quote(keys[maker], 0, accounts[taker], _legs(_leg(instrument, size, _fairOf(instrument))));
        if (braked) prices.pauseFeed(instrument.underlying());
        bytes memory data = abi.encodeCall(IClearinghouse.fillReducing, (items));
        bytes4 failure = _attempt(accounts[taker].owner(), address(house), data);
        if (braked) {
            prices.unpauseFeed(instrument.underlying());
            graceUntil = clock + prices.brakeGraceSeconds();
        }
        if (failure == 0) {
            _reach("reduced");
            _requireSmaller(maker, makerBook);
            _requireSmaller(taker, takerBook);
        } else {
            _expect(failure, Refusals.reductions(), "fillReducing");
        }
        _end(false);
    }

    function _openGate() internal {
        RiskModels models = RiskModels(address(IRiskEngine(address(engine)).models()));
        lastKnown = new LastKnownRisk(models.greeksModel(), address(new LastKnownPrices(parameters)));
        house.setLastKnownRisk(address(lastKnown));
        ISolvencyGate.Thresholds[3] memory thresholds = [_thresholds(0), _thresholds(1), _thresholds(2)];
        gate = new SolvencyGate(vault, house, parameters, address(manager), _times(10 minutes), thresholds);
        manager.grantRole(manager.ADMIN_ROLE(), address(gate), 0);
        gate.look();
    }

    function _requireGate(GateLevel level) private view {
        vm.assertEq(vault.halted(), level == GateLevel.HALT, "GAT-1: HALT stops who owes or holds");
        if (level == GateLevel.NORMAL) return;
        vm.assertTrue(house.openingPaused(), "GAT-1: nobody opens");
        vm.assertTrue(vault.borrowingPaused(), "GAT-1: nobody borrows");
    }

    /// @dev Both books at the prices and the open interest after the fill: the share of it that an account has may have grown.
    function _requireSmaller(uint256 place, Book memory before) private view {
        Assessment memory was = engine.assessBook(before);
        Assessment memory is_ = engine.assess(accounts[place]);
        vm.assertLe(is_.initialE18, was.initialE18, "CLR-6: no greater requirement");
        int256 cost = was.equityE18 - is_.equityE18;
        vm.assertLe(cost * 4, int256(was.initialE18 - is_.initialE18), "CLR-6: for a quarter of what was released");
        vm.assertGe(is_.equityE18, int256(0), "CLR-6: nothing is owed");
    }

    /// @dev The first instrument in which the two stand on opposite sides, and how much the maker may buy back or sell.
    function _common(uint256 maker, uint256 taker) private view returns (InstrumentId instrument, int256 size) {
        (Position[] memory positions, ) = house.positionsOf(accounts[maker]);
        for (uint256 i = 0; i < positions.length; ++i) {
            int256 other = house.sizeOf(accounts[taker], positions[i].instrument);
            int256 own = positions[i].sizeE18;
            if (other == 0 || (other > 0) == (own > 0)) continue;
            int256 most = _abs(own) < _abs(other) ? _abs(own) : _abs(other);
            return (positions[i].instrument, own > 0 ? -most : most);
        }
    }

    /// @dev Spot, or what an option would be worth at once.
    function _fairOf(InstrumentId instrument) private view returns (uint256) {
        uint256 spot = spotE18[instrument.underlying()];
        return instrument.isLinear() ? spot : _intrinsic(instrument, spot);
    }

    function _times(uint32 dwellSeconds) private pure returns (ISolvencyGate.Times memory) {
        return ISolvencyGate.Times(dwellSeconds, 10 minutes, 6 hours);
    }

    /// @dev High enough to leave most of a campaign open.
    function _thresholds(uint256 seed) private pure returns (ISolvencyGate.Thresholds memory) {
        uint64 throttleIn = uint64(bound(seed, 0.35e18, 0.6e18));
        return ISolvencyGate.Thresholds(throttleIn, throttleIn / 2, throttleIn + 0.2e18, throttleIn / 2 + 0.1e18);
    }

    function _abs(int256 x) private pure returns (int256) {
        return x < 0 ? -x : x;
    }
}
