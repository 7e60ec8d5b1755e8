// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILiquidator} from "../../interfaces/ILiquidator.sol";
import {AccountId, toAccountId} from "../../types/AccountId.sol";

/// @notice Keeper whose callback answers with junk, burns all gas or throws a large error. It has no `onSlice`: whatever it is
/// asked ends in the fallback.
contract HostileKeeper {
    enum Mood {
        JUNK,
        BURNING,
        THROWING
    }

    uint256 private constant JUNK_BYTES = 50_000;

    ILiquidator private immutable LIQUIDATOR;
    Mood private _mood;

    constructor(ILiquidator liquidator) {
        LIQUIDATOR = liquidator;
    }

    function setMood(Mood mood) external {
        _mood = mood;
    }

    function take(AccountId account, uint256 fractionE18) external {
        AccountId keeper = toAccountId(address(this), 0);
        LIQUIDATOR.take(account, keeper, fractionE18, type(int256).max, "x");
    }

    receive() external payable {}

    fallback() external payable {
        if (_mood == Mood.BURNING) {
            uint256 x;
            while (true) x = uint256(keccak256(abi.encode(x)));
        }
        bool throwing = _mood == Mood.THROWING;
        assembly {
            if throwing {
                revert(0, JUNK_BYTES)
            }
            return(0, JUNK_BYTES)
        }
    }
}
