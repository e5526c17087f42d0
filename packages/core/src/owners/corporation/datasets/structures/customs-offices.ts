import * as z from "zod";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdCustomsOffices";

export const customsOffices = define({
  name: "customs-offices",
  title: "Customs offices",
  screen: { group: "Structures", place: "main" },
  queue: "structures",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    office_id: z.int(),
    system_id: z.int(),
    type_id: z.int().optional(),
    reinforce_exit_start: z.int(),
    reinforce_exit_end: z.int(),
    allow_alliance_access: z.boolean(),
    allow_access_with_standings: z.boolean(),
    standing_level: z.string().optional(),
    corporation_tax_rate: z.number().optional(),
    alliance_tax_rate: z.number().optional(),
    excellent_standing_tax_rate: z.number().optional(),
    good_standing_tax_rate: z.number().optional(),
    neutral_standing_tax_rate: z.number().optional(),
    bad_standing_tax_rate: z.number().optional(),
    terrible_standing_tax_rate: z.number().optional(),
  }),
  key: ["office_id"],
  columns: {
    system_id: { title: "System", kind: "system" },
    reinforce_exit_start: { title: "Reinforcement ends from (hour)", kind: "number" },
    reinforce_exit_end: { title: "to (hour)", kind: "number" },
    corporation_tax_rate: { title: "Corporation tax", kind: "number" },
    alliance_tax_rate: { title: "Alliance tax", kind: "number" },
    neutral_standing_tax_rate: { title: "Neutral tax", kind: "number" },
    allow_alliance_access: { title: "Alliance may use it", kind: "boolean" },
    allow_access_with_standings: { title: "By standing", kind: "boolean" },
    standing_level: { title: "Lowest standing", kind: "enum" },
    excellent_standing_tax_rate: { title: "Excellent standing tax", kind: "number", hidden: true },
    good_standing_tax_rate: { title: "Good standing tax", kind: "number", hidden: true },
    bad_standing_tax_rate: { title: "Bad standing tax", kind: "number", hidden: true },
    terrible_standing_tax_rate: { title: "Terrible standing tax", kind: "number", hidden: true },
    type_id: { title: "Type", kind: "type", hidden: true },
    office_id: { title: "Office id", kind: "id", hidden: true },
  },
  sort: "system_id",
  history: ({ change, row }, name) => {
    const where = name("system", row.system_id);
    if (change === "changed") return undefined;
    return change === "added"
      ? { kind: "customs_office.added", text: `A customs office stands in ${where}` }
      : { kind: "customs_office.gone", text: `A customs office in ${where} is gone` };
  },
  fetch: paged(operation),
});
