import { spec } from "../static-data/spec.ts";
import type { Call } from "./endpoint.ts";
import type { Route } from "./route.ts";
import { Refusal } from "./views.ts";

/** Headers without which nothing is answered. */
export function checkHeaders(compatibilityDate: string | undefined, userAgent: string | undefined): void {
  const supported = spec().components.parameters.CompatibilityDate?.schema.enum ?? [];
  if (!compatibilityDate) throw new Refusal(400, "X-Compatibility-Date header is required");
  if (!supported.includes(compatibilityDate)) {
    throw new Refusal(400, `X-Compatibility-Date must be one of: ${supported.join(", ")}`);
  }
  if (!userAgent) throw new Refusal(400, "User-Agent header is required");
}

/** Scope, then membership, then in-game role. A director has every role. */
export function checkAccess(route: Route, { world, caller, ids }: Call): void {
  if (route.scopes.length === 0) return;
  if (!caller) throw new Refusal(401, "Authorization header is required");
  const missing = route.scopes.filter((scope) => !caller.scopes.includes(scope));
  if (missing.length > 0) throw new Refusal(403, `Token is not valid for scope: ${missing.join(", ")}`);
  const isOwnPath = route.path.startsWith("/characters/{character_id}");
  if (isOwnPath && ids.character_id !== caller.characterId) {
    throw new Refusal(403, "Character ID does not match the token");
  }
  if (ids.corporation_id === undefined) return;
  if (world.people.get(caller.characterId)?.corporationId !== ids.corporation_id) {
    throw new Refusal(403, "Character is not in the corporation");
  }
  const held = world.corporations.get(ids.corporation_id)?.roster.members.get(caller.characterId)?.roles ?? [];
  const suffices =
    route.roles.length === 0 || held.includes("Director") || route.roles.some((role) => held.includes(role));
  if (!suffices) throw new Refusal(403, `Character does not have required role(s): ${route.roles.join(" or ")}`);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Path parameters by the types of the spec. */
export function readPath(route: Route, values: Record<string, string>): Pick<Call, "ids" | "text"> {
  const ids: Record<string, number> = {};
  const text: Record<string, string> = {};
  for (const { name, in: place } of route.parameters) {
    const value = values[name];
    if (place !== "path" || value === undefined) continue;
    const isText = name === "killmail_hash" || name === "project_id" || name === "job_id";
    if (!isText && !/^\d{1,16}$/.test(value)) throw new Refusal(400, `path parameter ${name} must be a whole number`);
    if (isText && name !== "killmail_hash" && !uuid.test(value)) throw new Refusal(400, `${name} must be a UUID`);
    if (isText) text[name] = value;
    else ids[name] = Number(value);
  }
  return { ids, text };
}

export function checkQuery({ parameters }: Route, query: Record<string, string>): void {
  for (const { name, in: place, required } of parameters) {
    if (place === "query" && required && !query[name]) throw new Refusal(400, `query parameter ${name} is required`);
  }
}

/** The list of ids or names that a POST carries, within the spec's limits. */
export function readBody({ body: limits }: Route, text: string): unknown {
  if (!limits) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refusal(400, "Body is not valid JSON");
  }
  const items: unknown[] | undefined = Array.isArray(body) ? body : undefined;
  const isTyped = (item: unknown) => (limits.type === "string" ? typeof item === "string" : Number.isInteger(item));
  if (!items || items.length < limits.minItems || items.length > limits.maxItems || !items.every(isTyped)) {
    throw new Refusal(400, `Body must be a list of ${limits.minItems} to ${limits.maxItems} ${limits.type}s`);
  }
  if (new Set(items).size !== items.length) throw new Refusal(400, "Body items must be unique");
  return body;
}
