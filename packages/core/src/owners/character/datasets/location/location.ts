import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Happening, type NameOf, type Row, type RowChange } from "../../../../engine/dataset/index.ts";

const operation = "GetCharactersCharacterIdLocation";

function describe({ change, row }: RowChange, name: NameOf): Happening | undefined {
  if (change !== "changed") return undefined;
  const dock = row.station_id ?? row.structure_id;
  const place = dock === undefined ? "in space" : `docked at ${name("location", dock)}`;
  return { kind: "pilot.moved", text: `Now in ${name("system", row.solar_system_id)}, ${place}` };
}

export const location = define({
  name: "location",
  title: "Location",
  screen: { group: "Location", place: "home" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  // ESI renews it every five seconds.
  minIntervalSeconds: 60,
  row: z.object({
    character_id: z.int(),
    solar_system_id: z.int(),
    station_id: z.int().optional(),
    structure_id: z.int().optional(),
  }),
  key: ["character_id"],
  columns: {
    character_id: { title: "Character", kind: "character", hidden: true },
    solar_system_id: { title: "System", kind: "system" },
    station_id: { title: "Station", kind: "location" },
    structure_id: { title: "Structure", kind: "location" },
  },
  sort: "character_id",
  history: describe,
  fetch: single(operation, (place: Row, { owner }) => [{ ...place, character_id: owner.id }]),
});
