// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginModel, Position} from "../types/Book.sol";
import {Report} from "../types/Risk.sol";
import {Holding} from "../types/Valuation.sol";
import {IClearinghouse} from "./IClearinghouse.sol";
import {IPriceOracle} from "./IPriceOracle.sol";
import {ISurfaceOracle} from "./ISurfaceOracle.sol";

/// @title What the underlyings of a book risk, together
/// @notice The part of the risk engine that prices and puts together, without storage and without a say: the engine names the
/// book, the parameters and the oracles. Replaceable by a faster one that gives the same figures.
/// All values USD, 18 decimals; equity rounded down, charges up.
interface IRiskKernel {
    /// @notice What belongs to one underlying.
    struct Part {
        uint16 underlying;
        uint8 group; // correlation group
        uint8 gridLength; // scenarios in the grid
        address data; // data contract with parameters and grid
        uint256 spotE18; // spot price to assume, USD, 18 decimals; 0 = the feed's
        Position[] positions; // ascending, each with a size
        Holding[] holdings; // collateral inside the underlying's grid
        uint8[] scenarios; // empty = the whole grid; or two numbers: the underlying's own scenario, then its group's
    }

    /// @notice One question.
    struct Request {
        IPriceOracle priceOracle;
        ISurfaceOracle surfaceOracle;
        IClearinghouse clearinghouse;
        MarginModel model;
        uint256 initialRatioE18; // maintenance / initial
        Part[] parts; // ascending by underlying
        uint8[] groups; // those of the parts, ascending
        uint256[] blendsE18; // per group
    }

    /// @notice Equity in the parts and what they must hold, the keeper reserve aside. Every part names the whole grid.
    /// Reverts with the error of any feed that refuses an answer.
    /// @param request What to evaluate.
    /// @return equityE18 Legs and collateral of the parts.
    /// @return chargeE18 Scans, add-ons and concentration of all groups.
    /// @return crowdingE18 What crowded open interest adds to the initial requirement.
    function assess(
        Request memory request
    ) external view returns (int256 equityE18, uint256 chargeE18, uint256 crowdingE18);

    /// @notice Equity and a lower bound of the charge, shown by the two scenarios that each part names.
    /// @param request What to evaluate.
    /// @return equityE18 Legs and collateral of the parts.
    /// @return boundE18 At most the charge that `assess` would find.
    function leastCharge(Request memory request) external view returns (int256 equityE18, uint256 boundE18);

    /// @notice `assess` with its parts: scenarios, add-ons, groups; requirements without the keeper reserve.
    /// @param request What to evaluate.
    /// @return Report with reserve 0 and equity of the parts.
    function report(Request memory request) external view returns (Report memory);
}
