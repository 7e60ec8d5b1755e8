// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Pool whose price anybody moves
/// @notice Constant product of an underlying and dollars without a fee; whoever trades pays from a balance that tests read.
contract TradablePool {
    uint256 public unitsE18;
    uint256 public usdE18;

    constructor(uint256 unitsE18_, uint256 usdE18_) {
        (unitsE18, usdE18) = (unitsE18_, usdE18_);
    }

    /// @notice Pays dollars for units.
    function buy(uint256 payE18) external returns (uint256 gotE18) {
        uint256 leftE18 = (unitsE18 * usdE18) / (usdE18 + payE18);
        gotE18 = unitsE18 - leftE18;
        (unitsE18, usdE18) = (leftE18, usdE18 + payE18);
    }

    /// @notice Gives units for dollars.
    function sell(uint256 giveE18) external returns (uint256 gotE18) {
        uint256 leftE18 = (unitsE18 * usdE18) / (unitsE18 + giveE18);
        gotE18 = usdE18 - leftE18;
        (unitsE18, usdE18) = (unitsE18 + giveE18, leftE18);
    }

    /// @notice Dollars for one unit now, 18 decimals.
    function spotE18() external view returns (uint256) {
        return (usdE18 * 1e18) / unitsE18;
    }
}
