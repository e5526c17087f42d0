import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";

const operation = "GetCharactersCharacterIdShip";

export const ship = define({
  name: "ship",
  title: "Ship",
  screen: { group: "Location", place: "main" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  // ESI renews it every five seconds.
  minIntervalSeconds: 60,
  row: z.object({ character_id: z.int(), ship_type_id: z.int(), ship_name: z.string(), ship_item_id: z.int() }),
  key: ["character_id"],
  columns: {
    character_id: { title: "Character", kind: "character", hidden: true },
    ship_type_id: { title: "Ship", kind: "type" },
    ship_name: { title: "Name", kind: "text" },
    ship_item_id: { title: "Item id", kind: "id", hidden: true },
  },
  sort: "character_id",
  history: ({ change, row, after }, name) => {
    if (change !== "changed") return undefined;
    const named = `${name("type", row.ship_type_id)} called ${row.ship_name}`;
    return after.ship_item_id === undefined
      ? { kind: "ship.renamed", text: `The ship is now a ${named}` }
      : { kind: "ship.boarded", text: `Boarded the ${named}` };
  },
  fetch: single(operation, (ship: Row, { owner }) => [{ ...ship, character_id: owner.id }]),
});
