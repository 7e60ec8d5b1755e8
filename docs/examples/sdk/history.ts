import {eventDecoder, eventsOf, formatUsd} from "@ballast/sdk";

import {clientOf, deployment, provider} from "./setup.js";

const ballast = await clientOf("ALICE");
const {block, contracts} = deployment();

// All that the contracts ever did, decoded.
const events = await ballast.history({fromBlock: block});
const deposits = eventsOf(events, "vault", "Deposited");
for (const {values} of deposits) console.log("deposited", formatUsd(values.creditE18));
console.log(eventsOf(events, "clearinghouse", "FeePaid")[0]?.sentence.replace(/account \S+/, "account …"));

// The decoder alone, for logs that come from anywhere.
const decoder = eventDecoder(contracts);
const logs = await provider.getLogs({address: contracts.vault, fromBlock: block});
console.log(
    "as many of the vault:",
    decoder.decodeAll(logs).length === events.filter((e) => e.contract === "vault").length,
);
