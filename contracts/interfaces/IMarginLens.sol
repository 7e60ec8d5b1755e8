// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book} from "../types/Book.sol";
import {UnderlyingGreeks} from "../types/Greeks.sol";
import {Report} from "../types/Risk.sol";
import {IClearinghouse} from "./IClearinghouse.sol";
import {ILiquidator} from "./ILiquidator.sol";
import {IRiskEngine} from "./IRiskEngine.sol";

/// @title Read-only aggregates for people, bots and integrators
/// @notice Never called by the core. Every function reverts while a core function runs.
interface IMarginLens {
    /// @notice A whole account in one call.
    struct AccountView {
        Book book;
        Assessment assessment;
        ILiquidator.Auction auction;
        uint256 lastCheckedBlock;
    }

    /// @notice Margin of one account before and after a proposed trade.
    struct Preview {
        Assessment before;
        Assessment after_;
        uint256 feeE18; // settlement coin, 18 decimals
    }

    /// @notice How far an account is from maintenance, scenario by scenario. USD, 18 decimals; negative = short by as much.
    struct Distances {
        Report report; // which scenario binds per underlying and per group stands in here
        int256 leftE18; // equity - maintenance
        int256[] leftAloneE18; // equity - the requirement that one scenario shows by itself, by its number
        uint8 binding; // scenario that leaves the least, the first of equals
    }

    /// @notice Thrown when the core is in the middle of a transaction.
    error MarginLens_CoreLocked();
    /// @notice Thrown when the preview's engine no longer has the parameters of the deployment's engine.
    /// @param engine The deployment's engine.
    /// @param previewEngine The preview's engine.
    error MarginLens_PreviewOutdated(address engine, address previewEngine);

    /// @notice A whole account in one call.
    /// @dev Strict like the engine: reverts with the oracle's error while a price it needs is not to be had.
    /// @param id Account.
    /// @return Book, margin, auction.
    function account(AccountId id) external view returns (AccountView memory);

    /// @notice Several accounts in one call.
    /// @param ids Accounts.
    /// @return Their views, in order.
    function accounts(AccountId[] calldata ids) external view returns (AccountView[] memory);

    /// @notice An account's book as the engine takes it: vault and clearinghouse together.
    /// @param id Account.
    /// @return Book in ascending order.
    function bookOf(AccountId id) external view returns (Book memory);

    /// @notice Scenario table with every add-on.
    /// @param id Account.
    /// @return Report of the risk engine.
    function scenarioTable(AccountId id) external view returns (Report memory);

    /// @notice Delta, gamma, vega and theta of every leg, expiry and underlying, whatever the account's margin model.
    /// @param id Account.
    /// @return Sensitivities as the risk engine shows them; settled legs have none and are left out.
    function greeks(AccountId id) external view returns (UnderlyingGreeks[] memory);

    /// @notice What is left until maintenance if only one scenario is looked at, for each of them.
    /// @dev A scenario's requirement is the engine's bound for a witness that names this scenario for every underlying and group:
    /// its losses, and around them the least that add-ons and the keeper reserve can come to. It is never above maintenance, so
    /// no scenario leaves less than `leftE18`; one that leaves less than zero is a witness that starts a liquidation by
    /// itself. They can all leave more: underlyings may bind in different scenarios. An underlying whose list is shorter
    /// than the longest stands there with its binding scenario. Evaluates the grid once, and two scenarios per scenario.
    /// @param id Account.
    /// @return Report and distances; no scenarios for an account without positions and without collateral in a grid.
    function scenarioDistances(AccountId id) external view returns (Distances memory);

    /// @notice Margin of taker or maker before and after filling quotes; signatures are not looked at.
    /// Equal to the result of executing them at the same block, to the last unit.
    /// @dev Meant for `eth_call`. Not a view only because it keeps its assumptions in transient storage while it runs. See
    /// `IFillPreview` for what is not looked at.
    /// @param items Fills, in order.
    /// @param id Maker or taker of at least one.
    /// @return Margin before and after, and the fees the account pays.
    function previewFill(IClearinghouse.Fill[] calldata items, AccountId id) external returns (Preview memory);

    /// @notice Greatest amount of a token that `withdraw` would let out now: that amount succeeds, one unit more reverts.
    /// @dev Counts the tokens that the vault holds, and for the settlement coin what may be borrowed. Evaluates the margin about
    /// twenty times.
    /// @param id Account.
    /// @param token Settlement coin or a listed asset; 0 for any other.
    /// @return amountNative Token units; 0 also for an account below its initial requirement.
    function maxWithdraw(AccountId id, address token) external view returns (uint256 amountNative);

    /// @notice Prices of one underlying at which equity meets maintenance, others and volatility fixed.
    /// @dev For an account that is short already: prices at which it no longer would be. Looks at 16 points on either side of
    /// spot, from 2 % away, then closes in to one part in 2^30; what happens between two points and is over before the second
    /// is not seen. Evaluates the margin about fifty times.
    /// @param id Account.
    /// @param underlying Underlying number.
    /// @return lowerE18 Nearest below spot, USD, 18 decimals; 0 = none down to 1 % of spot.
    /// @return upperE18 Nearest above spot, USD, 18 decimals; 0 = none up to 10 times spot.
    function liquidationPrices(
        AccountId id,
        uint16 underlying
    ) external view returns (uint256 lowerE18, uint256 upperE18);

    /// @notice Risk engine behind `previewFill`; its clearinghouse is the fill preview.
    /// @return Engine.
    function previewEngine() external view returns (IRiskEngine);
}
