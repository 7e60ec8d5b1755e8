// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILiquidator, ISliceReceiver} from "../../interfaces/ILiquidator.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {AccountId, toAccountId} from "../../types/AccountId.sol";

/// @notice Keeper as a contract: takes a slice and, in the callback, makes the calls that the data lists.
contract CallbackKeeper is ISliceReceiver {
    /// @notice One call of the callback.
    struct Step {
        address target;
        bytes data;
    }

    ILiquidator private immutable LIQUIDATOR;
    IMarginVault private immutable VAULT;

    event SliceReceived(AccountId indexed account, AccountId indexed keeper, uint256 fractionE18, bool wasLocked);

    constructor(ILiquidator liquidator, IMarginVault vault) {
        LIQUIDATOR = liquidator;
        VAULT = vault;
    }

    function run(Step[] calldata steps) external {
        for (uint256 i = 0; i < steps.length; ++i) _call(steps[i]);
    }

    function take(AccountId account, uint96 subAccount, uint256 fractionE18, Step[] calldata steps) external {
        AccountId keeper = toAccountId(address(this), subAccount);
        LIQUIDATOR.take(account, keeper, fractionE18, type(int256).max, abi.encode(steps));
    }

    function onSlice(
        AccountId account,
        AccountId keeper,
        ILiquidator.SliceTerms calldata terms,
        bytes calldata data
    ) external {
        emit SliceReceived(account, keeper, terms.fractionE18, VAULT.isLocked());
        Step[] memory steps = abi.decode(data, (Step[]));
        for (uint256 i = 0; i < steps.length; ++i) _call(steps[i]);
    }

    function _call(Step memory step) private {
        (bool success, bytes memory result) = step.target.call(step.data);
        if (!success) {
            assembly {
                revert(add(result, 32), mload(result))
            }
        }
    }
}
