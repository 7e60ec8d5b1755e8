// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../../interfaces/IRiskEngine.sol";
import {AccountId} from "../../types/AccountId.sol";
import {Assessment, Book, MarginModel} from "../../types/Book.sol";

/// @notice Risk engine with answers that tests set. Without one: equity = cash + collateral at set prices, initial = 0.
contract MockRiskEngine {
    IMarginVault private immutable VAULT;
    mapping(uint8 assetId => uint256 priceE18) private _prices;
    mapping(AccountId account => Assessment answer) private _answers;
    mapping(AccountId account => bool isSet) private _isSet;
    mapping(MarginModel model => Assessment answer) private _byModel;
    bool private _down;

    /// @notice What every oracle failure looks like from the vault.
    error MockRiskEngine_Down();

    constructor(IMarginVault vault) {
        VAULT = vault;
    }

    function setPrice(uint8 assetId, uint256 priceE18) external {
        _prices[assetId] = priceE18;
    }

    function setAnswer(AccountId account, int256 equityE18, uint256 initialE18) external {
        _answers[account] = Assessment(equityE18, initialE18, initialE18);
        _isSet[account] = true;
    }

    function setModelAnswer(MarginModel model, int256 equityE18, uint256 initialE18) external {
        _byModel[model] = Assessment(equityE18, initialE18, initialE18);
    }

    function setDown(bool down) external {
        _down = down;
    }

    function requireInitial(AccountId account) external view returns (Assessment memory result) {
        result = assess(account);
        if (result.equityE18 < int256(result.initialE18)) {
            revert IRiskEngine.RiskEngine_BelowInitial(account, result.equityE18, result.initialE18);
        }
    }

    function assessAs(AccountId, MarginModel model) external view returns (Assessment memory) {
        _requireUp();
        return _byModel[model];
    }

    function assess(AccountId account) public view returns (Assessment memory result) {
        _requireUp();
        if (_isSet[account]) return _answers[account];
        Book memory book;
        (book.cashE18, book.collateral, book.model) = VAULT.holdingsOf(account);
        result.equityE18 = book.cashE18;
        for (uint256 i = 0; i < book.collateral.length; ++i) {
            result.equityE18 += int256((book.collateral[i].unitsE18 * _prices[book.collateral[i].assetId]) / 1e18);
        }
    }

    function _requireUp() private view {
        if (_down) revert MockRiskEngine_Down();
    }
}
