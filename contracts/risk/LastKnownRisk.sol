// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILastKnownRisk} from "../interfaces/ILastKnownRisk.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskModels} from "../interfaces/IRiskModels.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {AccountId} from "../types/AccountId.sol";
import {Assessment, Book} from "../types/Book.sol";
import {RiskModels} from "./RiskModels.sol";

/// @title Risk at the last known prices
/// @notice Every model over the same parameters, with prices that are there even while a feed refuses.
contract LastKnownRisk is ILastKnownRisk, RiskModels {
    /// @dev A fill may cost at most one part in so many of the requirement that it releases.
    int256 private constant COST_PARTS = 4;

    address private immutable PRICES;

    /// @param greeks_ Names vault, clearinghouse, parameters and table.
    /// @param prices_ Last known prices.
    constructor(IRiskModels greeks_, address prices_) RiskModels(greeks_) {
        PRICES = prices_;
    }

    /// @inheritdoc ILastKnownRisk
    function requireReduced(AccountId account, Book memory before) external view {
        Assessment memory was = _assess(_open(_folio(before)));
        Assessment memory is_ = _assess(_open(_folioOf(account)));
        // Far below 2^250, like every requirement.
        int256 releasedE18 = int256(was.initialE18) - int256(is_.initialE18);
        int256 costE18 = was.equityE18 - is_.equityE18;
        if (releasedE18 >= 0 && costE18 * COST_PARTS <= releasedE18 && is_.equityE18 >= 0) return;
        revert LastKnownRisk_NotReduced(account, was.equityE18, is_.equityE18, was.initialE18, is_.initialE18);
    }

    /// @inheritdoc ILastKnownRisk
    function prices() external view returns (address) {
        return PRICES;
    }

    /// @dev Never those of the parameters: nothing here is strict.
    function _oracles(uint256[] memory) internal view override returns (IPriceOracle, ISurfaceOracle) {
        return (IPriceOracle(PRICES), ISurfaceOracle(PRICES));
    }
}
