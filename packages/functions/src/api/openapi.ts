import type { Hono, MiddlewareHandler, ValidationTargets } from "hono";
import * as z from "zod";

// OpenAPI 3.1 made from the routes themselves: `describe` notes what a route answers, `validate` what it takes. Written
// here because the generators on npm bring every locale of zod with them, 58 KB of what a cold start loads.

/** What a route answers when it succeeds. */
export interface Answer {
  summary: string;
  description?: string;
  /** What stands in the envelope's `data`; absent: the answer has no body. */
  data?: z.ZodType;
  meta?: z.ZodType;
  /** 200 with data, 204 without, unless given. */
  status?: number;
  /** The media type of an answer that is no JSON. */
  media?: string;
  /** Headers of the success, each with what it says. */
  headers?: Readonly<Record<string, string>>;
  /** Nobody has to be logged in. */
  isPublic?: boolean;
}

export interface Taken {
  target: keyof ValidationTargets;
  schema: z.ZodType;
  /** The query also takes `filter.<column>` for the columns of the dataset in the path. */
  filters?: boolean;
}

interface Note {
  answer?: Answer;
  takes?: Taken;
}

const key = Symbol("openapi");

/** Hangs a note on a middleware, for `generate` to find. */
export const annotated = <Middleware extends MiddlewareHandler>(middleware: Middleware, note: Note): Middleware =>
  Object.assign(middleware, { [key]: note });

export const noteOf = (handler: unknown): Note | undefined => (handler as { [key]?: Note })[key];

type Json = Record<string, unknown>;

const fieldsOf = (schema: z.ZodType): [string, z.ZodType][] =>
  schema instanceof z.ZodObject ? Object.entries(schema.shape as Record<string, z.ZodType>) : [];

/** Names of the parameters that a query's schema declares. The values to filter by have names of their own. */
export const queryNames = (schema: z.ZodType): string[] =>
  fieldsOf(schema).flatMap(([name]) => (name === "filters" ? [] : [name]));

const isList = (schema: unknown): boolean =>
  schema instanceof z.ZodArray ||
  ((schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) && isList(schema.unwrap()));

/** Those of them that may be given several times. */
export const listNames = (schema: z.ZodType): string[] =>
  fieldsOf(schema).flatMap(([name, field]) => (isList(field) ? [name] : []));

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  // A coerced number is asked for as the number that it becomes: its input could be anything.
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

const content = (media: string, schema?: Json) => ({ [media]: schema ? { schema } : {} });

const failure = (description: string) => ({
  description,
  content: content("application/json", { $ref: "#/components/schemas/Failure" }),
});

const Failure = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional(), requestId: z.string() }),
});

/** What a route may answer besides its success, as far as its shape tells. */
function failures(method: string, path: string, answer: Answer, takes: Taken[]): Json {
  const isWrite = method !== "get";
  return {
    ...(takes.length > 0 ? { 400: failure("The input is not valid; `details` says where.") } : {}),
    ...(answer.isPublic ? {} : { 401: failure("Nobody is logged in.") }),
    ...(isWrite ? { 403: failure("Not from the app's own pages, or EVE does not allow it.") } : {}),
    ...(path.includes("{") ? { 404: failure("There is no such thing, or it is not yours.") } : {}),
    ...(isWrite ? { 409: failure("It was changed elsewhere meanwhile.") } : {}),
    ...(takes.some(({ target }) => target === "json") ? { 413: failure("The body is too large.") } : {}),
    429: failure("Too many requests; `Retry-After` says when to go on."),
    500: failure("Our mistake; the request id finds it in the logs."),
    503: failure("EVE or a part of ours does not answer just now."),
  };
}

const location = { Location: { required: true, schema: { type: "string" } } };

