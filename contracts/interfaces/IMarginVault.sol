// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {CollateralUnits, MarginModel} from "../types/Book.sol";
import {GateLevel} from "../types/Gate.sol";

/// @title Who put in what?
/// @notice Holds every token. Keeps, per account, units of collateral and one signed cash balance of the settlement coin as
/// principal times an index (supply index above zero, borrow index below). Money leaves only through `withdraw`.
/// Order of every entry point: authorise, accrue, compute, write, check, emit, interact.
interface IMarginVault {
    /// @notice A listed collateral token.
    struct Asset {
        address token;
        uint8 decimals;
        bool depositsOpen;
        uint128 capE18; // most units the vault takes, 18 decimals
        uint128 totalE18; // units credited to accounts, 18 decimals
    }

    /// @notice Kinked annual interest curve. 18 decimals, each a multiple of 1e9.
    struct RateCurve {
        uint64 baseE18; // rate at zero utilisation
        uint64 kinkE18; // utilisation at the kink, < 1
        uint64 slopeLowE18; // rise from zero to the kink
        uint64 slopeHighE18; // rise from the kink to full utilisation
        uint64 reserveE18; // share of interest that goes to the backstop
    }

    /// @notice Totals of the settlement coin. Law: tokens held + borrowed + netSettled >= supplied (18 decimals).
    struct CashTotals {
        uint256 suppliedE18; // sum of positive balances, rounded up
        uint256 borrowedE18; // sum of owed balances, rounded down
        int256 netSettledE18; // credited by the clearinghouse ahead of the other side's settlement; negative = collected ahead
        uint256 supplyIndexE27;
        uint256 borrowIndexE27;
        uint40 accruedAt; // Unix time, seconds
    }

    /// @notice Rights an owner can give an operator, as bits.
    /// TRADE 1: sign quotes and take them. WITHDRAW 2: withdraw to the owner's address. TRANSFER 4: move between accounts of
    /// the same owner. LIQUIDATE 8: take liquidation slices into the account.
    struct OperatorGrant {
        uint32 rights;
        uint40 expiresAt; // Unix time, seconds
    }

    event Deposited(
        AccountId indexed account,
        address indexed token,
        address indexed from,
        uint256 amountNative,
        uint256 creditE18
    );
    event Withdrawn(
        AccountId indexed account,
        address indexed token,
        address indexed to,
        uint256 amountNative,
        uint256 debitE18
    );
    /// @notice Every change of a cash balance, with the state after it.
    event CashChanged(AccountId indexed account, int256 deltaE18, int256 principalAfter);
    /// @notice Every change of a collateral holding, with the state after it.
    event CollateralChanged(AccountId indexed account, uint8 indexed assetId, int256 deltaE18, uint256 unitsAfterE18);
    /// @notice Indices after a step of time. While nobody borrows no index moves and nothing is emitted.
    event InterestAccrued(uint256 supplyIndexE27, uint256 borrowIndexE27, uint256 reserveE18);
    event NetSettledChanged(int256 deltaE18, int256 netSettledAfterE18);
    /// @notice Loss spread over all positive cash by one step of the supply index.
    event LossSocialised(
        AccountId indexed creditedAccount,
        uint256 lossE18,
        uint256 supplyIndexBeforeE27,
        uint256 supplyIndexAfterE27
    );
    event OperatorSet(AccountId indexed account, address indexed operator, uint32 rights, uint40 expiresAt);
    event ModelSet(AccountId indexed account, MarginModel model);
    event AssetListed(uint8 indexed assetId, address indexed token, uint8 decimals, uint128 capE18);
    event AssetCapSet(uint8 indexed assetId, uint128 capBeforeE18, uint128 capE18, bool depositsOpen);
    event RateCurveSet(RateCurve curve);
    event CoreSet(address riskEngine, address clearinghouse, address liquidator, address backstop);
    event BorrowingPausedSet(bool paused);
    /// @notice Emitted when the solvency gate opens or closes what money may leave.
    event GateSet(GateLevel level);
    event SettlementCapSet(uint256 capE18);

