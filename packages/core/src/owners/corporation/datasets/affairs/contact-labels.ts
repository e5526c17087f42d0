import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdContactsLabels";

export const contactLabels = define({
  name: "contact-labels",
  title: "Contact labels",
  screen: { group: "Affairs", place: "supporting" },
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ label_id: z.int(), label_name: z.string() }),
  key: ["label_id"],
  columns: {
    label_id: { title: "Label id", kind: "id" },
    label_name: { title: "Label", kind: "text" },
  },
  sort: "label_name",
  fetch: single(operation),
});
