import { define } from "../../../../engine/dataset/index.ts";
import { partyNaming, partyRows as shape } from "../../../../engine/dataset-shapes/index.ts";

export const partyNames = define({
  ...shape,
  name: "party-names",
  title: "Names of parties",
  screen: { group: "Affairs", place: "main" },
  queue: "public",
  operations: [partyNaming.operation],
  after: ["members"],
  fetch: partyNaming.fetch({ named: "members" }),
});
