// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IRiskSteward} from "../../../contracts/interfaces/IRiskSteward.sol";
import {IVolatilityDriver} from "../../../contracts/interfaces/IVolatilityDriver.sol";
import {VolatilityDriver} from "../../../contracts/governance/VolatilityDriver.sol";
import {Assessment} from "../../../contracts/types/Book.sol";
import {Scenario, UnderlyingParams} from "../../../contracts/types/Risk.sol";
import {StewardHandler} from "./StewardHandler.sol";

/// @notice The price range follows volatility: samples and steps by anybody, beside officers' changes, and what the driver refuses.
abstract contract DriverHandler is StewardHandler {
    VolatilityDriver internal driver;

    /// @notice STW-3: anybody makes the driver move; no range rises above what was announced a notice before, and no step
    /// closes who was above one and a step.
    function stepDriver(uint256 seed) external {
        seed = _begin(seed);
        if (seed & 1 == 0) _later(bound(seed >> 8, 1, 2 hours));
        uint16 id = ETH;
        IVolatilityDriver.Notice memory notice = driver.noticeOf(id);
        (uint256 standE18, uint256 goalE18, ) = driver.ranges(id);
        Assessment[] memory before = _assessedAll();
        bytes memory call =
            (seed >> 1) & 3 == 0
                ? abi.encodeCall(IVolatilityDriver.sample, (id))
                : abi.encodeCall(IVolatilityDriver.step, (id));
        bytes4 failure = _attempt(vm.addr(_key("stranger")), address(driver), call);
        if (failure == 0) {
            (uint256 nextE18, uint256 aimE18, ) = driver.ranges(id);
            if (aimE18 > goalE18 && aimE18 > standE18 && aimE18 > _floorE18()) {
                _reach("driven");
                vm.assertTrue(notice.rangeE18 != 0 && clock >= notice.riseAt, "STW-3: a rise is announced");
                vm.assertLe(aimE18, notice.rangeE18, "STW-3: a rise goes no further than announced");
            }
            if (nextE18 > standE18) vm.assertLe(nextE18, _greater(goalE18, aimE18), "STW-3: no range beyond its goal");
            _requireGentle(IRiskSteward.Subject.UNDERLYING, id, before);
        } else {
            _expect(failure, _refusals(), "driver");
        }
        _endMarket();
    }

    /// @notice Officers hold the driver and let it go, set its rules, and go where they like beside it.
    function driverRights(uint256 seed) external {
        seed = _begin(seed);
        uint256 way = seed % 4;
        if (way == 0) driver.pause(ETH);
        else if (way == 1) driver.unpause(ETH);
        else if (way == 2) driver.setRules(_driverRules(uint64(bound(seed >> 8, 0, 10e18))));
        else _tryDriver(accounts[(seed >> 8) % (TRADERS + KEEPERS)].owner());
        _endMarket();
    }

    function _openDriver() internal {
        driver = new VolatilityDriver(steward, parameters, address(manager), _driverRules(4e18));
        manager.grantRole(manager.ADMIN_ROLE(), address(driver), 0);
    }

    function _tryDriver(address who) private {
        bytes4 refusal = IAccessManaged.AccessManagedUnauthorized.selector;
        bytes[5] memory calls = [
            abi.encodeCall(IVolatilityDriver.pause, (ETH)),
            abi.encodeCall(IVolatilityDriver.unpause, (ETH)),
            abi.encodeCall(IVolatilityDriver.setRules, (_driverRules(1e18))),
            abi.encodeCall(IAccessManaged.setAuthority, (who)),
            abi.encodeCall(IRiskSteward.drive, (ETH, steward.governed(ETH)))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            address target = i + 1 == calls.length ? address(steward) : address(driver);
            vm.assertEq(bytes32(_attempt(who, target, calls[i])), bytes32(refusal), "CLR-4: nobody but an officer");
        }
    }

    /// @dev No sample is due, or the guardian holds the driver.
    function _refusals() private pure returns (bytes memory) {
        return
            abi.encodePacked(
                IVolatilityDriver.VolatilityDriver_TooEarly.selector,
                IVolatilityDriver.VolatilityDriver_Paused.selector
            );
    }

    function _floorE18() private view returns (uint256) {
        (UnderlyingParams memory params, ) = abi.decode(steward.governed(ETH), (UnderlyingParams, Scenario[]));
        return params.rangeE18;
    }

    function _driverRules(uint64 multipleE18) private pure returns (IVolatilityDriver.Rules memory) {
        return IVolatilityDriver.Rules(10 minutes, 6 hours, 1 days, 10 minutes, 0.1e18, multipleE18, 1.8e18, 0.05e18);
    }

    function _greater(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
