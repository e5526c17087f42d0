import { Entity } from "electrodb";
import { lazy, options, service } from "../platform/db/index.ts";

/*
 * Access patterns
 *   head of a collection                          head.get({ owner, collection })
 *   one chunk of the base in its slot             base.get({ owner, collection, slot, part })
 *   one part of the delta that made a version     delta.get({ owner, collection, version, part })
 *   deltas between two versions, either way       delta.query.history({ owner, collection }).between({ version }, { version })
 * An item is at most 400 KB (DynamoDB's limit); blobs are cut well below it.
 */

const key = { owner: { type: "string", required: true }, collection: { type: "string", required: true } } as const;
const pk = {
  field: "pk",
  composite: ["owner", "collection"],
  template: "${owner}#snapshot#${collection}",
  casing: "none",
} as const;

export const head = lazy(
  () =>
    new Entity(
      {
        model: { entity: "snapshotHead", version: "1", service },
        attributes: {
          ...key,
          version: { type: "number", required: true },
          rows: { type: "number", required: true },
          changedAt: { type: "number", required: true },
          slot: { type: ["a", "b"] as const, required: true },
          baseVersion: { type: "number", required: true },
          baseParts: { type: "number", required: true },
          baseBytes: { type: "number", required: true },
          /** Parts of each delta since the base, oldest first: `baseVersion + 1`, `baseVersion + 2`, ... */
          deltaParts: { type: "list", items: { type: "number" }, required: true },
          deltaBytes: { type: "number", required: true },
          /** When the oldest delta since the base was written; the cleanup compacts before it may expire. */
          deltasSince: { type: "number" },
          /** The highest lease number that has claimed this collection. */
          fence: { type: "number", required: true },
          /** When its owner was registered: a collection of a former registration counts as absent. */
          since: { type: "number" },
        },
        indexes: { primary: { pk, sk: { field: "sk", composite: [], template: "head", casing: "none" } } },
      },
      options(),
    ),
);

const blob = {
  ...key,
  part: { type: "number", required: true },
  version: { type: "number", required: true, padding: { length: 10, char: "0" } },
  fence: { type: "number", required: true },
  data: { type: "any", required: true },
} as const;

export const base = lazy(
  () =>
    new Entity(
      {
        model: { entity: "snapshotBase", version: "1", service },
        attributes: { ...blob, slot: { type: ["a", "b"] as const, required: true } },
        indexes: {
          primary: {
            pk,
            sk: { field: "sk", composite: ["slot", "part"], template: "base#${slot}#${part}", casing: "none" },
          },
        },
      },
      options(),
    ),
);

export const delta = lazy(
  () =>
    new Entity(
      {
        model: { entity: "snapshotDelta", version: "1", service },
        attributes: {
          ...blob,
          parts: { type: "number", required: true },
          at: { type: "number", required: true },
          /** When the version before was made: how far back the oldest delta that is kept can speak. */
          previousAt: { type: "number", required: true },
          added: { type: "number", required: true },
          removed: { type: "number", required: true },
          changed: { type: "number", required: true },
          expiresAt: { type: "number", required: true },
        },
        indexes: {
          history: {
            pk,
            sk: { field: "sk", composite: ["version", "part"], template: "delta#${version}#${part}", casing: "none" },
          },
        },
      },
      options(),
    ),
);
