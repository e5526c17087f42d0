import { readFileSync } from "node:fs";
import { Datasets } from "@tapi/core/owners/corporation";
import { expect, test } from "vitest";
import { run } from "./datasets.ts";
import { UsageError } from "./usage-error.ts";

async function tapi(...args: string[]): Promise<string> {
  const said: string[] = [];
  expect(await run(args, { say: (text) => said.push(text), user: "ann" })).toBe(0);
  return said.join("\n");
}

test("docs/datasets.md is what the declarations say", async () => {
  const page = readFileSync(new URL("../../../../docs/datasets.md", import.meta.url), "utf8");

  expect(page).toBe(`${await tapi("--markdown")}\n`);
});

test("--json names every dataset with its routes, scopes, roles, queue and storage", async () => {
  const entries = JSON.parse(await tapi("--json")) as { name: string }[];

  expect(entries.map(({ name }) => name)).toEqual(Datasets.datasets.map(({ name }) => name));
  expect(entries.find(({ name }) => name === "wallet-journal")).toMatchObject({
    routes: [
      { method: "GET", path: "/corporations/{corporation_id}/wallets/{division}/journal", pagination: "x-pages" },
    ],
    scopes: ["esi-wallet.read_corporation_wallets.v1"],
    roles: ["Accountant", "Junior_Accountant"],
    queue: "wallet-journal",
    storage: "ledger",
  });
});

test("the table has a line for each dataset", async () => {
  const lines = (await tapi()).split("\n");

  expect(lines).toHaveLength(Datasets.datasets.length + 1);
});

test("an option that does not exist is named", async () => {
  await expect(run(["--all"], { say: () => {}, user: "ann" })).rejects.toThrow(UsageError);
});
