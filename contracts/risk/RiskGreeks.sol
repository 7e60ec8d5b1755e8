// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {IRiskModels} from "../interfaces/IRiskModels.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Book, MarginModel} from "../types/Book.sol";
import {UnderlyingGreeks} from "../types/Greeks.sol";
import {UnderlyingRisk} from "../types/Valuation.sol";
import {Greeks} from "./Greeks.sol";
import {RiskCheck} from "./RiskCheck.sol";
import {RiskReports} from "./RiskReports.sol";

/// @title Sensitivities, and the model that asks for no more
/// @notice Answers what RiskModels passes on: sensitivities of any book, and requirements and reports under the Greeks model.
/// @custom:rounding equity down, requirements up
contract RiskGreeks is RiskReports {
    constructor(
        IMarginVault vault_,
        IClearinghouse clearinghouse_,
        IRiskParameters parameters_,
        address table_
    ) RiskCheck(vault_, clearinghouse_, parameters_, table_) {}

    /// @inheritdoc IRiskModels
    function greeks(Book memory book) external view returns (UnderlyingGreeks[] memory result) {
        Check memory check = _open(_folio(book));
        result = new UnderlyingGreeks[](check.parts.length);
        for (uint256 i = 0; i < result.length; ++i) {
            result[i] = Greeks.sensitivities(check.parts[i], check.table);
        }
    }

    /// @inheritdoc RiskReports
    function _answers(MarginModel model) internal pure override {
        if (model != MarginModel.GREEKS) revert IRiskEngine.RiskEngine_OtherModel(model);
    }

    /// @inheritdoc RiskCheck
    function _scan(Check memory check, UnderlyingRisk memory part) internal pure override {
        Greeks.scan(part, check.table);
    }
}
