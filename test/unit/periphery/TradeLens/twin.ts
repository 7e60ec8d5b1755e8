/** What the trade twin needs to know, read from the chain at its latest block. */
import type {NetworkConnection} from "hardhat/types/network";

import {LOCAL} from "../../../../deploy/parameters/local.js";
import {parseParameters} from "../../../../deploy/parameters/schema.js";
import {bookFrom, riskParameters} from "../../../../scripts/demo/mirror.js";
import type {ExpiryQuote, Market, UnderlyingQuote} from "../../../../scripts/sdk/risk/index.js";
import {NOBODY} from "../../../../scripts/sdk/trade/index.js";
import type {Holder, Terms, TradeQuestion} from "../../../../scripts/sdk/trade/index.js";
import {BTC, E18, ETH, TAKER} from "./fixture.js";
import type {Sides, TradeWorld} from "./fixture.js";
