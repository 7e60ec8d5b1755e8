// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SolidityTest} from "../base/SolidityTest.sol";
import {AuctionHandler} from "./handlers/AuctionHandler.sol";
import {BallastHandler} from "./handlers/BallastHandler.sol";

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
        actions = new bytes4[](27);
        actions[0] = BallastHandler.money.selector;
        actions[1] = BallastHandler.money.selector;
        actions[2] = BallastHandler.upkeep.selector;
        actions[3] = BallastHandler.upkeep.selector;
        actions[4] = BallastHandler.fillOne.selector;
        actions[5] = BallastHandler.fillOne.selector;
        actions[6] = BallastHandler.fillOne.selector;
        actions[7] = BallastHandler.fillMany.selector;
        actions[8] = BallastHandler.fillMany.selector;
        actions[9] = BallastHandler.fillMany.selector;
        actions[10] = BallastHandler.fillBad.selector;
        actions[11] = BallastHandler.movePrice.selector;
        actions[12] = BallastHandler.movePrice.selector;
        actions[13] = BallastHandler.movePrice.selector;
        actions[14] = BallastHandler.movePrice.selector;
        actions[15] = BallastHandler.passTime.selector;
        actions[16] = BallastHandler.passTime.selector;
        actions[17] = BallastHandler.settleExpiries.selector;
        actions[18] = AuctionHandler.start.selector;
        actions[19] = AuctionHandler.start.selector;
        actions[20] = AuctionHandler.start.selector;
        actions[21] = AuctionHandler.startSameBlock.selector;
        actions[22] = AuctionHandler.take.selector;
        actions[23] = AuctionHandler.take.selector;
        actions[24] = AuctionHandler.take.selector;
        actions[25] = AuctionHandler.cancel.selector;
        actions[26] = AuctionHandler.restart.selector;
    }
}
