// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IMarginVault} from "../../interfaces/IMarginVault.sol";
import {mulDivDown, mulDivUp} from "../../libraries/math/FixedPoint.sol";

/// @title Interest between those who hold cash and those who owe it
/// @notice A kinked annual rate, charged linearly within a step. Everything debtors pay is either added to the supply index
/// or handed to the reserve; no unit appears from rounding.
library InterestModel {
    /// @notice Indices and principals that a step starts from.
    struct Pool {
        uint256 supplyIndexE27;
        uint256 borrowIndexE27;
        uint256 supplyPrincipal; // sum of positive principals
        uint256 borrowPrincipal; // sum of the sizes of negative principals
    }

    /// @notice What a step of time leads to.
    struct Step {
        uint256 supplyIndexE27;
        uint256 borrowIndexE27;
        uint256 reserveE18; // interest for the reserve, 18 decimals
    }

    uint256 internal constant ONE_E18 = 1e18;
    uint256 internal constant ONE_E27 = 1e27;
    uint256 internal constant E18_TO_E27 = 1e9;
    uint256 internal constant YEAR_SECONDS = 365 days;
    /// @notice Where the borrow index stops, 20,000 times the first, so that it never overflows its 104 bits and freezes the vault.
    uint256 internal constant MAX_INDEX_E27 = 2e31;

    /// @notice Annual rate that debtors pay.
    /// @param curve The curve; its kink lies strictly between 0 and 1.
    /// @param suppliedE18 Claims, 18 decimals.
    /// @param borrowedE18 Debts, 18 decimals; more than the claims counts as full utilisation.
    /// @return rateE18 Per year, 18 decimals.
    /// @custom:rounding up
    function borrowRateE18(
        IMarginVault.RateCurve memory curve,
        uint256 suppliedE18,
        uint256 borrowedE18
    ) internal pure returns (uint256 rateE18) {
        if (borrowedE18 == 0) return curve.baseE18;
        uint256 usedE18 = borrowedE18 >= suppliedE18 ? ONE_E18 : mulDivUp(borrowedE18, ONE_E18, suppliedE18);
        if (usedE18 <= curve.kinkE18) return curve.baseE18 + mulDivUp(curve.slopeLowE18, usedE18, curve.kinkE18);
        uint256 aboveKinkE18 = mulDivUp(curve.slopeHighE18, usedE18 - curve.kinkE18, ONE_E18 - curve.kinkE18);
        return uint256(curve.baseE18) + curve.slopeLowE18 + aboveKinkE18;
    }

    /// @notice Moves the indices over a span of time.
    /// @dev Without debts nothing moves: the base rate has nobody to charge, and an index that rose meanwhile would say nothing
    /// about any balance. So the caller need not ask then.
    /// Claims grow by no more than debts do, and per unit never faster than debts: with next to no claims the index
    /// would otherwise leap, and its grid with it, at the cost of whoever deposits next.
    /// @param pool State at the start of the span.
    /// @param curve The curve.
    /// @param elapsedSeconds Length of the span, seconds.
    /// @return step_ Indices at the end, and the reserve's interest.
    /// @custom:rounding supply index down, borrow index up, the residue goes to the reserve
    function step(
        Pool memory pool,
        IMarginVault.RateCurve memory curve,
        uint256 elapsedSeconds
    ) internal pure returns (Step memory step_) {
        if (pool.borrowPrincipal == 0) return Step(pool.supplyIndexE27, pool.borrowIndexE27, 0);
        uint256 borrowedE18 = mulDivDown(pool.borrowPrincipal, pool.borrowIndexE27, ONE_E27);
        uint256 suppliedE18 = mulDivUp(pool.supplyPrincipal, pool.supplyIndexE27, ONE_E27);
        uint256 rateE18 = borrowRateE18(curve, suppliedE18, borrowedE18);
        uint256 growthE27 = mulDivUp(rateE18 * elapsedSeconds, E18_TO_E27, YEAR_SECONDS);

        uint256 borrowIndexE27 = pool.borrowIndexE27 + mulDivUp(pool.borrowIndexE27, growthE27, ONE_E27);
        step_.borrowIndexE27 = Math.min(borrowIndexE27, MAX_INDEX_E27);
        uint256 interestE18 = mulDivDown(pool.borrowPrincipal, step_.borrowIndexE27, ONE_E27) - borrowedE18;

        step_.supplyIndexE27 = pool.supplyIndexE27;
        step_.reserveE18 = interestE18;
        if (pool.supplyPrincipal == 0) return step_;

        uint256 forClaimsE18 = interestE18 - mulDivUp(interestE18, curve.reserveE18, ONE_E18);
        uint256 riseE27 = Math.min(
            mulDivDown(forClaimsE18, ONE_E27, pool.supplyPrincipal),
            mulDivDown(pool.supplyIndexE27, growthE27, ONE_E27)
        );
        riseE27 = Math.min(riseE27, MAX_INDEX_E27 - pool.supplyIndexE27);
        step_.supplyIndexE27 += riseE27;
        step_.reserveE18 -= mulDivUp(pool.supplyPrincipal, riseE27, ONE_E27);
    }
}
