import { define } from "../../../../engine/dataset/index.ts";
import { partyNaming, partyRows as shape } from "../../../../engine/dataset-shapes/index.ts";

export const partyNames = define({
  ...shape,
  name: "party-names",
  title: "Names of parties",
  screen: { group: "Wallet", place: "supporting" },
  queue: "public",
  operations: [partyNaming.operation],
  after: ["wallet-journal"],
  fetch: partyNaming.fetch(),
});
