// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../types/AccountId.sol";
import {Assessment, MarginModel} from "../types/Book.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {Witness} from "../types/Risk.sol";
import {IRiskModels} from "./IRiskModels.sol";

/// @title Is it enough?
/// @notice Reprices a whole book under a grid of price and volatility shocks and says what its pool must hold. Reads
/// parameters, books from the vault and the clearinghouse, prices from the oracles. Never writes.
/// All values USD, 18 decimals; equity rounded down, requirements up. What stays when the same fraction of everything is taken asks
/// for no more than its part, the keeper reserve aside: the liquidator counts on it.
interface IRiskEngine is IRiskModels {
    /// @notice Thrown when an account's equity does not cover its initial requirement. USD, 18 decimals.
    error RiskEngine_BelowInitial(AccountId account, int256 equityE18, uint256 initialE18);
    /// @notice Thrown when an account's equity does not cover its maintenance requirement. USD, 18 decimals.
    error RiskEngine_BelowMaintenance(AccountId account, int256 equityE18, uint256 maintenanceE18);
    /// @notice Thrown when a witness does not name one scenario per underlying and group of the book, or one off the grid.
    error RiskEngine_InvalidWitness();
    /// @notice Thrown when a book's positions, quotes or collateral are not strictly ascending.
    error RiskEngine_UnorderedBook();
    /// @notice Thrown when a spot price to be tried is zero or absurd. USD, 18 decimals.
    error RiskEngine_InvalidSpot(uint16 underlying, uint256 spotE18);
    /// @notice Thrown when a contract the engine reads is left empty.
    error RiskEngine_ZeroAddress();
    /// @notice Thrown when the contract named as the table of the normal distribution has other code.
    error RiskEngine_WrongTable(address table, bytes32 codeHash, bytes32 expected);
    /// @notice Thrown when a leg's size times its price leaves the room of the engine's sums: 1.9e13 USD for an option,
    /// 2.4e19 USD for all linear legs of an underlying. Size in units of the underlying, 18 decimals.
    error RiskEngine_LegTooGreat(InstrumentId instrument, int256 sizeE18);
    /// @notice Thrown when an account under the delta model holds an option.
    error RiskEngine_ModelNotForOptions(InstrumentId instrument);
    /// @notice Thrown when a contract that answers for one model is asked about another.
    error RiskEngine_OtherModel(MarginModel model);

    /// @notice Equity and requirements of an account under its own model.
    function assess(AccountId account) external view returns (Assessment memory);

    /// @notice Reverts with RiskEngine_BelowInitial unless equity >= initial. Cheaper than `assess` where equity covers even the
    /// greatest loss that the book can make by its terms.
    function requireInitial(AccountId account) external view;

    /// @notice Reverts with RiskEngine_BelowMaintenance unless equity >= maintenance. Cheaper in the same case.
    function requireMaintenance(AccountId account) external view;

    /// @notice Whether the named scenarios show that an account is below maintenance. Sound: a healthy account is below its
    /// equity for every witness. An empty witness evaluates the whole grid and is therefore also complete; so does any under another
    /// model than the scenario model.
    /// @return short True if equity < bound.
    /// @return equityE18 Equity, USD, 18 decimals.
    /// @return boundE18 Lower bound of the maintenance requirement shown by the witness, USD, 18 decimals.
    function breaches(
        AccountId account,
        Witness calldata witness
    ) external view returns (bool short, int256 equityE18, uint256 boundE18);

    /// @notice Answers what the engine passes on.
    function models() external view returns (IRiskModels);
}
