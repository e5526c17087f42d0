// A small EVE made of the specification alone: it shares no line with New Eden, so that what the product believes of EVE is
// held against something that was not written with it.
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
}

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  security?: { OAuth2?: string[] }[];
  "x-cache-age"?: number;
}

interface Spec {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const specFile = new URL("../../data/esi/openapi.json.gz", import.meta.url);

/** How many rows every list has. */
const rows = 3;

/** Whom this EVE knows. */
export const pilot = { characterId: 2112625428, name: "Plain Pilot", corporationId: 98000777 };

/** Numbers of which there is one, whatever list they stand in. */
const known: Record<string, number> = {
  corporation_id: pilot.corporationId,
  type_id: 587,
  system_id: 30000142,
  solar_system_id: 30000142,
  division: 1,
  page: 1,
};

type Parameters = Record<string, string>;

/** Values that fit a schema: the same for the same place, another for each row of a list. */
function valueMaker(spec: Spec, moment: Date) {
  const numberOf = (name: string, row: number) => {
    if (known[name] !== undefined) return known[name];
    const seed = createHash("sha256").update(name).digest().readUInt16BE(0);
    return name.endsWith("_id") || name === "id" ? 1_000_000_000 + seed * 100 + row : 1 + ((seed + row) % 5);
  };
  const textOf = (name: string, format: string | undefined, row: number) => {
    const at = new Date(moment.getTime() - (row + 1) * 3_600_000).toISOString();
    if (format === "date-time") return `${at.slice(0, 19)}Z`;
    if (format === "date") return at.slice(0, 10);
    if (name.endsWith("_id") || name === "id") return String(numberOf(name, row));
    return name === "hash" || name.endsWith("_hash") ? "0".repeat(39) + row : `${name} ${row}`;
  };
  const make = (schema: Schema, name: string, parameters: Parameters, row = 0): unknown => {
    if (schema.$ref) {
      const target = schema.$ref.split("/").at(-1) ?? "";
      return make(spec.components.schemas[target] ?? {}, name, parameters, row);
    }
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => make(part, name, parameters, row)));
    const [one] = schema.oneOf ?? [];
    if (one) return make(one, name, parameters, row);
    if (schema.enum) return schema.enum[row % schema.enum.length];
    const type = [schema.type].flat()[0];
    if (type === "array") {
      return Array.from({ length: rows }, (_, index) => make(schema.items ?? {}, name, parameters, index));
    }
    if (type === "object" || schema.properties) {
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, part]) => [key, make(part, key, parameters, row)]),
      );
    }
    if (type === "integer" || type === "number") return Number(parameters[name] ?? numberOf(name, row));
    if (type === "boolean") return row % 2 === 0;
    return parameters[name] ?? textOf(name, schema.format, row);
  };
  return make;
}

interface Route {
  path: string;
  pattern: RegExp;
  names: string[];
  methods: Record<string, Operation>;
}

