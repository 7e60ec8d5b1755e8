// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginVault} from "../../../contracts/core/MarginVault.sol";
import {MockCore} from "../../../contracts/mocks/core/MockCore.sol";
import {MockPositions} from "../../../contracts/mocks/core/MockPositions.sol";
import {MockRiskEngine} from "../../../contracts/mocks/risk/MockRiskEngine.sol";
import {MockToken} from "../../../contracts/mocks/token/MockToken.sol";
import {AccountId, toAccountId} from "../../../contracts/types/AccountId.sol";
import {SolidityTest} from "../../base/SolidityTest.sol";

/// @notice Everything anyone can do to the vault, with inputs bounded so that no call may revert.
/// Two owners with two accounts each, the protocol account, a coin with 6 decimals and one asset with 8.
contract VaultHandler is SolidityTest {
    MarginVault private immutable VAULT;
    MockToken private immutable COIN;
    MockToken private immutable ASSET;
    MockPositions private immutable CLEARINGHOUSE;
    MockCore private immutable LIQUIDATOR;
    MockCore private immutable BACKSTOP;
    MockRiskEngine private immutable ENGINE;

    AccountId[] private _accounts;
    uint256 private _supplyIndexE27 = 1e27;
    uint256 private _borrowIndexE27 = 1e27;
    bool private _wroteDown;

    constructor(
        MarginVault vault,
        MockToken coin,
        MockToken asset_,
        MockPositions clearinghouse,
        MockCore liquidator,
        MockCore backstop,
        MockRiskEngine engine
    ) {
        (VAULT, COIN, ASSET, CLEARINGHOUSE) = (vault, coin, asset_, clearinghouse);
        (LIQUIDATOR, BACKSTOP, ENGINE) = (liquidator, backstop, engine);
        for (uint160 i = 1; i <= 2; ++i) {
            address owner = address(0xA11CE0 + i);
            _accounts.push(toAccountId(owner, 0));
            _accounts.push(toAccountId(owner, 7));
            vm.startPrank(owner);
            coin.approve(address(vault), type(uint256).max);
            asset_.approve(address(vault), type(uint256).max);
            vm.stopPrank();
        }
        _accounts.push(toAccountId(address(backstop), 0));
        backstop.forward(address(coin), abi.encodeCall(coin.approve, (address(vault), type(uint256).max)));
    }

    /// @dev VLT-4 after every action: indices only rise, but for a recorded write-down of the supply index.
    modifier checked() {
        _wroteDown = false;
        _;
        (uint256 supplyIndexE27, uint256 borrowIndexE27) = _indices();
        vm.assertGe(borrowIndexE27, _borrowIndexE27, "VLT-4: the borrow index fell");
        if (!_wroteDown) vm.assertGe(supplyIndexE27, _supplyIndexE27, "VLT-4: the supply index fell");
        (_supplyIndexE27, _borrowIndexE27) = (supplyIndexE27, borrowIndexE27);
    }

    function deposit(uint256 who, bool coin, uint256 amount) external checked {
        AccountId account = _pick(who);
        MockToken token = coin ? COIN : ASSET;
        amount = bound(amount, 1, coin ? 1e12 : 1e9);
        address payer = _accounts[0].owner();
        token.mint(payer, amount);
        int256 cashBefore = VAULT.cashOf(account);
        vm.prank(payer);
        VAULT.deposit(account, address(token), amount);
        if (coin) vm.assertLe(VAULT.cashOf(account), cashBefore + int256(amount * 1e12), "VLT-3: a deposit paid more");
    }

    function withdraw(uint256 who, bool coin, uint256 amount) external checked {
        AccountId account = _pick(who);
        if (!coin) {
            uint256 units = VAULT.unitsOf(account, 0) / 1e10;
            int256 spare = VAULT.cashOf(account);
            // One unit of the asset backs one of cash: what backs a debt stays.
            uint256 backing = spare < 0 ? uint256(-spare) / 1e10 + 1 : 0;
            if (units <= backing) return;
            amount = bound(amount, 1, units - backing);
            vm.prank(account.owner());
            VAULT.withdraw(account, address(ASSET), amount, account.owner());
            return;
        }
        uint256 most = _free(account) / 1e12;
        uint256 held = COIN.balanceOf(address(VAULT));
        if (most > held) most = held;
        if (most == 0) return;
        amount = bound(amount, 1, most);
        int256 cashBefore = VAULT.cashOf(account);
        vm.prank(account.owner());
        VAULT.withdraw(account, address(COIN), amount, account.owner());
        vm.assertLe(VAULT.cashOf(account), cashBefore - int256(amount * 1e12), "VLT-3: a withdrawal cost less");
    }

    /// @dev VLT-6: nothing owed, no positions, feeds down.
    function exit(uint256 who) external checked {
        AccountId account = _pick(who);
        int256 cash = VAULT.cashOf(account);
        if (cash < 0) return;
        ENGINE.setDown(true);
        uint256 amount = uint256(cash) / 1e12;
        uint256 held = COIN.balanceOf(address(VAULT));
        if (amount > held) amount = held;
        address owner = account.owner();
        if (amount != 0) {
            vm.prank(owner);
            VAULT.withdraw(account, address(COIN), amount, owner);
        }
        amount = VAULT.unitsOf(account, 0) / 1e10;
        if (amount != 0) {
            vm.prank(owner);
            VAULT.withdraw(account, address(ASSET), amount, owner);
        }
        ENGINE.setDown(false);
    }

    function transfer(uint256 from, uint256 to, uint256 amount) external checked {
        AccountId payer = _pick(from);
        uint256 most = _free(payer);
        if (most == 0) return;
        amount = bound(amount, 1, most);
        vm.prank(payer.owner());
        VAULT.transfer(payer, _pick(to), address(COIN), amount);
    }

    function moveCash(uint256 from, uint256 to, uint256 amount) external checked {
        amount = bound(amount, 0, 1e24);
        _underLock(CLEARINGHOUSE, abi.encodeCall(VAULT.moveCash, (_pick(from), _pick(to), amount)));
    }

    function settleCash(uint256 who, int256 delta) external checked {
        _underLock(CLEARINGHOUSE, abi.encodeCall(VAULT.settleCash, (_pick(who), bound(delta, -1e24, 1e24))));
    }

    function moveFraction(uint256 from, uint256 to, uint256 fraction) external checked {
        fraction = bound(fraction, 0, 1e18);
        AccountId giver = _pick(from);
        AccountId taker = _pick(to);
        _underLock(LIQUIDATOR, abi.encodeCall(VAULT.moveFraction, (giver, taker, fraction)));
        if (fraction == 1e18 && giver != taker) {
            vm.assertEq(VAULT.principalOf(giver), int256(0), "a whole move left dust");
        }
    }

    function cover(uint256 who, uint256 amount) external checked {
        amount = bound(amount, 0, 1e12);
        COIN.mint(address(BACKSTOP), amount);
        _underLock(BACKSTOP, abi.encodeCall(VAULT.depositFromBackstop, (_pick(who), amount)));
    }

    function socialise(uint256 who, uint256 loss) external checked {
        loss = bound(loss, 0, 1e24);
        // Cuts are kept to one in a thousand of what is there most of the time, so that runs do not end at the floor.
        if (loss % 8 != 0) loss = loss / 1e6;
        _wroteDown = true;
        _underLock(LIQUIDATOR, abi.encodeCall(VAULT.socialise, (_pick(who), loss)));
        vm.assertGe(VAULT.cashTotals().supplyIndexE27, 1e21, "the supply index passed its floor");
    }

    function donate(uint256 amount) external checked {
        (uint256 supplyBefore, uint256 borrowBefore) = _indices();
        COIN.mint(address(VAULT), bound(amount, 0, 1e12));
        (uint256 supplyAfter, uint256 borrowAfter) = _indices();
        vm.assertEq(supplyAfter, supplyBefore, "VLT-5: a donation moved the supply index");
        vm.assertEq(borrowAfter, borrowBefore, "VLT-5: a donation moved the borrow index");
    }

    function passTime(uint256 elapsed, bool touch) external checked {
        vm.warp(vm.getBlockTimestamp() + bound(elapsed, 1, 30 days));
        if (touch) VAULT.accrue();
    }

    function accounts() external view returns (AccountId[] memory) {
        return _accounts;
    }

    function _underLock(MockCore room, bytes memory call_) private {
        bytes[] memory calls = new bytes[](1);
        calls[0] = call_;
        room.underLock(VAULT, calls);
    }

    /// @dev Cash and backing less a margin for rounding: what the stand-in engine lets go, 18 decimals.
    function _free(AccountId account) private view returns (uint256) {
        int256 equity = VAULT.cashOf(account) + int256(VAULT.unitsOf(account, 0)) - 1e9;
        return equity > 0 ? uint256(equity) : 0;
    }

    function _pick(uint256 who) private view returns (AccountId) {
        return _accounts[who % _accounts.length];
    }

    function _indices() private view returns (uint256, uint256) {
        return (VAULT.cashTotals().supplyIndexE27, VAULT.cashTotals().borrowIndexE27);
    }
}
