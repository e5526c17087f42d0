import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { contractRows, contracts as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdContracts";

export const contracts = define({
  ...shape,
  name: "contracts",
  title: "Contracts",
  screen: { group: "Contracts", place: "home" },
  queue: "contracts",
  operations: [operation],
  fetch: paged(operation, { toRows: contractRows }),
});
