import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate } from "../../../scripts/generate-esi.ts";
import { routes } from "./index.ts";

const text = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("types and routes are what the generator makes of the official spec", async () => {
  const fresh = await generate();

  expect(text("./generated/routes.ts")).toBe(fresh["routes.ts"]);
  expect(text("./generated/schema.d.ts")).toBe(fresh["schema.d.ts"]);
});

test("the route table says the same as the table of all operations", () => {
  const [head = "", ...lines] = text("../../../../../data/esi/endpoints.csv").trim().split("\n");
  const fields = head.split(",");
  const column = (cells: string[], name: string) => cells[fields.indexOf(name)] ?? "";
  const table = lines.map((line) => line.split(","));

  const known = table.filter((cells) => column(cells, "operationId") in routes);
  const told = known.map((cells) => ({
    id: column(cells, "operationId"),
    method: column(cells, "method"),
    path: column(cells, "path"),
    scope: column(cells, "scopes"),
    ttl: Number(column(cells, "client_cache_ttl_s") || column(cells, "server_cache_ttl_s")),
    pagination: column(cells, "pagination"),
    group: column(cells, "rl_group"),
    tokens: Number(column(cells, "rl_max_tokens")),
  }));
  const ours = told.map(({ id }) => {
    const route = routes[id as keyof typeof routes];
    return {
      id,
      method: route.method ?? "GET",
      path: route.path,
      scope: route.scopes?.join(" ") ?? "",
      ttl: route.cacheTtlSeconds ?? 0,
      pagination: route.pagination ?? "-",
      group: route.rateGroup ?? "",
      tokens: route.maxTokens ?? 0,
    };
  });

  expect(known.length).toBe(Object.keys(routes).length);
  expect(ours).toEqual(told);
});

test("every corporation route of the spec is in the table", () => {
  const lines = text("../../../../../data/esi/endpoints.csv").trim().split("\n").slice(1);
  const corporation = lines.filter((line) => /^GET,\/corporations?\/\{/.test(line));

  const missing = corporation.filter((line) => !((line.split(",")[2] ?? "") in routes));

  expect(corporation.length).toBe(49);
  expect(missing).toEqual([]);
});

test("daily routes and in-game roles are known", () => {
  expect(routes.GetUniverseTypesTypeId.daily).toBe(true);
  expect(routes.GetCorporationsCorporationIdWallets.roles).toEqual(["Accountant", "Junior_Accountant"]);
  expect(routes.GetCorporationsCorporationIdAssets.roles).toEqual(["Director"]);
});
