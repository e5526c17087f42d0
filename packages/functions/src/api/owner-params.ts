import type { Catalogue } from "@tapi/core/engine/catalogue";
import { datasetsOf } from "@tapi/core/engine/kind";
import type { Owner } from "@tapi/core/owner";
import type { Context } from "hono";
import * as z from "zod";

type Kind = Owner["kind"];

const id = z.coerce.number().int().positive();

/**
 * The path's parameters of the routes that every kind of owner has: `:corporationId` or `:characterId`, and a dataset. They
 * are read as `{ owner }` and `{ owner, dataset }`.
 */
export function paramsOf(kind: Kind) {
  const name = `${kind}Id`;
  const ownerIn = (params: Record<string, unknown>): Owner => ({ kind, id: params[name] as number });
  const Owned = z.object({ [name]: id }).transform((params) => ({ owner: ownerIn(params) }));
  const OwnedDataset = z
    .object({ [name]: id, dataset: z.string() })
    .transform(({ dataset, ...params }) => ({ owner: ownerIn(params), dataset }));
  // The path in which they are mounted tells the client of the id.
  return {
    Owned: Owned as unknown as z.ZodType<{ owner: Owner }, Record<never, never>>,
    OwnedDataset: OwnedDataset as unknown as z.ZodType<{ owner: Owner; dataset: string }, { dataset: string }>,
  };
}

export type Params = ReturnType<typeof paramsOf>;

/** The datasets of the kind of owner that the request's path is about. */
export const catalogueIn = (c: Context): Catalogue =>
  datasetsOf({ kind: c.req.param("characterId") === undefined ? "corporation" : "character" });
