import * as z from "zod";
import * as Audit from "../../audit/index.ts";
import * as Directors from "../../director/index.ts";
import { isPublic } from "../../engine/dataset/index.ts";
import * as Esi from "../../eve/esi/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { isConditionFailed, VisibleError } from "../../platform/error/index.ts";
import { fn } from "../../platform/fn/index.ts";
import { datasets, directorScopes } from "./datasets/index.ts";
import { requireReader } from "./reader.ts";

const Id = z.object({ corporationId: z.int().positive() });

const Preference = z.enum(Directors.preferences);

export const Director = z.object({
  characterId: z.int(),
  name: z.string(),
  /** Used before the others, in turn with them, or only if none of them can fetch. */
  preference: Preference,
  healthy: z.boolean(),
  consecutiveFailures: z.int(),
  lastError: z.object({ code: z.string(), message: z.string(), at: z.iso.datetime() }).optional(),
  roles: z.array(z.string()),
  missingScopes: z.array(z.string()),
  missingRolesFor: z.array(z.string()),
  /** Datasets that ESI has just refused to this director, and until when other directors are tried first. */
  refused: z.array(z.object({ dataset: z.string(), until: z.iso.datetime() })),
  buckets: z.array(z.object({ group: z.string(), remaining: z.number(), max: z.number() })),
  /** Refusals by dataset: since when, how often, and when the dataset worked again. Newest first. */
  incidents: z.array(
    z.object({
      dataset: z.string(),
      code: z.string(),
      firstAt: z.iso.datetime(),
      at: z.iso.datetime(),
      times: z.int(),
      healedAt: z.iso.datetime().optional(),
    }),
  ),
  lastUsedAt: z.iso.datetime().optional(),
  remedy: z.string().optional(),
});
export type Director = z.infer<typeof Director>;

const isoOf = (at: number): string => new Date(at).toISOString();

/** Scopes that a director never granted, and datasets that the in-game roles do not reach. */
export function missingFor({ roles, scopes }: Pick<Directors.DirectorState, "roles" | "scopes">) {
  const wanted = directorScopes();
  const isOutOfReach = (dataset: (typeof datasets)[number]) =>
    !isPublic(dataset) && !Directors.canFetch(dataset, { roles, scopes: wanted });
  return {
    scopes: wanted.filter((scope) => !scopes.includes(scope)),
    datasets: datasets.filter(isOutOfReach).map(({ name }) => name),
  };
}

function describeDirector(director: Directors.DirectorState): Director {
  const missing = missingFor(director);
  const remedy =
    director.error && !Directors.isHealthy(director)
      ? director.error.message
      : missing.scopes.length > 0
        ? "Some scopes were not granted. Add the corporation again with this character and accept all scopes."
        : undefined;
  return {
    characterId: director.characterId,
    name: director.name,
    preference: Directors.preferenceOf(director),
    healthy: Directors.isHealthy(director),
    consecutiveFailures: director.failures,
    roles: director.roles,
    missingScopes: missing.scopes,
    missingRolesFor: missing.datasets,
    refused: Directors.refusals(director, Date.now()).map(({ dataset, until }) => ({
      dataset,
      until: isoOf(until),
    })),
    incidents: Object.entries(director.incidents)
      .sort(([, a], [, b]) => (b.healedAt ?? b.at) - (a.healedAt ?? a.at))
      .map(([dataset, { code, times, firstAt, at, healedAt }]) => ({
        ...{ dataset, code, times, firstAt: isoOf(firstAt), at: isoOf(at) },
        ...(healedAt === undefined ? {} : { healedAt: isoOf(healedAt) }),
      })),
    buckets: Esi.Budget.left(director.buckets).map(({ group, remaining, limit }) => ({ group, remaining, max: limit })),
    ...(director.error ? { lastError: { ...director.error, at: isoOf(director.error.at) } } : {}),
    ...(director.lastUsedAt ? { lastUsedAt: isoOf(director.lastUsedAt) } : {}),
    ...(remedy ? { remedy } : {}),
  };
}

export const listDirectors = fn(Id, async ({ corporationId }): Promise<Director[]> => {
  await requireReader(corporationId);
  return (await Directors.loadUnchecked(corporationId)).map(describeDirector);
});

export const DirectorId = Id.extend({ characterId: z.int().positive() });

/** Sets when a director is used beside the others. Errors: `director.not_found` (404). */
export const preferDirector = fn(
  DirectorId.extend({ preference: Preference }),
  async ({ corporationId, characterId, preference }) => {
    await requireReader(corporationId);
    await Actor.provide({ type: "system", name: "director-prefer" }, () =>
      Directors.setPreference(corporationId, characterId, preference),
    ).catch((error: unknown) => {
      if (!isConditionFailed(error)) throw error;
      throw new VisibleError("not_found", "director.not_found", "This character is no director of the corporation.");
    });
    await Audit.record({ action: "director.preferred", subject: { corporationId, characterId, preference } });
  },
);
