import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { routes } from "../esi/route.ts";
import { type JsonSchema, spec } from "../static-data/spec.ts";

/** The spec allows any further member; closing its objects finds those that we misspelt. */
function closed(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema)) return schema.map(closed) as unknown as JsonSchema;
  if (schema === null || typeof schema !== "object") return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, closed(value as JsonSchema)]),
  ) as JsonSchema;
  const isObject = schema.properties !== undefined && schema.type === "object";
  return isObject && schema.additionalProperties === undefined ? { ...copy, additionalProperties: false } : copy;
}

function compiler(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const { schemas } = spec().components;
  ajv.addSchema({ $id: "esi", components: { schemas: closed(schemas as unknown as JsonSchema) } });
  return ajv;
}

const ajv = compiler();
const compiled = new Map<string, ValidateFunction>();

/** What the official spec has against an answer of this operation and status; nothing: it is valid. */
export function objections(operationId: string, status: number, body: unknown): string[] {
  const responses = routes().get(operationId)?.operation.responses;
  const schema = (responses?.[status] ?? responses?.default)?.content?.["application/json"]?.schema;
  if (!schema) return [`${operationId} says nothing of ${status}`];
  const text = JSON.stringify(schema).replaceAll("#/components", "esi#/components");
  let validate = compiled.get(text);
  if (!validate) {
    validate = ajv.compile(closed(JSON.parse(text) as JsonSchema));
    compiled.set(text, validate);
  }
  if (validate(body)) return [];
  return (validate.errors ?? []).slice(0, 10).map(({ instancePath, message, params }) => {
    return `${instancePath} ${message} ${JSON.stringify(params)}`;
  });
}
