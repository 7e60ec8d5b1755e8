// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {SurfaceWords} from "../libraries/SurfaceWords.sol";
import {Surface} from "../types/Market.sol";

/// @title Last known prices
/// @notice Answers like the two oracles while they answer, and with the last value they accepted while they refuse. A caller cannot
/// choose between the two: a price of now is never replaced.
/// @dev Only for what may go on without a price; see ILastKnownRisk.
contract LastKnownPrices {
    /// @dev Many times what reading a feed costs: else a caller could starve the read and make a live feed look dead.
    uint256 private constant PROBE_GAS = 400_000;

    IRiskParameters private immutable PARAMETERS;

    /// @param parameters_ Names the oracles.
    constructor(IRiskParameters parameters_) {
        PARAMETERS = parameters_;
    }

    /// @notice Price of a feed, USD, 18 decimals: the guarded one, or while it is refused the last accepted one.
    function price(uint16 feedId) external view returns (uint256 priceE18) {
        (IPriceOracle oracle, ) = PARAMETERS.oracles();
        if (gasleft() < PROBE_GAS) revert IPriceOracle.PriceOracle_TooLittleGas(gasleft(), PROBE_GAS);
        try oracle.price(feedId) returns (uint256 nowE18) {
            return nowE18;
        } catch (bytes memory reason) {
            priceE18 = oracle.feedState(feedId).acceptedE18;
            // Without a reason the call ran out of gas, which is the caller's doing.
            if (reason.length < 4 || priceE18 == 0) Address.verifyCallResult(false, reason);
        }
    }

    /// @notice Surface of an expiry as SurfaceWords packs it: the live one, or while it is refused the last accepted one.
    function surfaceWords(uint16 underlying, uint40 expiry) external view returns (uint256 head, uint256 smile) {
        (, ISurfaceOracle oracle) = PARAMETERS.oracles();
        try oracle.surfaceWords(underlying, expiry) returns (uint256 head_, uint256 smile_) {
            return (head_, smile_);
        } catch (bytes memory reason) {
            Surface memory last = oracle.lastSurface(underlying, expiry);
            if (reason.length < 4 || last.publishedAt == 0) Address.verifyCallResult(false, reason);
            SurfaceWords.Words memory words = SurfaceWords.pack(last, 0);
            return (words.head, words.smile);
        }
    }
}