    /// @notice Thrown when the caller may not act for an account in this way.
    error MarginVault_NotAuthorised(AccountId account, address caller, uint32 right);
    /// @notice Thrown when a function for core contracts is called by another address.
    error MarginVault_NotCore(address caller);
    /// @notice Thrown when the core lock is already taken.
    error MarginVault_Locked();
    /// @notice Thrown when a function for core contracts runs without the lock, or the lock is given back by another than took it.
    error MarginVault_NotLocked(address caller);
    /// @notice Thrown when a permit fails and the allowance does not cover the deposit. Token units.
    error MarginVault_PermitFailed(address token, address owner, uint256 allowanceNative, uint256 neededNative);
    /// @notice Thrown when a token is not listed, or is closed for deposits.
    error MarginVault_AssetNotOpen(address token);
    /// @notice Thrown when a token cannot be listed: already listed, more than 18 decimals, no code, or list full.
    error MarginVault_CannotList(address token);
    /// @notice Thrown when the tokens that arrived are not the amount asked for (fee on transfer, rebasing). Token units.
    error MarginVault_UnexpectedBalance(address token, uint256 expectedNative, uint256 receivedNative);
    /// @notice Thrown when a deposit would pass the cap. 18 decimals.
    error MarginVault_CapExceeded(address token, uint256 totalE18, uint256 capE18);
    /// @notice Thrown when an amount is zero.
    error MarginVault_ZeroAmount();
    /// @notice Thrown when a recipient is the zero address or the vault.
    error MarginVault_InvalidRecipient(address to);
    /// @notice Thrown when an account holds less than what is taken. 18 decimals.
    error MarginVault_InsufficientCollateral(AccountId account, uint8 assetId, uint256 heldE18, uint256 neededE18);
    /// @notice Thrown when the vault holds fewer settlement tokens than a withdrawal needs. Token units.
    error MarginVault_InsufficientLiquidity(address token, uint256 heldNative, uint256 neededNative);
    /// @notice Thrown when a withdrawal would borrow while borrowing is paused. 18 decimals.
    error MarginVault_BorrowingPaused(AccountId account, int256 cashAfterE18);
    /// @notice Thrown when money would leave an account that owes or holds positions while the solvency gate is at HALT.
    error MarginVault_Halted(AccountId account);
    /// @notice Thrown when a parameter is outside its bounds.
    error MarginVault_ParameterOutOfBounds(bytes32 name, uint256 value, uint256 min, uint256 max);
    /// @notice Thrown when a rate is not a whole number of the units in which rates are stored. 18 decimals.
    error MarginVault_InexactParameter(bytes32 name, uint256 value, uint256 unit);
    /// @notice Thrown when an account's equity does not cover its requirement under a model it wants to switch to.
    error MarginVault_ModelNotSatisfied(AccountId account, MarginModel model, int256 equityE18, uint256 initialE18);
    /// @notice Thrown when an account would be governed by a model that is a report only.
    error MarginVault_ModelDoesNotGovern(MarginModel model);
    /// @notice Thrown when core addresses are set a second time or left empty.
    error MarginVault_InvalidCore();

    // --- users

    /// @notice Deposits tokens of the caller into any account. The credited units equal the amount exactly.
    function deposit(AccountId account, address token, uint256 amountNative) external;

