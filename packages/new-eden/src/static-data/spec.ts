import { readData } from "./index.ts";

export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: string[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  [keyword: string]: unknown;
}

export interface Parameter {
  $ref?: string;
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  schema: JsonSchema;
}

export interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: { "application/json": { schema: JsonSchema } } };
  responses: Record<string, { content?: { "application/json"?: { schema: JsonSchema } }; headers?: object }>;
  security?: { OAuth2?: string[] }[];
  "x-required-roles"?: string[];
  "x-client-cache-ttl"?: number;
  "x-cache-mode"?: string;
  "x-server-cache-mode"?: string;
  "x-pagination"?: string;
  "x-rate-limit"?: { group: string; "max-tokens": number; "window-size": string };
}

interface Spec {
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, JsonSchema>;
    parameters: Record<string, Parameter>;
    securitySchemes: { OAuth2: { flows: { authorizationCode: { scopes: Record<string, string> } } } };
  };
}

let loaded: Spec | undefined;

/** CCP's OpenAPI document, as published. */
export function spec(): Spec {
  loaded ??= JSON.parse(readData("esi/openapi.json.gz")) as Spec;
  return loaded;
}

/** Every in-game role of a corporation. */
export function allRoles(): readonly string[] {
  return spec().components.schemas.CharactersCharacterIdRolesGet?.properties?.roles?.items?.enum ?? [];
}
