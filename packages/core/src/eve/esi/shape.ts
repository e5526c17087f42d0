import type { AnswerShape, JsonKind } from "./route.ts";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function kindOf(value: unknown): JsonKind | "null" {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return typeof value as JsonKind;
}

/** The fields of an object that are there and of another kind than the spec has them. */
const strangers = (value: Fields, fields: Record<string, JsonKind>): string[] =>
  Object.entries(fields).flatMap(([name, kind]) =>
    value[name] !== undefined && kindOf(value[name]) !== kind ? [name] : [],
  );

function whyNoObject(value: Fields, { fields = {}, needs = [] }: AnswerShape): string | undefined {
  const known = Object.keys(fields).filter((name) => value[name] !== undefined);
  const isEmpty = Object.keys(value).length === 0;
  // A proxy's `{ error: ... }` with status 200. Nothing at all is an answer where every field may be missing.
  if (known.length === 0 && (needs.length > 0 || !isEmpty)) return "it has none of the fields that the spec names";
  const missing = needs.find((name) => fields[name] === "list" && value[name] === undefined);
  if (missing !== undefined) return `its list "${missing}" is missing`;
  // Single values are left to the schema of the row that they become.
  const [name] = strangers(value, fields).filter((each) => fields[each] === "list" || fields[each] === "object");
  return name && `its "${name}" is no ${fields[name]}`;
}

function whyNoLookup(items: readonly Fields[], { fields = {}, needs = [] }: AnswerShape): string | undefined {
  const isStrange = (item: Fields) =>
    needs.some((name) => item[name] === undefined) || strangers(item, fields).length > 0;
  return items.some(isStrange) ? "an entry is not built as the spec says" : undefined;
}

function whyNoList(list: readonly unknown[], shape: AnswerShape): string | undefined {
  const stranger = list.find((item) => kindOf(item) !== shape.items);
  if (stranger !== undefined) return `its list has ${kindOf(stranger)} where ${shape.items} is due`;
  return shape.fields && whyNoLookup(list as Fields[], shape);
}

/** Why a parsed body is no answer to the route that was asked; undefined if it is one. */
export function whyMalformed(data: unknown, shape: AnswerShape): string | undefined {
  const kind = kindOf(data);
  if (kind !== shape.kind) return `${kind} came where ${shape.kind} is due`;
  if (Array.isArray(data)) return whyNoList(data, shape);
  return isFields(data) ? whyNoObject(data, shape) : undefined;
}

/** Takes out every field that is null, however deep: ESI writes null where the spec has a field left out. */
export function removeNulls(value: unknown, { nulls = [] }: AnswerShape): void {
  const visit = (each: unknown): void => {
    if (typeof each !== "object" || each === null) return;
    if (Array.isArray(each)) {
      for (const item of each) visit(item);
      return;
    }
    for (const [name, field] of Object.entries(each)) {
      if (field === null && !nulls.includes(name)) delete (each as Fields)[name];
      else visit(field);
    }
  };
  visit(value);
}
