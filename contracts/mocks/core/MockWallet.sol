// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IClearinghouse} from "../../interfaces/IClearinghouse.sol";
import {AccountId, toAccountId} from "../../types/AccountId.sol";

/// @notice A contract that owns an account and approves digests; it can also misbehave when it is asked.
contract MockWallet is IERC1271 {
    enum Mood {
        HONEST,
        REVERTING,
        BURNING,
        REENTERING
    }

    error MockWallet_Refused();

    Mood private _mood;
    IClearinghouse private _clearinghouse;
    mapping(bytes32 digest => bool approved) private _approved;

    function approve(bytes32 digest) external {
        _approved[digest] = true;
    }

    function setMood(Mood mood, IClearinghouse clearinghouse) external {
        _mood = mood;
        _clearinghouse = clearinghouse;
    }

    /// @notice Calls the clearinghouse as this wallet.
    function execute(address target, bytes calldata data) external returns (bytes memory answer) {
        bool ok;
        (ok, answer) = target.call(data);
        if (!ok) revert MockWallet_Refused();
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        if (_mood == Mood.REVERTING) revert MockWallet_Refused();
        if (_mood == Mood.BURNING) {
            uint256 x;
            while (true) x = uint256(keccak256(abi.encode(x)));
        }
        if (_mood == Mood.REENTERING && _entered()) return 0xffffffff;
        return _approved[digest] ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    /// @dev Whether any door of the clearinghouse opens from inside a signature check.
    function _entered() private view returns (bool) {
        AccountId own = toAccountId(address(this), 0);
        bytes[3] memory calls = [
            abi.encodeCall(IClearinghouse.cancelAll, (own)),
            abi.encodeCall(IClearinghouse.settleAccount, (own)),
            abi.encodeCall(IClearinghouse.accrueFunding, (1))
        ];
        for (uint256 i; i < calls.length; ++i) {
            (bool ok, ) = address(_clearinghouse).staticcall(calls[i]);
            if (ok) return true;
        }
        return false;
    }
}
