import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdIcons";

export const icons = define({
  name: "icons",
  title: "Logo",
  screen: { group: "Corporation", place: "supporting" },
  queue: "public",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    corporation_id: z.int(),
    px64x64: z.string().optional(),
    px128x128: z.string().optional(),
    px256x256: z.string().optional(),
  }),
  key: ["corporation_id"],
  columns: {
    corporation_id: { title: "Corporation id", kind: "party", hidden: true },
    px64x64: { title: "64 x 64", kind: "text" },
    px128x128: { title: "128 x 128", kind: "text" },
    px256x256: { title: "256 x 256", kind: "text" },
  },
  sort: "corporation_id",
  fetch: single(operation, (data: Row, { owner }) => [{ ...data, corporation_id: owner.id }]),
});
