// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {MockMarket} from "../mocks/risk/MockMarket.sol";
import {AccountId, toAccountId} from "../types/AccountId.sol";
import {Assessment, Book} from "../types/Book.sol";
import {UnderlyingGreeks} from "../types/Greeks.sol";
import {Report, Witness} from "../types/Risk.sol";

/// @title Many questions to a risk engine at once
/// @notice Whole worlds are told in one transaction and many books asked in one call, because a message to the chain costs more
/// than a check. Administers the parameters that it is to set.
contract RiskBatch {
    /// @notice One book and two witnesses of it.
    struct Question {
        Book book;
        Witness strongest;
        Witness any;
    }

    /// @notice What `breaches` returned.
    struct Shown {
        bool short;
        int256 equityE18;
        uint256 boundE18;
    }

    struct Answer {
        Assessment assessment;
        Shown whole; // by the empty witness
        Shown strongest;
        Shown any;
        Report report;
        UnderlyingGreeks[] greeks;
    }

    struct Result {
        bool success;
        bytes data; // an encoded Answer, or what was reverted with
    }

    /// @notice Makes calls in their order; reverts with the error of the first that fails.
    function tell(address[] calldata targets, bytes[] calldata calls) external {
        for (uint256 i = 0; i < targets.length; ++i) {
            (bool success, bytes memory returned) = targets[i].call(calls[i]);
            if (success) continue;
            assembly {
                revert(add(returned, 32), mload(returned))
            }
        }
    }

    /// @notice Asks about every book by itself; a book that reverts leaves the others alone. Not a view because `breaches` reads
    /// books from the market: to be asked by call, never by transaction.
    function ask(
        IRiskEngine engine,
        MockMarket market,
        Question[] calldata questions
    ) external returns (Result[] memory results) {
        results = new Result[](questions.length);
        for (uint256 i = 0; i < questions.length; ++i) {
            (results[i].success, results[i].data) = address(this).call(
                abi.encodeCall(this.askOne, (engine, market, questions[i]))
            );
        }
    }

    function askOne(
        IRiskEngine engine,
        MockMarket market,
        Question calldata question
    ) external returns (Answer memory answer) {
        AccountId account = toAccountId(address(this), 0);
        market.setBook(account, question.book);
        answer.assessment = engine.assessBook(question.book);
        answer.report = engine.report(question.book);
        answer.greeks = engine.greeks(question.book);
        answer.whole = _shown(engine, account, Witness(new uint8[](0), new uint8[](0)));
        answer.strongest = _shown(engine, account, question.strongest);
        answer.any = _shown(engine, account, question.any);
    }

    function _shown(
        IRiskEngine engine,
        AccountId account,
        Witness memory witness
    ) private view returns (Shown memory shown) {
        (shown.short, shown.equityE18, shown.boundE18) = engine.breaches(account, witness);
    }
}
