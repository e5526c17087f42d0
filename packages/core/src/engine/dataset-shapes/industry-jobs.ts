import * as z from "zod";
import { amount, plain } from "../dataset/format.ts";
import type { DatasetShape } from "./shape.ts";

/** Names of the industry activities by id, as the static data have them. */
const activities: Readonly<Record<number, string>> = {
  1: "Manufacturing",
  3: "Time efficiency research",
  4: "Material efficiency research",
  5: "Copying",
  7: "Reverse engineering",
  8: "Invention",
  9: "Reactions",
  11: "Reactions",
};

/** Jobs of industry: what is made, by whom, until when. */
export const industryJobs = {
  storage: "snapshot",
  row: z.object({
    job_id: z.int(),
    activity_id: z.int(),
    status: z.string(),
    installer_id: z.int(),
    facility_id: z.int(),
    location_id: z.int(),
    blueprint_id: z.int(),
    blueprint_location_id: z.int(),
    blueprint_type_id: z.int(),
    output_location_id: z.int(),
    product_type_id: z.int().optional(),
    runs: z.int(),
    licensed_runs: z.int().optional(),
    successful_runs: z.int().optional(),
    probability: z.number().optional(),
    cost: z.number().optional(),
    duration: z.int(),
    start_date: z.string(),
    end_date: z.string(),
    pause_date: z.string().optional(),
    completed_date: z.string().optional(),
    completed_character_id: z.int().optional(),
  }),
  key: ["job_id"],
  columns: {
    status: { title: "Status", kind: "enum" },
    product_type_id: { title: "Product", kind: "type" },
    runs: { title: "Runs", kind: "number" },
    installer_id: { title: "Installer", kind: "character" },
    start_date: { title: "Started", kind: "date" },
    end_date: { title: "Ends", kind: "date" },
    cost: { title: "Cost", kind: "isk" },
    location_id: { title: "Facility", kind: "location" },
    blueprint_type_id: { title: "Blueprint", kind: "type", hidden: true },
    duration: { title: "Duration (s)", kind: "number", hidden: true },
    licensed_runs: { title: "Licensed runs", kind: "number", hidden: true },
    successful_runs: { title: "Successful runs", kind: "number", hidden: true },
    probability: { title: "Probability", kind: "number", hidden: true },
    pause_date: { title: "Paused", kind: "date", hidden: true },
    completed_date: { title: "Delivered", kind: "date", hidden: true },
    completed_character_id: { title: "Delivered by", kind: "character", hidden: true },
    job_id: { title: "Job id", kind: "id", hidden: true },
    activity_id: { title: "Activity id", kind: "id", hidden: true },
    facility_id: { title: "Facility id", kind: "location", hidden: true },
    blueprint_id: { title: "Blueprint's item id", kind: "id", hidden: true },
    blueprint_location_id: { title: "Blueprint from", kind: "location", hidden: true },
    output_location_id: { title: "Output to", kind: "location", hidden: true },
  },
  derived: {
    activity: {
      column: { title: "Activity", kind: "enum" },
      compute: (view) => (view.columns.activity_id ?? []).map((id) => activities[id as number] ?? String(id)),
    },
  },
  sort: "end_date",
  history: ({ change, row, before, after }, name) => {
    const product = name("type", row.product_type_id ?? row.blueprint_type_id);
    const job = `${activities[row.activity_id as number] ?? "Job"} of ${amount(row.runs)} x ${product}`;
    if (change === "added") {
      return { kind: "job.started", text: `${name("character", row.installer_id)} started: ${job}` };
    }
    if (change === "removed" || !("status" in after)) return undefined;
    return { kind: "job.status", text: `${job}: ${plain(before.status)}, now ${plain(after.status)}` };
  },
} as const satisfies DatasetShape;
