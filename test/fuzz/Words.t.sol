// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Exact} from "../../contracts/libraries/math/Exact.sol";
import {SurfaceWords} from "../../contracts/libraries/SurfaceWords.sol";
import {instrumentOfWord, positionWord, sizeOfWord} from "../../contracts/types/Book.sol";
import {InstrumentId} from "../../contracts/types/InstrumentId.sol";
import {Surface} from "../../contracts/types/Market.sol";
import {SolidityTest} from "../base/SolidityTest.sol";

/// @notice What is packed by hand comes back as it went in, at the place that is documented.
contract WordsTest is SolidityTest {
    using SurfaceWords for SurfaceWords.Words;

    function testFuzz_SurfaceComesBack(Surface memory surface, uint24 maxAge) public pure {
        SurfaceWords.Words memory words = SurfaceWords.pack(surface, maxAge);
        Surface memory back = words.unpack();
        vm.assertEq(keccak256(abi.encode(back)), keccak256(abi.encode(surface)), "surface");
        vm.assertEq(SurfaceWords.publishedAt(words.head), surface.publishedAt, "time of the report");
        vm.assertEq(SurfaceWords.maxAgeSeconds(words.head), maxAge, "greatest age");
        vm.assertEq(SurfaceWords.goodUntil(words.head), uint256(surface.publishedAt) + maxAge, "last second");
    }

    function testFuzz_SurfaceHasItsPlaces(Surface memory surface, uint24 maxAge) public pure {
        SurfaceWords.Words memory words = SurfaceWords.pack(surface, maxAge);
        bytes memory head = abi.encodePacked(
            maxAge,
            surface.aE18,
            surface.discountE18,
            surface.forwardRatioE18,
            surface.publishedAt
        );
        bytes memory smile = abi.encodePacked(surface.sigmaE18, surface.mE18, surface.rhoE18, surface.bE18);
        vm.assertEq(bytes32(words.head), bytes32(head), "head, highest field first");
        vm.assertEq(bytes32(words.smile), bytes32(smile), "smile, highest field first");
    }

    function testFuzz_PositionComesBack(uint128 instrument, int128 size) public pure {
        uint256 word = positionWord(InstrumentId.wrap(instrument), size);
        vm.assertEq(bytes32(word), bytes32(abi.encodePacked(size, instrument)), "size on top");
        vm.assertEq(uint256(InstrumentId.unwrap(instrumentOfWord(word))), instrument, "instrument");
        vm.assertEq(int256(sizeOfWord(word)), size, "size");
    }

    function testFuzz_UnitsAreExactOrRefused(uint128 value, uint64 unitLess, uint128 most) public pure {
        uint256 unit = uint256(unitLess) + 1;
        (bool fits, uint256 count) = Exact.units(value, unit, most);
        vm.assertEq(fits, value % unit == 0 && value / unit <= most, "fits");
        if (fits) vm.assertEq(count * unit, value, "nothing is lost");
        (fits, count) = Exact.units(unit * uint256(most), unit, most);
        vm.assertTrue(fits && count == most, "the greatest count fits");
        (fits, ) = Exact.units(unit * (uint256(most) + 1), unit, most);
        vm.assertFalse(fits, "one more does not");
    }
}
