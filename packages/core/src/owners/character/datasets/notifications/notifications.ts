import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCharactersCharacterIdNotifications";

/** `StructureUnderAttack` as people read it: Structure under attack. */
function words(type: string): string {
  const text = type.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const notifications = define({
  name: "notifications",
  title: "Notifications",
  screen: { group: "Notifications", place: "home" },
  queue: "members",
  operations: [operation],
  // ESI lists the newest five hundred, whatever their age: what it drops is kept here.
  storage: "ledger",
  dateColumn: "timestamp",
  windowMonths: 4,
  row: z.object({
    notification_id: z.int(),
    timestamp: z.string(),
    type: z.string(),
    sender_id: z.int(),
    sender_type: z.string(),
    is_read: z.boolean().optional(),
    text: z.string().optional(),
  }),
  key: ["notification_id"],
  columns: {
    timestamp: { title: "Date", kind: "date" },
    type: { title: "Type", kind: "enum" },
    sender_id: { title: "From", kind: "party" },
    text: { title: "Text", kind: "text" },
    is_read: { title: "Read", kind: "boolean" },
    sender_type: { title: "Sender type", kind: "enum", hidden: true },
    notification_id: { title: "Id", kind: "id", hidden: true },
  },
  sort: "-timestamp",
  history: ({ change, row }) =>
    change === "added" ? { kind: "notification.received", text: words(String(row.type)) } : undefined,
  fetch: single(operation),
});
