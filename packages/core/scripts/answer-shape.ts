import type { AnswerShape, JsonKind } from "../src/eve/esi/route.ts";

export interface Schema {
  $ref?: string;
  type?: string | string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

interface Spec {
  components: Record<string, Record<string, unknown>>;
}

function resolve(schema: Schema, spec: Spec): Schema {
  if (!schema.$ref) return schema;
  const [, , kind = "", name = ""] = schema.$ref.split("/");
  return resolve(spec.components[kind]?.[name] as Schema, spec);
}

function kindOf(schema: Schema, spec: Spec): JsonKind {
  const { type } = resolve(schema, spec);
  if (type === "array") return "list";
  return type === "integer" ? "number" : ((typeof type === "string" ? type : "object") as JsonKind);
}

/** Names of fields that may be null by the spec, however deep: there a null says something. */
function nullsIn(schema: Schema, spec: Spec, seen = new Set<Schema>()): string[] {
  const whole = resolve(schema, spec);
  if (seen.has(whole)) return [];
  seen.add(whole);
  const inside = Object.values(whole).flatMap((part): Schema[] =>
    Array.isArray(part) ? part.filter((each) => typeof each === "object") : typeof part === "object" ? [part] : [],
  );
  const own = Object.entries(whole.properties ?? {}).filter(
    ([, { type }]) => Array.isArray(type) && type.includes("null"),
  );
  return [
    ...own.map(([name]) => name),
    ...[...Object.values(whole.properties ?? {}), ...inside].flatMap((part) => nullsIn(part, spec, seen)),
  ];
}

/** What the client must know of an answer to tell it from anything else. Rows of a lookup have no schema but this one. */
export function shapeOf(schema: Schema, spec: Spec, { isLookup }: { isLookup: boolean }): AnswerShape {
  const kind = kindOf(schema, spec);
  const whole = resolve(schema, spec);
  const items = whole.items && resolve(whole.items, spec);
  const described = kind === "object" ? whole : isLookup ? items : undefined;
  const fields = Object.entries(described?.properties ?? {}).map(([name, field]) => [name, kindOf(field, spec)]);
  const nulls = nullsIn(schema, spec);
  return {
    kind,
    ...(items ? { items: kindOf(items, spec) } : {}),
    ...(fields.length > 0 ? { fields: Object.fromEntries(fields) } : {}),
    ...(described?.required ? { needs: described.required } : {}),
    ...(nulls.length > 0 ? { nulls: [...new Set(nulls)] } : {}),
  };
}
