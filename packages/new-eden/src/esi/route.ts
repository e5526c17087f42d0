import { minuteMs, secondMs } from "../clock.ts";
import { type JsonSchema, type Operation, type Parameter, spec } from "../static-data/spec.ts";

export interface RateGroup {
  name: string;
  maxTokens: number;
  windowMs: number;
  /** As the header says it, e.g. "150/15m". */
  limit: string;
}

/**
 * How long an answer holds. `ttl`: a snapshot, the same for everyone until it expires. `event`: always current, to be
 * asked again after the client's TTL. `daily`: until 11:05 UTC, after the downtime. `none`: not cached at all.
 */
export type Freshness =
  | { mode: "ttl"; ttlMs: number }
  | { mode: "event"; ttlMs: number }
  | { mode: "daily" }
  | { mode: "none" };

export interface Route {
  operationId: string;
  method: "get" | "post";
  /** As in the spec, e.g. `/corporations/{corporation_id}/assets`. */
  path: string;
  parameters: Parameter[];
  scopes: string[];
  /** In-game roles, any of which suffices. */
  roles: string[];
  freshness: Freshness;
  pagination: "pages" | "cursor" | "from_id" | "none";
  group: RateGroup | undefined;
  /** Most and fewest entries of a POST body. */
  body: { minItems: number; maxItems: number; type: string } | undefined;
  operation: Operation;
}

const unitMs: Record<string, number> = { s: secondMs, m: minuteMs };

function rateGroup({ "x-rate-limit": limit }: Operation): RateGroup | undefined {
  if (!limit) return undefined;
  const window = limit["window-size"];
  return {
    name: limit.group,
    maxTokens: limit["max-tokens"],
    windowMs: Number.parseInt(window, 10) * (unitMs[window.slice(-1)] ?? Number.NaN),
    limit: `${limit["max-tokens"]}/${window}`,
  };
}

function freshness(method: string, operation: Operation): Freshness {
  const ttl = operation["x-client-cache-ttl"];
  if (method === "post") return ttl ? { mode: "event", ttlMs: ttl * secondMs } : { mode: "none" };
  if (operation["x-server-cache-mode"] === "event-based") {
    return ttl ? { mode: "event", ttlMs: ttl * secondMs } : { mode: "none" };
  }
  return ttl ? { mode: "ttl", ttlMs: ttl * secondMs } : { mode: "daily" };
}

function resolve(parameter: Parameter): Parameter {
  const name = parameter.$ref?.split("/").pop();
  return name ? (spec().components.parameters[name] as Parameter) : parameter;
}

function pagination(parameters: readonly Parameter[]): Route["pagination"] {
  const has = (name: string) => parameters.some((parameter) => parameter.in === "query" && parameter.name === name);
  if (has("page")) return "pages";
  if (has("before")) return "cursor";
  return has("from_id") ? "from_id" : "none";
}

function toRoute(path: string, method: "get" | "post", operation: Operation): Route {
  const parameters = (operation.parameters ?? []).map(resolve);
  const body = operation.requestBody?.content["application/json"].schema;
  return {
    operationId: operation.operationId,
    method,
    path,
    parameters,
    scopes: operation.security?.flatMap(({ OAuth2 }) => OAuth2 ?? []) ?? [],
    roles: operation["x-required-roles"] ?? [],
    freshness: freshness(method, operation),
    pagination: pagination(parameters),
    group: rateGroup(operation),
    body: body && {
      minItems: body.minItems ?? 0,
      maxItems: body.maxItems ?? Number.POSITIVE_INFINITY,
      type: body.items?.type as string,
    },
    operation,
  };
}

let built: Map<string, Route> | undefined;

/** Every GET and POST operation of the spec by its id. */
export function routes(): ReadonlyMap<string, Route> {
  built ??= new Map(
    Object.entries(spec().paths).flatMap(([path, methods]) =>
      (["get", "post"] as const).flatMap((method) => {
        const operation = methods[method];
        return operation ? [[operation.operationId, toRoute(path, method, operation)] as const] : [];
      }),
    ),
  );
  return built;
}

const schemaOf = (schema: JsonSchema): JsonSchema => {
  const name = schema.$ref?.split("/").pop();
  return name ? schemaOf(spec().components.schemas[name] as JsonSchema) : schema;
};

/** Fields that an answer's rows, or the answer itself, may lack. */
export function optionalFields({ operation }: Route): string[] {
  const whole = operation.responses["200"]?.content?.["application/json"]?.schema;
  if (!whole) return [];
  const row = schemaOf(schemaOf(whole).items ?? whole);
  return Object.keys(row.properties ?? {}).filter((name) => !row.required?.includes(name));
}
