export * from "../../scripts/tools/gas/house.js";
