import { type OperationId, type Route, routes } from "../../packages/core/src/eve/esi/index.ts";
import { catalogueText } from "./catalogue.ts";
import { camelOf, type Place, type Plan, RefusedError, requireName, titleOf } from "./plan.ts";
import { type Answer, answerOf, type Field, type Operation, operationsOf, readSpec } from "./spec.ts";

const owners = "packages/core/src/owners";
/** What a new dataset reads until its author has chosen. */
const example: Record<string, string> = {
  corporation: "GetCorporationsCorporationId",
  character: "GetCharactersDetail",
};

export interface DatasetOptions {
  operation?: string | undefined;
  group?: string | undefined;
  owner?: string | undefined;
}

/** The queue of the group's other datasets. */
const queueOf = (place: Place, folder: string): string => {
  const neighbours = place.list(folder).filter((file) => /^[\w-]+\.ts$/.test(file));
  const queues = neighbours.flatMap(
    (file) => /^ {2}queue: "([\w-]+)",$/m.exec(place.read(`${folder}/${file}`))?.[1] ?? [],
  );
  return queues[0] ?? "affairs";
};

function todoOf({ operation }: DatasetOptions, { fields }: Answer): string[] {
  const nested = fields.filter(({ zod }) => zod === undefined).map((field) => field.name);
  return [
    ...(operation
      ? []
      : ["operation: which of data/esi/endpoints.csv it reads; it reads an example now (--operation ID)"]),
    "title, columns: their titles, kinds, order, and which are hidden",
    ...(nested.length > 0
      ? [`row: ${nested.join(", ")} hold more than one value and are left out: give them columns`]
      : []),
    'screen: "front", "home", "main", "supporting" or "part"; and key, sort',
    "history: what of a change is worth a line in the change feed, if anything is",
    "after that: pnpm generate datasets, for docs/datasets.md",
  ];
}

const groupsOf = (place: Place): string[] => {
  const text = place.read("packages/core/src/engine/dataset/index.ts");
  const union = /export type Group =([^;]+);/.exec(text)?.[1] ?? "";
  return [...union.matchAll(/"(\w+)"/g)].map(([, group]) => group as string);
};

const takenIn = (place: Place, folder: string): string[] =>
  place
    .list(folder)
    .filter((file) => file.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(file))
    .flatMap((file) =>
      [...place.read(`${folder}/${file}`).matchAll(/^ {2}name: "([\w-]+)",$/gm)].map(([, it]) => it ?? ""),
    );

function operationFor(owner: string, wanted: string): Operation {
  const all = operationsOf(readSpec());
  const found = all.find(({ operationId }) => operationId === wanted);
  if (!found) {
    const like = all.filter(({ operationId }) => operationId.toLowerCase().includes(wanted.toLowerCase())).slice(0, 5);
    const hint = like.length > 0 ? ` Did you mean ${like.map(({ operationId }) => operationId).join(", ")}?` : "";
    throw new RefusedError(`ESI has no operation "${wanted}".${hint} data/esi/endpoints.csv lists all of them.`);
  }
  const route: Route | undefined = routes[wanted as OperationId];
  if (!route) {
    throw new RefusedError(
      `The product does not call ${wanted} yet. Name its path in packages/core/scripts/generate-esi.ts, run pnpm generate, ` +
        "and let New Eden serve it (packages/new-eden/src/esi).",
    );
  }
  const { method = "GET", path, pagination } = route;
  if (method !== "GET") throw new RefusedError(`${wanted} is a ${method}: a dataset reads with GET.`);
  const others = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => name !== `${owner}_id`);
  if (others.length > 0) {
    throw new RefusedError(
      `${wanted} takes ${others.join(" and ")}: it has one call for each item of a list. ` +
        "Declare it as a detail, as contracts/contract-items.ts does (docs/adr/0011-details-are-datasets.md).",
    );
  }
  if (pagination === "cursor" || pagination === "from_id") {
    throw new RefusedError(
      `${wanted} is read step by step (${pagination}). Declare it as affairs/projects.ts or wallet/wallet-transactions.ts do.`,
    );
  }
  return found;
}

const wraps: Record<Exclude<Answer["form"], "rows">, string> = {
  row: "(row: Row) => [row]",
  values: '(values: unknown[]) => rowsOfIds(values, "value")',
  value: "(value: unknown) => [{ value }]",
};