function success({ summary, data, meta, media, status, headers: told = {} }: Answer): Json {
  const named = Object.entries(told).map(([name, description]) => [name, { description, schema: { type: "string" } }]);
  const all = { ...(status === 302 ? location : {}), ...Object.fromEntries(named) };
  const headers = Object.keys(all).length > 0 ? { headers: all } : {};
  const envelope = data && z.object({ data, ...(meta ? { meta } : {}) });
  const body = envelope ? content("application/json", jsonSchema(envelope, "output")) : media && content(media);
  return {
    [status ?? (body ? 200 : 204)]: { description: summary, ...headers, ...(body ? { content: body } : {}) },
  };
}

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: unknown;
  description?: string;
}

/** `filter.<column>`, for whichever columns the dataset has: each property of the object is a parameter of its own. */
const filters = {
  name: "filters",
  in: "query",
  required: false,
  style: "form",
  explode: true,
  description:
    "`filter.<column>=<value>`, for any column of the dataset (`GET /datasets` lists them): an id or its name, or the value as the facets tell it. Given several times, one of the values.",
  schema: {
    type: "object",
    propertyNames: { pattern: "^filter\\..+$" },
    additionalProperties: { type: "array", items: { type: "string" } },
  },
};

function parameters({ target, schema, filters: hasFilters }: Taken): Parameter[] {
  const { properties = {}, required = [] } = jsonSchema(schema, "input") as { properties?: Json; required?: string[] };
  const { filters: _, ...own } = target === "query" ? properties : { filters: undefined, ...properties };
  const named = Object.entries(own).map(([name, property]) => {
    const { description, ...rest } = property as Json & { description?: string };
    const isRequired = target === "param" || required.includes(name);
    return {
      name,
      in: target === "param" ? "path" : target,
      required: isRequired,
      schema: rest,
      ...(description ? { description } : {}),
    };
  });
  return hasFilters ? [...named, filters] : named;
}

const openApiPath = (path: string): string => path.replaceAll(/:([^/]+)/g, "{$1}").replace(/(.)\/$/, "$1");

const operationId = (method: string, path: string): string =>
  method +
  path
    .split(/[^A-Za-z]+/)
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security?: [];
  parameters: Parameter[];
  requestBody?: unknown;
  responses: Record<string, { description: string }>;
}

function operation(method: string, path: string, answer: Answer, takes: Taken[]): Operation {
  const body = takes.find(({ target }) => target === "json");
  return {
    operationId: operationId(method, path),
    summary: answer.summary,
    ...(answer.description ? { description: answer.description } : {}),
    tags: [path.split("/")[1] ?? ""],
    ...(answer.isPublic ? { security: [] } : {}),
    parameters: takes.filter((each) => each !== body).flatMap(parameters),
    ...(body
      ? { requestBody: { required: true, content: content("application/json", jsonSchema(body.schema, "input")) } }
      : {}),
    responses: { ...success(answer), ...failures(method, path, answer, takes) } as Operation["responses"],
  };
}

export interface Document {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  security: Record<string, string[]>[];
  components: Json;
  paths: Record<string, Record<string, Operation>>;
}

/** The description of all routes of an app that have one. */
export function generate(app: Pick<Hono, "routes">, about: Document["info"], options: { url: string; cookie: string }) {
  const paths: Document["paths"] = {};
  const found = new Map<string, { method: string; path: string; answer?: Answer; takes: Taken[] }>();
  for (const { method, path, handler } of app.routes) {
    const note = noteOf(handler);
    if (!note) continue;
    const id = `${method} ${path}`;
    const route = found.get(id) ?? { method: method.toLowerCase(), path: openApiPath(path), takes: [] };
    if (note.answer) route.answer = note.answer;
    if (note.takes) route.takes.push(note.takes);
    found.set(id, route);
  }
  for (const { method, path, answer, takes } of found.values()) {
    if (!answer) continue;
    paths[path] = { ...paths[path], [method]: operation(method, path, answer, takes) };
  }
  return {
    openapi: "3.1.0",
    info: about,
    servers: [{ url: options.url }],
    security: [{ session: [] }],
    components: {
      schemas: { Failure: jsonSchema(Failure, "output") },
      securitySchemes: { session: { type: "apiKey", in: "cookie", name: options.cookie } },
    },
    paths,
  } satisfies Document;
}
