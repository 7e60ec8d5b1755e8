// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Like USDT: transfers return nothing.
contract NoReturnToken {
    mapping(address holder => uint256 amountNative) public balanceOf;
    mapping(address holder => mapping(address spender => uint256 amountNative)) public allowance;

    error NoReturnToken_Insufficient();

    function mint(address to, uint256 amountNative) external {
        balanceOf[to] += amountNative;
    }

    function approve(address spender, uint256 amountNative) external {
        allowance[msg.sender][spender] = amountNative;
    }

    function transfer(address to, uint256 amountNative) external {
        _move(msg.sender, to, amountNative);
    }

    function transferFrom(address from, address to, uint256 amountNative) external {
        if (allowance[from][msg.sender] < amountNative) revert NoReturnToken_Insufficient();
        allowance[from][msg.sender] -= amountNative;
        _move(from, to, amountNative);
    }

    function decimals() external pure returns (uint8) {
        return 6;
    }

    function _move(address from, address to, uint256 amountNative) private {
        if (balanceOf[from] < amountNative) revert NoReturnToken_Insufficient();
        balanceOf[from] -= amountNative;
        balanceOf[to] += amountNative;
    }
}
