import * as z from "zod";

/** Kinds of owners, as ESI has them. */
export const kinds = ["corporation", "character"] as const;

/** An owner of datasets: a kind and EVE's id, which is unique over all kinds. */
export const Owner = z.object({ kind: z.enum(kinds), id: z.int().positive() });
export type Owner = z.infer<typeof Owner>;

export const corporation = (id: number): Owner => ({ kind: "corporation", id });
export const character = (id: number): Owner => ({ kind: "character", id });

/** The key of an owner's rows in the database, e.g. `corporation#98000001`. */
export const keyOf = ({ kind, id }: Owner): string => `${kind}#${id}`;

/** The owner whose key it is. Throws if the text is no owner's key. */
export function ownerOf(key: string): Owner {
  const [kind, id] = key.split("#");
  return Owner.parse({ kind, id: Number(id) });
}

/** The owner as a parameter of ESI's paths, e.g. `{ corporation_id: 98000001 }`. */
export const pathOf = ({ kind, id }: Owner): Readonly<Record<string, number>> => ({ [`${kind}_id`]: id });

/** The owner as messages to browsers and log lines name it, e.g. `{ corporationId: 98000001 }`. */
export const fieldOf = ({ kind, id }: Owner): Readonly<Record<string, number>> => ({ [`${kind}Id`]: id });

export { promisedMs, retentionDaysOf, shortestRetentionDays, Tier, tiers } from "./tier.ts";
