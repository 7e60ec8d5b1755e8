// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Assessment} from "./Book.sol";

/// @notice What an account may do, by its equity E against its initial requirement IM and its maintenance requirement MM.
enum Zone {
    HEALTHY, // E >= IM: everything
    RESTRICTED, // MM <= E < IM: only what does not lower E - IM
    LIQUIDATABLE, // 0 <= E < MM: the same, and anybody may start an auction
    INSOLVENT // E < 0: no trade but one that ends it, and the backstop adds to an auction's discount
}

/// @notice Zone of an account.
/// @dev Bounds belong to the better zone. IM >= MM >= 0, so who has no equity is short.
function zoneOf(Assessment memory assessment) pure returns (Zone) {
    int256 equityE18 = assessment.equityE18;
    if (equityE18 >= int256(assessment.initialE18)) return Zone.HEALTHY;
    if (equityE18 >= int256(assessment.maintenanceE18)) return Zone.RESTRICTED;
    return equityE18 < 0 ? Zone.INSOLVENT : Zone.LIQUIDATABLE;
}
