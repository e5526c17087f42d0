import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import * as z from "zod";
import type { Dataset } from "../../../engine/dataset/index.ts";
import { datasets } from "./index.ts";

interface Schema {
  $ref?: string;
  type?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

interface Operation {
  operationId?: string;
  responses: Record<string, { content?: { "application/json"?: { schema: Schema } } }>;
}

const file = new URL("../../../../../../data/esi/openapi.json.gz", import.meta.url);
const spec = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
const operations = new Map(
  Object.values(spec.paths)
    .flatMap((methods) => Object.values(methods))
    .map((operation) => [operation.operationId, operation]),
);

function resolve(schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name ? resolve(spec.components.schemas[name] as Schema) : schema;
}

/** Every field of an answer that is a value: `victim.position.x`, lists without a sign of their own. */
function fieldsOf(schema: Schema, path: readonly string[] = []): string[] {
  const { items, properties, oneOf, anyOf, allOf } = resolve(schema);
  if (items) return fieldsOf(items, path);
  if (properties) return Object.entries(properties).flatMap(([name, inner]) => fieldsOf(inner, [...path, name]));
  const choices = oneOf ?? anyOf ?? allOf;
  if (choices) return choices.flatMap((choice) => fieldsOf(choice, path));
  return path.length > 0 ? [path.join(".")] : [];
}

function fieldsRead({ operations: [operation] }: Dataset): string[] {
  const { responses } = operations.get(operation) as Operation;
  const schema = (responses["200"] ?? responses["201"])?.content?.["application/json"]?.schema;
  return [...new Set(schema ? fieldsOf(schema) : [])];
}

/** Where a list or an object around the rows is opened. */
const wrappers: Record<string, string[]> = {
  projects: ["projects"],
  "freelance-jobs": ["freelance_jobs"],
  "project-contributors": ["contributors"],
  "freelance-participants": ["participants"],
  skyhooks: ["skyhooks"],
  "sovereignty-hubs": ["sovereignty_hubs"],
};

const progress = {
  "progress.current": "progress_current",
  "progress.desired": "progress_desired",
  "reward.initial": "reward_initial",
  "reward.remaining": "reward_remaining",
};

/** Fields, or whole objects, that stand in a column of another name. */
const renamed: Record<string, Record<string, string>> = {
  "public-info": { "tax_rates.isk": "tax_rate", "tax_rates.loyalty_point": "loyalty_tax_rate" },
  divisions: {
    "hangar.division": "division",
    "hangar.name": "name",
    "wallet.division": "division",
    "wallet.name": "name",
  },
  "member-titles": { titles: "title_id" },
  "asset-locations": { "position.x": "x", "position.y": "y", "position.z": "z" },
  "location-names": { "position.x": "x", "position.y": "y", "position.z": "z" },
  "party-names": { id: "party_id" },
  structures: { "services.name": "services", "services.state": "services" },
  "skyhook-details": {
    "reinforcement_timer.end": "reinforced_until",
    "theft_vulnerability.start": "vulnerable_from",
    "theft_vulnerability.end": "vulnerable_until",
  },
  "sovereignty-hub-details": {
    "reagent_bay.last_updated": "reagents_updated",
    "reagent_bay.reagents": "reagents",
    "resources.power.allocated": "power_allocated",
    "resources.power.available": "power_available",
    "resources.workforce.allocated": "workforce_allocated",
    "resources.workforce.available": "workforce_available",
    "vulnerability_window.start": "vulnerable_from",
    "vulnerability_window.end": "vulnerable_until",
    workforce_transport: "workforce_routes",
  },
  killmails: {
    "victim.character_id": "victim_id",
    "victim.corporation_id": "victim_corporation_id",
    "victim.alliance_id": "victim_alliance_id",
    "victim.faction_id": "victim_faction_id",
    "victim.ship_type_id": "ship_type_id",
    "victim.damage_taken": "damage_taken",
    "victim.items": "items",
    "victim.position": "position",
  },
  projects: progress,
  "freelance-jobs": progress,
  "project-details": {
    ...progress,
    "creator.id": "creator_id",
    "creator.name": "creator_name",
    "details.career": "career",
    "details.created": "created",
    "details.description": "description",
    "details.expires": "expires",
    "details.finished": "finished",
    "contribution.participation_limit": "participation_limit",
    "contribution.reward_per_contribution": "reward_per_contribution",
    "contribution.submission_limit": "submission_limit",
    "contribution.submission_multiplier": "submission_multiplier",
  },
  "fw-stats": {
    "kills.yesterday": "kills_yesterday",
    "kills.last_week": "kills_last_week",
    "kills.total": "kills_total",
    "victory_points.yesterday": "victory_points_yesterday",
    "victory_points.last_week": "victory_points_last_week",
    "victory_points.total": "victory_points_total",
  },
  "project-contributors": { id: "character_id" },
  "freelance-participants": { id: "character_id" },
};

/** What is no part of any row. */
const isAround = (field: string) => field.startsWith("cursor.");

/** A column that keeps what it holds as ESI gave it. */
function isNested({ row }: Dataset, column: string): boolean {
  const field = row.shape[column] as z.core.$ZodType | undefined;
  const inner = field instanceof z.ZodOptional ? (field.unwrap() as z.core.$ZodType) : field;
  return (
    inner instanceof z.ZodArray ||
    inner instanceof z.ZodObject ||
    inner instanceof z.ZodRecord ||
    inner instanceof z.ZodUnknown
  );
}

/** The column that a field, or an object around it, was given, and whether more of its path is left below it. */
function targetOf({ name }: Dataset, path: readonly string[]): { column: string; isBelow: boolean } {
  for (let length = path.length; length > 0; length -= 1) {
    const column = renamed[name]?.[path.slice(0, length).join(".")];
    if (column !== undefined) return { column, isBelow: length < path.length };
  }
  return { column: path[0] ?? "", isBelow: path.length > 1 };
}

function isReadable(dataset: Dataset, field: string): boolean {
  const path = field.split(".").filter((name, at) => at > 0 || !wrappers[dataset.name]?.includes(name));
  const { column, isBelow } = targetOf(dataset, path);
  const isShown = column in { ...dataset.columns, ...dataset.derived };
  return isShown && (!isBelow || isNested(dataset, column));
}

test.each(datasets.map((dataset) => [dataset.name, dataset] as const))(
  "%s: every field of ESI's answer can be read in a column",
  (_, dataset) => {
    const unread = fieldsRead(dataset).filter((field) => !isAround(field) && !isReadable(dataset, field));

    expect(unread).toEqual([]);
  },
);