const routesOf = ({ paths }: Spec): Route[] =>
  Object.entries(paths)
    .map(([path, methods]) => ({
      path,
      methods,
      names: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
      pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "([^/]+)")}$`),
    }))
    .sort((a, b) => a.names.length - b.names.length);

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
};

/** What the specification leaves open: who is who, what an id is called, and that a list that was walked ends. */
function special(route: Route, asked: { query: URLSearchParams; ids: number[]; made: unknown }): unknown {
  const { query, ids, made } = asked;
  if (route.path === "/characters/affiliation") {
    return ids.map((id) => ({ character_id: id, corporation_id: pilot.corporationId }));
  }
  if (route.path === "/characters/{character_id}/roles") return { roles: ["Director"] };
  if (route.path === "/universe/names") return ids.map((id) => ({ id, name: `Name ${id}`, category: "character" }));
  if (route.path === "/corporations/{corporation_id}/members") return [pilot.characterId, 2112000001, 2112000002];
  if (route.path.endsWith("/assets/names")) return ids.map((id) => ({ item_id: id, name: `Thing ${id}` }));
  if (route.path.endsWith("/assets/locations")) {
    return ids.map((id) => ({ item_id: id, position: { x: 1, y: 2, z: 3 } }));
  }
  if (query.has("from_id") && Array.isArray(made)) return [];
  if ((query.has("after") || query.has("before")) && typeof made === "object" && made !== null) {
    return Object.fromEntries(Object.entries(made).map(([key, value]) => [key, Array.isArray(value) ? [] : value]));
  }
  return made;
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function sso(clientId: string, url: () => string) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = "JWT-Signature-Key";
  const codes = new Map<string, { scopes: string[]; challenge: string }>();
  const refreshTokens = new Map<string, string[]>();

  const sign = (scopes: string[]) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      scp: scopes,
      sub: `CHARACTER:EVE:${pilot.characterId}`,
      azp: clientId,
      aud: [clientId, "EVE Online"],
      name: pilot.name,
      owner: "plainOwnerHash=",
      iss: url(),
      iat: now,
      exp: now + 1200,
    };
    const content = `${base64({ alg: "RS256", typ: "JWT", kid })}.${base64(claims)}`;
    return `${content}.${createSign("RSA-SHA256").update(content).sign(privateKey, "base64url")}`;
  };
  const grant = (scopes: string[]) => {
    const refresh = randomBytes(18).toString("base64url");
    refreshTokens.set(refresh, scopes);
    return { access_token: sign(scopes), token_type: "Bearer", expires_in: 1199, refresh_token: refresh };
  };
  const exchange = (form: URLSearchParams) => {
    if (form.get("grant_type") === "refresh_token") {
      const scopes = refreshTokens.get(form.get("refresh_token") ?? "");
      return scopes && grant(scopes);
    }
    const code = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    return code?.challenge === challenge ? grant(code.scopes) : undefined;
  };
  return {
    jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" }] },
    authorize(query: URLSearchParams): string {
      const code = randomBytes(12).toString("base64url");
      const scopes = (query.get("scope") ?? "").split(" ").filter(Boolean);
      codes.set(code, { scopes, challenge: query.get("code_challenge") ?? "" });
      return `${query.get("redirect_uri")}?${new URLSearchParams({ code, state: query.get("state") ?? "" })}`;
    },
    exchange,
    scopesOf(authorization: string | undefined): string[] | undefined {
      const payload = authorization?.replace("Bearer ", "").split(".")[1];
      return payload
        ? (JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { scp: string[] }).scp
        : undefined;
    },
  };
}

export interface PlainEve {
  url: string;
  /** Paths that were asked for and are in no specification. */
  unknown: string[];
  close(): Promise<void>;
}

/** Starts it on loopback, with one application and one pilot, who grants whatever is asked for. */
export async function startPlainEve(clientId: string): Promise<PlainEve> {
  const spec = JSON.parse(gunzipSync(readFileSync(specFile)).toString("utf8")) as Spec;
  const routes = routesOf(spec);
  const make = valueMaker(spec, new Date());
  const unknown: string[] = [];
  let url = "";
  const login = sso(clientId, () => url);

  const reply = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };

  async function esi(
    request: IncomingMessage,
    response: ServerResponse,
    { pathname, searchParams }: URL,
  ): Promise<void> {
    const method = (request.method ?? "GET").toLowerCase();
    const route = routes.find(({ pattern, methods }) => methods[method] && pattern.test(pathname));
    const operation = route?.methods[method];
    if (!route || !operation) {
      unknown.push(`${request.method} ${pathname}`);
      return reply(response, 404, { error: "no such route" });
    }
    const wanted = operation.security?.[0]?.OAuth2 ?? [];
    const granted = login.scopesOf(request.headers.authorization);
    if (wanted.length > 0 && !wanted.every((scope) => granted?.includes(scope))) {
      return reply(response, granted ? 403 : 401, { error: "token lacks a scope" });
    }
    const values = route.pattern.exec(pathname)?.slice(1) ?? [];
    const parameters = Object.fromEntries(route.names.map((name, index) => [name, values[index] ?? ""]));
    const ids = method === "post" ? (JSON.parse(await bodyOf(request)) as number[]) : [];
    const schema = operation.responses["200"]?.content?.["application/json"]?.schema ?? {};
    const body = special(route, { query: searchParams, ids, made: make(schema, "", parameters) });
    const text = JSON.stringify(body);
    const etag = `"${createHash("sha256").update(text).digest("hex").slice(0, 16)}"`;
    const seconds = operation["x-cache-age"] ?? 300;
    const headers = {
      etag,
      "cache-control": `public, max-age=${seconds}`,
      expires: new Date(Date.now() + seconds * 1000).toUTCString(),
      "last-modified": new Date(Math.floor(Date.now() / 1e6) * 1e6).toUTCString(),
      "x-pages": "1",
    };
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    reply(response, 200, body, headers);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(request.url ?? "/", url);
    switch (target.pathname) {
      case "/v2/oauth/authorize":
        response.writeHead(302, { location: login.authorize(target.searchParams) }).end();
        return;
      case "/v2/oauth/token": {
        const granted = login.exchange(new URLSearchParams(await bodyOf(request)));
        return granted ? reply(response, 200, granted) : reply(response, 400, { error: "invalid_grant" });
      }
      case "/v2/oauth/revoke":
        return reply(response, 200, {});
      case "/oauth/jwks":
        return reply(response, 200, login.jwks);
      default:
        return esi(request, response, target);
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => reply(response, 500, { error: String(error) }));
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    unknown,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
