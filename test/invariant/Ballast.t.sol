// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SolidityTest} from "../base/SolidityTest.sol";
import {AuctionHandler} from "./handlers/AuctionHandler.sol";
import {BallastHandler} from "./handlers/BallastHandler.sol";
import {DriverHandler} from "./handlers/DriverHandler.sol";
import {GateHandler} from "./handlers/GateHandler.sol";
import {HostileHandler} from "./handlers/HostileHandler.sol";
import {OfficerHandler} from "./handlers/OfficerHandler.sol";
import {PoolHandler} from "./handlers/PoolHandler.sol";
import {ReportHandler} from "./handlers/ReportHandler.sol";
import {RightsHandler} from "./handlers/RightsHandler.sol";
import {StewardHandler} from "./handlers/StewardHandler.sol";
import {StrangerHandler} from "./handlers/StrangerHandler.sol";

/// @notice One campaign over the whole protocol; after every action everything is checked.
contract BallastInvariantTest is SolidityTest {
    BallastHandler private _handler;

    function setUp() public {
        _handler = new BallastHandler();
        targetContract(address(_handler));
        targetSelector(address(_handler), _actions());
    }

    function invariant_BooksHold() public {
        _handler.check();
    }

    /// @dev What moves books and prices comes more than once, so that it comes more often.
    function _actions() private pure returns (bytes4[] memory actions) {
        actions = new bytes4[](62);
        uint256 next = _put(actions, 0, BallastHandler.money.selector, 2);
        next = _put(actions, next, BallastHandler.upkeep.selector, 2);
        next = _put(actions, next, BallastHandler.fillOne.selector, 3);
        next = _put(actions, next, BallastHandler.fillMany.selector, 3);
        next = _put(actions, next, BallastHandler.fillBad.selector, 1);
        next = _put(actions, next, BallastHandler.movePrice.selector, 5);
        next = _put(actions, next, BallastHandler.passTime.selector, 2);
        next = _put(actions, next, BallastHandler.settleExpiries.selector, 1);
        next = _put(actions, next, AuctionHandler.start.selector, 3);
        next = _put(actions, next, AuctionHandler.startSameBlock.selector, 1);
        next = _put(actions, next, AuctionHandler.take.selector, 3);
        next = _put(actions, next, AuctionHandler.cancel.selector, 1);
        next = _put(actions, next, AuctionHandler.restart.selector, 1);
        next = _put(actions, next, StrangerHandler.strangers.selector, 2);
        next = _put(actions, next, RightsHandler.setOperator.selector, 1);
        next = _put(actions, next, RightsHandler.operate.selector, 2);
        next = _put(actions, next, RightsHandler.depositForOther.selector, 1);
        next = _put(actions, next, PoolHandler.pool.selector, 2);
        next = _put(actions, next, PoolHandler.donate.selector, 1);
        next = _put(actions, next, OfficerHandler.setRisk.selector, 1);
        next = _put(actions, next, OfficerHandler.setTerms.selector, 1);
        next = _put(actions, next, OfficerHandler.rewire.selector, 1);
        next = _put(actions, next, OfficerHandler.brake.selector, 1);
        next = _put(actions, next, ReportHandler.settleWrong.selector, 1);
        next = _put(actions, next, ReportHandler.poke.selector, 1);
        next = _put(actions, next, ReportHandler.publishBad.selector, 1);
        next = _put(actions, next, HostileHandler.hostileToken.selector, 2);
        next = _put(actions, next, HostileHandler.hostileKeeper.selector, 1);
        next = _put(actions, next, HostileHandler.hostileWallet.selector, 1);
        next = _put(actions, next, HostileHandler.closeOut.selector, 1);
        next = _put(actions, next, GateHandler.lookAtGate.selector, 1);
        next = _put(actions, next, GateHandler.setGateTerms.selector, 1);
        next = _put(actions, next, GateHandler.reduce.selector, 2);
        next = _put(actions, next, StewardHandler.moveFigures.selector, 2);
        next = _put(actions, next, StewardHandler.stepFigures.selector, 2);
        next = _put(actions, next, StewardHandler.stewardRights.selector, 1);
        next = _put(actions, next, DriverHandler.stepDriver.selector, 3);
        _put(actions, next, DriverHandler.driverRights.selector, 1);
    }

    function _put(bytes4[] memory actions, uint256 first, bytes4 action, uint256 times) private pure returns (uint256) {
        for (uint256 i = first; i < first + times; ++i) actions[i] = action;
        return first + times;
    }
}
