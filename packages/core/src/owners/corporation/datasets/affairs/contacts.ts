import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { contactRows, contacts as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdContacts";

export const contacts = define({
  ...shape,
  name: "contacts",
  title: "Contacts",
  screen: { group: "Affairs", place: "main" },
  queue: "affairs",
  operations: [operation],
  fetch: paged(operation, {
    toRows: contactRows,
  }),
});
