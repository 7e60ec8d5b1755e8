// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBackstop} from "../interfaces/IBackstop.sol";
import {ILiquidator} from "../interfaces/ILiquidator.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {Decimals} from "../libraries/math/Decimals.sol";
import {AccountId} from "../types/AccountId.sol";
import {LossBudgets} from "./LossBudgets.sol";

/// @title Backstop
/// @notice Pool of settlement coin that pays for what liquidations could not, and earns fees and the reserve interest.
/// @dev The pool's assets are its own coins and what the vault owes the protocol account, so that harvesting changes no
/// share price. Virtual shares (six more decimals than the coin) make it a loss to inflate an empty pool by a donation.
contract Backstop is IBackstop, ERC4626, AccessManaged {
    using SafeERC20 for IERC20;

    uint8 private constant OFFSET = 6;
    uint256 private constant MIN_COOLDOWN_SECONDS = 1 hours;
    uint256 private constant MAX_COOLDOWN_SECONDS = 30 days;
    uint256 private constant MIN_WINDOW_SECONDS = 1 hours;
    uint256 private constant MAX_WINDOW_SECONDS = 7 days;
    uint256 private constant MAX_LIMIT_E18 = 1e28;
    uint256 private constant MIN_LOSS_WINDOW_SECONDS = 1 hours;
    uint256 private constant MAX_LOSS_WINDOW_SECONDS = 30 days;

    IMarginVault private immutable VAULT;
    uint8 private immutable DECIMALS;

    uint32 private _cooldownSeconds;
    uint32 private _windowSeconds;
    mapping(address owner => Exit exit) private _exits;
    mapping(uint16 underlying => LossBudget budget) private _budgets;

    /// @dev Shares have one price only while no core function is half-way.
    modifier whenCoreUnlocked() {
        if (VAULT.isLocked()) revert Backstop_Locked();
        _;
    }

    constructor(
        IMarginVault vault,
        address authority,
        uint32 cooldownSeconds,
        uint32 windowSeconds
    ) ERC20("Ballast Backstop", "blBACK") ERC4626(IERC20(vault.settlementToken())) AccessManaged(authority) {
        VAULT = vault;
        DECIMALS = vault.settlementDecimals();
        _storeCooldown(cooldownSeconds, windowSeconds);
        IERC20(asset()).forceApprove(address(vault), type(uint256).max);
    }

    /// @inheritdoc IBackstop
    function requestExit(uint256 shares) external {
        uint256 held = balanceOf(msg.sender);
        if (shares > held) revert Backstop_ExitTooLarge(msg.sender, shares, held);
        uint40 openAt = uint40(block.timestamp + _cooldownSeconds);
        uint40 closeAt = openAt + _windowSeconds;
        _exits[msg.sender] = Exit({shares: SafeCast.toUint176(shares), openAt: openAt, closeAt: closeAt});
        emit ExitRequested(msg.sender, shares, openAt, closeAt);
    }

    /// @inheritdoc IBackstop
    function cover(AccountId creditedAccount, uint256 amountE18) external returns (uint256 paidE18) {
        if (msg.sender != _liquidator()) revert Backstop_NotLiquidator(msg.sender);
        uint256 amountNative = Decimals.toNativeUp(amountE18, DECIMALS);
        uint256 held = IERC20(asset()).balanceOf(address(this));
        if (amountNative > held) amountNative = held;
        paidE18 = Decimals.toE18(amountNative, DECIMALS);
        emit LossCovered(creditedAccount, amountE18, paidE18);
        if (amountNative > 0) VAULT.depositFromBackstop(creditedAccount, amountNative);
    }

    /// @inheritdoc IBackstop
    function spendBudget(LossShare[] calldata shares) external returns (uint256 allowedE18) {
        if (msg.sender != _liquidator()) revert Backstop_NotLiquidator(msg.sender);
        for (uint256 i = 0; i < shares.length; ++i) {
            LossShare calldata share = shares[i];
            if (share.amountE18 == 0) continue;
            LossBudget memory budget = _budgets[share.underlying];
            uint256 spentE18 = LossBudgets.spend(budget, share.amountE18, block.timestamp);
            _budgets[share.underlying] = budget;
            allowedE18 += spentE18;
            uint256 roomE18 = LossBudgets.roomE18(budget, block.timestamp);
            emit LossBudgetSpent(share.underlying, share.amountE18, spentE18, roomE18);
        }
    }

    /// @inheritdoc IBackstop
    function harvest() external whenCoreUnlocked returns (uint256 amountNative) {
        return _harvest();
    }

    /// @inheritdoc IERC4626
    function deposit(
        uint256 assets,
        address receiver
    ) public override(ERC4626, IERC4626) whenCoreUnlocked returns (uint256) {
        return super.deposit(assets, receiver);
    }

    /// @inheritdoc IERC4626
    function mint(
        uint256 shares,
        address receiver
    ) public override(ERC4626, IERC4626) whenCoreUnlocked returns (uint256) {
        return super.mint(shares, receiver);
    }

    /// @inheritdoc IERC4626
    function withdraw(
        uint256 assets,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) whenCoreUnlocked returns (uint256) {
        _requireExit(owner, previewWithdraw(assets));
        return super.withdraw(assets, receiver, owner);
    }

    /// @inheritdoc IERC4626
    function redeem(
        uint256 shares,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) whenCoreUnlocked returns (uint256) {
        _requireExit(owner, shares);
        return super.redeem(shares, receiver, owner);
    }

    /// @inheritdoc IBackstop
    function exitOf(address owner) external view returns (Exit memory) {
        return _exits[owner];
    }

    /// @inheritdoc IBackstop
    function cooldown() external view returns (uint32 cooldownSeconds, uint32 windowSeconds) {
        return (_cooldownSeconds, _windowSeconds);
    }

    /// @inheritdoc IBackstop
    function lossBudget(uint16 underlying) external view returns (LossBudget memory budget, uint256 roomE18) {
        budget = _budgets[underlying];
        roomE18 = LossBudgets.roomE18(budget, block.timestamp);
    }

    /// @inheritdoc IBackstop
    function setLossBudget(uint16 underlying, uint96 limitE18, uint24 windowSeconds) external restricted {
        _requireWithin("limitE18", limitE18, 0, MAX_LIMIT_E18);
        _requireWithin("lossWindowSeconds", windowSeconds, MIN_LOSS_WINDOW_SECONDS, MAX_LOSS_WINDOW_SECONDS);
        LossBudget memory budget = _budgets[underlying];
        // Drained under the old terms up to now.
        LossBudgets.spend(budget, 0, block.timestamp);
        (budget.limitE18, budget.windowSeconds) = (limitE18, windowSeconds);
        _budgets[underlying] = budget;
        emit LossBudgetSet(underlying, limitE18, windowSeconds);
    }

    /// @inheritdoc IBackstop
    function setCooldown(uint32 cooldownSeconds, uint32 windowSeconds) external restricted {
        _storeCooldown(cooldownSeconds, windowSeconds);
    }

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        return IERC20(asset()).balanceOf(address(this)) + _owedNative();
    }

    /// @inheritdoc IERC4626
    function maxDeposit(address receiver) public view override(ERC4626, IERC4626) returns (uint256) {
        return VAULT.isLocked() ? 0 : super.maxDeposit(receiver);
    }

    /// @inheritdoc IERC4626
    function maxMint(address receiver) public view override(ERC4626, IERC4626) returns (uint256) {
        return VAULT.isLocked() ? 0 : super.maxMint(receiver);
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        return previewRedeem(maxRedeem(owner));
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) public view virtual override(ERC4626, IERC4626) returns (uint256) {
        Exit memory exit = _exits[owner];
        bool isOpen = block.timestamp >= exit.openAt && block.timestamp <= exit.closeAt;
        if (!isOpen || VAULT.isLocked() || _insolventAuctions() > 0) return 0;
        uint256 payable_ = _convertToShares(_liquidNative(), Math.Rounding.Floor);
        return exit.shares < payable_ ? exit.shares : payable_;
    }

    /// @dev Coins first come home from the vault if the pool's own do not suffice.
    function _withdraw(
        address caller,
        address receiver,
        address owner,
        uint256 assets,
        uint256 shares
    ) internal override {
        if (assets > IERC20(asset()).balanceOf(address(this))) _harvest();
        super._withdraw(caller, receiver, owner, assets, shares);
    }

    /// @dev A request stands for shares that stay where they are during the cooldown: who moves them away takes them out
    /// of his request, or one block of shares could wait out many cooldowns at once.
    function _update(address from, address to, uint256 shares) internal override {
        super._update(from, to, shares);
        if (from == address(0)) return;
        Exit storage exit = _exits[from];
        if (to == address(0)) exit.shares -= SafeCast.toUint176(shares);
        uint256 left = balanceOf(from);
        if (exit.shares > left) exit.shares = SafeCast.toUint176(left);
    }

    /// @dev Takes what the vault owes the protocol account, as far as the vault has the coins.
    function _harvest() private returns (uint256 amountNative) {
        amountNative = _min(_owedNative(), IERC20(asset()).balanceOf(address(VAULT)));
        emit Harvested(amountNative);
        if (amountNative > 0) VAULT.withdraw(VAULT.protocolAccount(), asset(), amountNative, address(this));
    }

    function _storeCooldown(uint32 cooldownSeconds, uint32 windowSeconds) private {
        _requireWithin("cooldownSeconds", cooldownSeconds, MIN_COOLDOWN_SECONDS, MAX_COOLDOWN_SECONDS);
        _requireWithin("windowSeconds", windowSeconds, MIN_WINDOW_SECONDS, MAX_WINDOW_SECONDS);
        _cooldownSeconds = cooldownSeconds;
        _windowSeconds = windowSeconds;
        emit CooldownSet(cooldownSeconds, windowSeconds);
    }

    /// @dev Nobody leaves between a deficit and its payment: not without having asked before it could be known, and not
    /// while an auction of an insolvent account runs, which anybody can record.
    function _requireExit(address owner, uint256 shares) internal view virtual {
        Exit memory exit = _exits[owner];
        if (block.timestamp < exit.openAt || block.timestamp > exit.closeAt) {
            revert Backstop_ExitNotOpen(owner, block.timestamp, exit.openAt, exit.closeAt);
        }
        if (shares > exit.shares) revert Backstop_ExitTooLarge(owner, shares, exit.shares);
        uint256 auctions = _insolventAuctions();
        if (auctions > 0) revert Backstop_DeficitOpen(auctions);
    }

    function _insolventAuctions() private view returns (uint256) {
        address liquidator = _liquidator();
        return liquidator == address(0) ? 0 : ILiquidator(liquidator).insolventAuctions();
    }

    function _liquidator() private view returns (address liquidator) {
        (, , liquidator, ) = VAULT.core();
    }

    /// @dev Cash of the protocol account in whole token units.
    function _owedNative() private view returns (uint256) {
        int256 cashE18 = VAULT.cashOf(VAULT.protocolAccount());
        return cashE18 > 0 ? Decimals.toNativeDown(uint256(cashE18), DECIMALS) : 0;
    }

    function _liquidNative() private view returns (uint256) {
        uint256 inVault = IERC20(asset()).balanceOf(address(VAULT));
        return IERC20(asset()).balanceOf(address(this)) + _min(_owedNative(), inVault);
    }

    function _decimalsOffset() internal pure virtual override returns (uint8) {
        return OFFSET;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _requireWithin(bytes32 name, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert Backstop_ParameterOutOfBounds(name, value, min, max);
    }
}
