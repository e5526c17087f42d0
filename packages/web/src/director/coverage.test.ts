import { expect, test } from "vitest";
import { adviceFor, cellOf, coverage, incidentText } from "./coverage.ts";
import { rolesOf } from "./roles.ts";

const dataset = (name: string, roles: string[], scopes = ["scope.a"]) => ({
  name,
  title: name,
  group: "Any",
  scopes,
  roles,
});

const director = (over: object = {}) => ({
  characterId: 1,
  name: "Ida",
  healthy: true,
  missingScopes: [] as string[],
  missingRolesFor: [] as string[],
  refused: [] as { dataset: string; until: string }[],
  ...over,
});

const refusal = (name: string) => ({ dataset: name, until: "2026-11-20T12:15:00Z" });

test("what a director lacks is distinguished: scope, role, both, health", () => {
  const orders = dataset("orders", ["Trader"]);

  expect(cellOf(orders, director())).toBe("able");
  expect(cellOf(orders, director({ healthy: false }))).toBe("unhealthy");
  expect(cellOf(orders, director({ refused: [refusal("orders")] }))).toBe("refused");
  expect(cellOf(orders, director({ refused: [refusal("assets")] }))).toBe("able");
  expect(cellOf(orders, director({ missingScopes: ["scope.a"] }))).toBe("scope");
  expect(cellOf(orders, director({ missingRolesFor: ["orders"] }))).toBe("role");
  expect(cellOf(orders, director({ missingScopes: ["scope.a"], missingRolesFor: ["orders"] }))).toBe("scope and role");
});

test("datasets stand by the roles they need; public ones need nobody", () => {
  const datasets = [
    dataset("members", []),
    dataset("public-info", [], []),
    dataset("orders", ["Trader", "Accountant"]),
    dataset("assets", ["Director"]),
    dataset("order-history", ["Accountant", "Trader"]),
  ];

  const rows = coverage(datasets, [director(), director({ characterId: 2, missingRolesFor: ["assets"] })]);

  expect(rows.map((row) => row.datasets.map(({ name, able }) => [name, able]))).toEqual([
    [
      ["orders", 2],
      ["order-history", 2],
    ],
    [["assets", 1]],
    [["members", 2]],
  ]);
});

test("advice says what to do, most urgent first, and whether a login repairs it", () => {
  const lost = director({
    healthy: false,
    lastError: { code: "token.dead", message: "Revoked.", at: "2026-11-20T12:00:00Z" },
    missingRolesFor: ["assets"],
  });

  expect(adviceFor(lost).map(({ tone, login }) => [tone, login])).toEqual([
    ["failed", true],
    ["stale", false],
  ]);
  expect(adviceFor(director())).toEqual([
    { tone: "fresh", text: "Nothing to do: can fetch everything.", login: false },
  ]);
});

test("a director whom EVE has just refused something is not said to fetch everything", () => {
  const [advice, ...more] = adviceFor(director({ refused: [refusal("assets"), refusal("orders")] }));

  expect(advice).toMatchObject({ tone: "stale", login: false });
  expect(advice?.text).toContain("2 datasets");
  expect(more).toEqual([]);
});

test("the role Director comes first, and access to single hangars and accounts is no role to tell of", () => {
  expect(rolesOf({ roles: ["Account_Take_1", "Station_Manager", "Director", "Hangar_Query_2"] })).toEqual([
    "Director",
    "Station Manager",
  ]);
});

test("an incident says which dataset it was about, what happened, and how often", () => {
  const at = "2026-11-20T12:00:00Z";
  const incident = { dataset: "wallet-journal", firstAt: at, at };

  expect(incidentText({ ...incident, code: "esi.forbidden", times: 3 })).toBe("Wallet journal was refused, 3 times");
  expect(incidentText({ ...incident, code: "esi.forbidden", times: 1, healedAt: at })).toBe(
    "Wallet journal was refused; works again",
  );
  expect(incidentText({ ...incident, code: "esi.other", times: 1 })).toBe("Wallet journal failed (esi.other)");
});
