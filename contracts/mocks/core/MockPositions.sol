// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../../types/AccountId.sol";
import {Position, QuoteFigure} from "../../types/Book.sol";
import {InstrumentId} from "../../types/InstrumentId.sol";
import {MockCore} from "./MockCore.sol";

/// @notice Stands for the clearinghouse: as many positions and quote figures as tests say.
contract MockPositions is MockCore {
    mapping(AccountId account => uint256 count) private _positions;
    mapping(AccountId account => uint256 count) private _quotes;

    function setPositions(AccountId account, uint256 positions, uint256 quotes) external {
        _positions[account] = positions;
        _quotes[account] = quotes;
    }

    function hasPositions(AccountId account) external view returns (bool) {
        return _positions[account] != 0 || _quotes[account] != 0;
    }

    function positionsOf(
        AccountId account
    ) external view returns (Position[] memory positions, QuoteFigure[] memory quotes) {
        positions = new Position[](_positions[account]);
        quotes = new QuoteFigure[](_quotes[account]);
        for (uint256 i = 0; i < positions.length; ++i) {
            positions[i] = Position({instrument: InstrumentId.wrap(uint128((i + 1) << 112)), sizeE18: 1e18});
        }
    }
}
