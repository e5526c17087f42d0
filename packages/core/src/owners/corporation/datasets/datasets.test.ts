import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { canFetch, rolesScope } from "../../../director/index.ts";
import { paged, single } from "../../../engine/dataset/fetch.ts";
import { type Dataset, isPublic, rateGroupOf, rolesOf, scopesOf } from "../../../engine/dataset/index.ts";
import { routes } from "../../../eve/esi/index.ts";
import { refreshQueues } from "../../../platform/topology/index.ts";
import { datasets, directorScopes } from "./index.ts";

/** The spec as a table of its own, not the generated one that the product reads. */
const file = readFileSync(new URL("../../../../../../data/esi/endpoints.csv", import.meta.url), "utf8");
const [head = "", ...lines] = file.trim().split("\n");
const titles = head.split(",");
const spec = lines.map((line) => {
  const cells = line.split(",");
  return Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? ""])) as Record<string, string>;
});
const specOf = (operation: string) => spec.find(({ operationId }) => operationId === operation) ?? {};
const namesIn = (text: string | undefined) => (text ? text.split(/[|; ]/).filter(Boolean).sort() : []);

const each = datasets.map((dataset) => [dataset.name, dataset] as const);
const operationsRead = new Set<string>(datasets.flatMap(({ operations }) => operations));

test("every corporation route of the spec is read by a dataset, and the killmail itself", () => {
  const wanted = spec.filter(({ path = "" }) => /^\/(corporations?\/|killmails\/)/.test(path));
  const missing = wanted.filter(({ operationId = "" }) => !operationsRead.has(operationId));

  expect(wanted).toHaveLength(53);
  expect(missing).toEqual([]);
});

test.each(each)("%s: scopes, roles, pagination, expiry and rate group are the spec's", (_, dataset) => {
  const specs = dataset.operations.map(specOf);
  const [first = {}] = specs;

  expect(scopesOf(dataset).sort()).toEqual([...new Set(specs.flatMap(({ scopes }) => namesIn(scopes)))].sort());
  expect(rolesOf(dataset).sort()).toEqual(namesIn(first.required_roles_any_of));
  expect(rateGroupOf(dataset) ?? "").toBe(first.rl_group);
  for (const operation of dataset.operations) {
    const { pagination, client_cache_ttl_s: ttl } = specOf(operation);
    expect(routes[operation].pagination ?? "-").toBe(pagination);
    expect(String(routes[operation].cacheTtlSeconds ?? "")).toBe(ttl);
  }
});

test.each(each)("%s: one director's roles serve all that it reads", (_, { operations, name }) => {
  const roles = operations.map((operation) => namesIn(specOf(operation).required_roles_any_of).join());

  expect(new Set(roles).size, name).toBe(1);
});

test("a declaration that reads a route's pages in the wrong way fails at once", () => {
  expect(() => single("GetCorporationsCorporationIdAssets")).toThrow("paginated by x-pages");
  expect(() => paged("GetCorporationsCorporationIdMembers")).toThrow("paginated by nothing");
  expect(() => paged("GetCorporationsProjectsListing")).toThrow("paginated by cursor");
});

test.each(each)("%s: its key, columns, sort and date are columns of its rows", (_, dataset) => {
  const rows = Object.keys(dataset.row.shape);
  const shown = [...Object.keys(dataset.columns), ...Object.keys(dataset.derived ?? {})];
  const { dateColumn, partColumn } = dataset;
  const named = [...dataset.key, ...Object.keys(dataset.columns), dateColumn, partColumn];

  expect(rows).toEqual(expect.arrayContaining(named.filter((column) => column !== undefined)));
  expect(shown).toContain(dataset.sort.replace(/^-/, ""));
  expect(new Set(shown).size).toBe(shown.length);
  expect(dataset.storage === "ledger").toBe(dateColumn !== undefined);
  expect(refreshQueues).toContain(dataset.queue);
});

test("names are unique and kebab-case, and what a dataset is made from comes before it", () => {
  const names = datasets.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  for (const [at, { after = [] }] of datasets.entries()) {
    expect(names.slice(0, at)).toEqual(expect.arrayContaining([...after]));
  }
});

test("every queue has datasets", () => {
  expect(new Set(datasets.map(({ queue }) => queue))).toEqual(new Set(refreshQueues));
});

test("a director is asked for exactly the scopes that the datasets read with", () => {
  const wanted = datasets.flatMap(({ operations }) => operations.flatMap((id) => namesIn(specOf(id).scopes)));

  expect(directorScopes()).toEqual([...new Set([...wanted, rolesScope])].sort());
});

test("a director in the game may fetch everything, a mere member what no role guards", () => {
  const scopes = directorScopes();
  const names = (roles: string[]) =>
    datasets.filter((each) => canFetch(each, { roles, scopes })).map(({ name }) => name);
  const isOpen = (dataset: Dataset) => isPublic(dataset) || rolesOf(dataset).length === 0;

  expect(names(["Director"])).toHaveLength(datasets.length);
  expect(names([])).toEqual(datasets.filter(isOpen).map(({ name }) => name));
});

test.each(each)("%s is declared in the folder of the group that shows it", (name, { screen }) => {
  const folder = new URL(`./${screen.group.toLowerCase()}/`, import.meta.url);

  expect(existsSync(new URL(`${name}.ts`, folder))).toBe(true);
});