const keyOf = (fields: readonly Field[]): Field => {
  const required = fields.filter(({ optional }) => !optional);
  const chosen = required.find(({ name }) => name === "id" || name.endsWith("_id")) ?? required[0];
  if (!chosen)
    throw new RefusedError("No field of this operation is always there, so no row could be told by its key.");
  return chosen;
};

function declaration(name: string, group: string, queue: string, operation: Operation, answer: Answer): string {
  const { pagination }: Route = routes[operation.operationId as OperationId];
  const fields = answer.fields.filter(({ zod }) => zod !== undefined);
  const key = keyOf(fields);
  const shown = fields.find(({ kind }) => kind === "text") ?? key;
  const fetcher = pagination ? "paged" : "single";
  const wrap = answer.form === "rows" ? "" : wraps[answer.form];
  const toRows = pagination && wrap ? `, { toRows: ${wrap} }` : wrap && `, ${wrap}`;
  const column = ({ name: column, kind }: Field) =>
    `    ${column}: { title: "${titleOf(column)}", kind: "${kind}"${kind === "id" && column !== shown.name ? ", hidden: true" : ""} },`;
  return `import * as z from "zod";
import { ${fetcher} } from "../../../../engine/dataset/fetch.ts";
import { define${answer.form === "row" ? ", type Row" : ""} } from "../../../../engine/dataset/index.ts";
${answer.form === "values" ? 'import { rowsOfIds } from "../../../../engine/dataset/name-columns.ts";\n' : ""}

const operation = "${operation.operationId}";

export const ${camelOf(name)} = define({
  name: "${name}",
  title: "${titleOf(name)}",
  screen: { group: "${group}", place: "supporting" },
  queue: "${queue}",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
${fields.map(({ name: field, zod, optional }) => `    ${field}: ${zod}${optional ? ".optional()" : ""},`).join("\n")}
  }),
  key: ["${key.name}"],
  columns: {
${fields.map(column).join("\n")}
  },
  sort: "${shown.name}",
  fetch: ${fetcher}(operation${toRows}),
});
`;
}

function testOf(name: string, { fields }: Answer): string {
  const known = fields.filter(({ zod }) => zod !== undefined);
  const key = keyOf(known);
  const constant = camelOf(name);
  return `import { expect, test } from "vitest";
import { ${constant} } from "./${name}.ts";

/** A row as ESI's specification has it. */
const row = {
${known.map(({ name: field, sample }) => `  ${field}: ${JSON.stringify(sample)},`).join("\n")}
};

test("${name}: a row as ESI writes it is kept, one without its key is set aside", () => {
  const { ${key.name}: _, ...keyless } = row;

  expect(${constant}.row.safeParse(row).success).toBe(true);
  expect(${constant}.row.safeParse(keyless).success).toBe(false);
});
`;
}

/** The `datasets/index.ts` of each kind of owner, as their folders have it. */
export const catalogues = (place: Place): Record<string, string> =>
  Object.fromEntries(
    place.list(owners).flatMap((file) => {
      const folder = /^\w+\/datasets(?=\/index\.ts$)/.exec(file.replaceAll("\\", "/"))?.[0];
      return folder ? [[`${owners}/${folder}/index.ts`, catalogueText(place, `${owners}/${folder}`)]] : [];
    }),
  );

/** Writes the declaration and its test, and adds it to the owner's catalogue. */
export function planDataset(place: Place, given: string | undefined, options: DatasetOptions): Plan {
  const name = requireName("dataset", given, "fuel-reports");
  const { owner = "corporation", group = "Affairs" } = options;
  const folder = `${owners}/${owner}/datasets`;
  const catalogue = `${folder}/index.ts`;
  if (!place.exists(catalogue)) throw new RefusedError(`There are no datasets of an owner called "${owner}".`);
  const groups = groupsOf(place);
  if (!groups.includes(group))
    throw new RefusedError(`There is no group "${group}". The groups: ${groups.join(", ")}.`);
  if (takenIn(place, folder).includes(name)) throw new RefusedError(`There is a dataset "${name}" already.`);
  const operation = operationFor(owner, options.operation ?? example[owner] ?? "");
  const answer = answerOf(readSpec(), operation);
  const into = `${folder}/${group.toLowerCase()}`;
  const created = {
    [`${into}/${name}.ts`]: declaration(name, group, queueOf(place, into), operation, answer),
    [`${into}/${name}.test.ts`]: testOf(name, answer),
  };
  return {
    created,
    changed: { [catalogue]: catalogueText(place, folder, created) },
    todo: todoOf(options, answer),
    test: `npx vitest run ${into}/${name}.test.ts`,
  };
}