    /// @notice The same after an EIP-2612 permit; a permit that was used already is ignored if the allowance suffices.
    function depositWithPermit(
        AccountId account,
        address token,
        uint256 amountNative,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Takes tokens out of an account. The account must meet its initial requirement afterwards.
    /// An operator with WITHDRAW may only send to the owner. Settlement coin may be withdrawn below zero (borrowed) while
    /// equity allows and borrowing is not paused.
    function withdraw(AccountId account, address token, uint256 amountNative, address to) external;

    /// @notice Moves units between accounts without touching tokens; the paying account must meet its initial requirement.
    /// An operator with TRANSFER may only move between accounts of the same owner.
    /// @param amountE18 Units, 18 decimals.
    function transfer(AccountId from, AccountId to, address token, uint256 amountE18) external;

    /// @notice Gives or takes rights. Only the owner.
    function setOperator(AccountId account, address operator, uint32 rights, uint40 expiresAt) external;

    /// @notice Chooses the margin model. Only the owner; both models must be satisfied at their initial requirement. GREEKS reports
    /// and governs no account.
    function setModel(AccountId account, MarginModel model) external;

    /// @notice Brings the indices up to date. Anyone.
    function accrue() external;

    // --- core contracts only

    /// @notice Takes the lock shared by the whole core. Only core contracts.
    function lock() external;

    /// @notice Gives the lock back. Only core contracts.
    function unlock() external;

    /// @notice Moves cash from one account to another. 18 decimals; only the clearinghouse and the liquidator, lock held.
    function moveCash(AccountId from, AccountId to, uint256 amountE18) external;

    /// @notice Credits (positive) or debits (negative) cash that another account's settlement offsets. Only the clearinghouse.
    function settleCash(AccountId account, int256 deltaE18) external;

    /// @notice Moves the fraction of cash and of every collateral from one account to another; amounts round toward zero,
    /// a fraction of 1e18 moves everything. Only the liquidator.
    function moveFraction(AccountId from, AccountId to, uint256 fractionE18) external;

    /// @notice Takes settlement coin from the caller (the backstop) and credits it; zero does nothing. Only the backstop.
    function depositFromBackstop(AccountId account, uint256 amountNative) external;

    /// @notice Credits an account and takes the same amount from all positive cash through the supply index, as far as there is any.
    /// @return socialisedE18 What was credited, 18 decimals. Only the liquidator.
    function socialise(AccountId creditedAccount, uint256 lossE18) external returns (uint256 socialisedE18);

    /// @notice Remembers that an account passed a full check in this block. Only core contracts.
    function markChecked(AccountId account) external;

    // --- views

    /// @notice Settlement coin.
    function settlementToken() external view returns (address);

    function settlementDecimals() external view returns (uint8);

    /// @notice Cash balance with interest to now, 18 decimals; positive balances rounded down, debts up.
    function cashOf(AccountId account) external view returns (int256 cashE18);

    /// @notice Stored principal behind the balance.
    function principalOf(AccountId account) external view returns (int256);

    /// @notice Units of one asset, 18 decimals.
    function unitsOf(AccountId account, uint8 assetId) external view returns (uint256);

    /// @notice Everything the vault knows of an account, in one call: collateral ascending by asset number.
    function holdingsOf(
        AccountId account
    ) external view returns (int256 cashE18, CollateralUnits[] memory collateral, MarginModel model);

    /// @notice Block number in which the account last passed a full check; 0 = never.
    function lastCheckedBlock(AccountId account) external view returns (uint256);

    /// @notice Whether an address may act for an account: the owner always, an operator within rights and time.
    function isAuthorised(AccountId account, address caller, uint32 right) external view returns (bool);

    function operatorGrant(AccountId account, address operator) external view returns (OperatorGrant memory);

    /// @notice Risk engine in force, the first of `core`.
    function currentEngine() external view returns (address);

    /// @notice True while a core function runs; prices and balances read then may be half-way.
    function isLocked() external view returns (bool);

    /// @notice Totals with interest to now.
    function cashTotals() external view returns (CashTotals memory);

    function assetCount() external view returns (uint8);

    function asset(uint8 assetId) external view returns (Asset memory);

    function assetIdOf(address token) external view returns (bool listed, uint8 assetId);

    function rateCurve() external view returns (RateCurve memory);

    /// @notice Account whose cash belongs to the backstop: trading fees and the reserve share of interest.
    function protocolAccount() external view returns (AccountId);

    /// @notice Whether nobody may borrow: by the guardian's or the solvency gate's wish.
    function borrowingPaused() external view returns (bool);

    /// @notice Whether nobody who owes or holds positions may withdraw or transfer, by the solvency gate's wish.
    function halted() external view returns (bool);

    /// @notice Most settlement coin the vault takes in deposits, 18 decimals.
    function settlementCapE18() external view returns (uint256);

    function core()
        external
        view
        returns (address riskEngine, address clearinghouse, address liquidator, address backstop);

    // --- restricted

    /// @notice Names the clearinghouse and the backstop once, the risk engine and the liquidator at any time (under delay).
    /// @custom:access restricted
    function setCore(address riskEngine, address clearinghouse, address liquidator, address backstop) external;

    /// @notice Lists a collateral token, open for deposits. At most 32; probed for code, decimals and balances.
    /// @dev Warning, safety: a token whose balances move by themselves (rebasing) must not be listed. Its change during a call
    /// is refused, but between calls it would leave units without tokens. A fee on transfer makes every call revert.
    /// Warning, liveness: a token that blocks the vault's address locks its own units and nothing else.
    /// @param capE18 Most units the vault takes, 18 decimals.
    /// @return assetId Number of the asset, counted from 0.
    /// @custom:access restricted
    function listAsset(address token, uint128 capE18) external returns (uint8 assetId);

    /// @custom:access restricted
    function setAssetCap(uint8 assetId, uint128 capE18, bool depositsOpen) external;

    /// @custom:access restricted
    function setSettlementCap(uint256 capE18) external;

    /// @custom:access restricted
    function setRateCurve(RateCurve calldata curve) external;

    /// @custom:access restricted guardian may pause, unpausing waits
    function pauseBorrowing() external;

    /// @custom:access restricted
    function unpauseBorrowing() external;

    /// @notice Stops borrowing, and at HALT what leaves accounts that owe or hold positions, or lets it go on.
    /// @custom:access restricted to the solvency gate, without delay
    function setGate(GateLevel level) external;
}
