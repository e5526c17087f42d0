import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

export interface Operation {
  operationId: string;
  schema: Schema | undefined;
}

interface Spec {
  paths: Record<
    string,
    Record<
      string,
      { operationId?: string; responses?: Record<string, { content?: Record<string, { schema?: Schema }> }> }
    >
  >;
  components: { schemas: Record<string, Schema> };
}

/** A field of a row; undefined values are nested ones, which need a column of their own choosing. */
export interface Field {
  name: string;
  zod: string | undefined;
  kind: string;
  optional: boolean;
  sample: unknown;
}

export interface Answer {
  /** `rows`: a list of objects. `row`: one object. `values`: a list of plain values. `value`: one plain value. */
  form: "rows" | "row" | "values" | "value";
  fields: Field[];
}

const file = new URL("../../data/esi/openapi.json.gz", import.meta.url);

export const readSpec = (): Spec => JSON.parse(gunzipSync(readFileSync(file)).toString()) as Spec;

export const operationsOf = (spec: Spec): Operation[] =>
  Object.values(spec.paths).flatMap((methods) =>
    Object.values(methods).flatMap(({ operationId, responses = {} }) => {
      const schema = responses["200"]?.content?.["application/json"]?.schema;
      return operationId ? [{ operationId, schema }] : [];
    }),
  );

/** What kind of column an id is shown in, by its name. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/(^|_)(station|structure|location|facility)_id$/, "location"],
  [/(^|_)type_id$/, "type"],
  [/(^|_)system_id$/, "system"],
  [/(^|_)(character|creator|installer|issuer|ceo)_id$/, "character"],
  [/(^|_)(corporation|alliance|client|faction)_id$/, "party"],
  [/(^|_)id$/, "id"],
];

function fieldOf(name: string, schema: Schema, optional: boolean): Field {
  const number = () => kinds.find(([pattern]) => pattern.test(name))?.[1] ?? "number";
  switch (schema.type) {
    case "integer":
      return { name, optional, zod: "z.int()", kind: number(), sample: 1 };
    case "number":
      return { name, optional, zod: "z.number()", kind: "number", sample: 1.5 };
    case "boolean":
      return { name, optional, zod: "z.boolean()", kind: "boolean", sample: true };
    case "string": {
      const isDate = schema.format === "date-time";
      const kind = isDate ? "date" : schema.enum ? "enum" : "text";
      return { name, optional, zod: "z.string()", kind, sample: isDate ? "2026-01-02T03:04:05Z" : "text" };
    }
    default:
      return { name, optional, zod: undefined, kind: "text", sample: undefined };
  }
}

/** What the rows of an operation's answer hold, as the specification has it. */
export function answerOf({ components }: Spec, { schema }: Operation): Answer {
  const resolve = (each: Schema = {}): Schema => {
    const name = each.$ref?.split("/").at(-1);
    return name ? resolve(components.schemas[name]) : each;
  };
  const whole = resolve(schema);
  const row = whole.items ? resolve(whole.items) : whole;
  if (!row.properties) {
    return { form: whole.items ? "values" : "value", fields: [fieldOf("value", row, false)] };
  }
  const required = new Set(row.required);
  return {
    form: whole.items ? "rows" : "row",
    fields: Object.entries(row.properties).map(([name, each]) => fieldOf(name, resolve(each), !required.has(name))),
  };
}
