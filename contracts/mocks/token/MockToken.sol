// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @notice Well-behaved token with EIP-2612 permits, any decimals, and free minting.
contract MockToken is ERC20, ERC20Permit {
    uint8 private immutable DECIMALS;

    constructor(string memory symbol_, uint8 decimals_) ERC20(symbol_, symbol_) ERC20Permit(symbol_) {
        DECIMALS = decimals_;
    }

    function mint(address to, uint256 amountNative) external {
        _mint(to, amountNative);
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }
}
