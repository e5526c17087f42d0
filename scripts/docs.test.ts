import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);

const sources = ["packages/core/src", "packages/functions/src"].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, root), "utf8")),
);

const visible = /new VisibleError\(\s*"[a-z_]+",\s*"([a-z_.]+)"/g;
const director = /code: "(director\.[a-z_]+)"/g;
const refused = /"([a-z_]+\.bad_(?:cursor|period))"/g;

test("docs/errors.md lists every error code that the code can answer, and no other", () => {
  const used = new Set(
    sources.flatMap((text) =>
      [...text.matchAll(visible), ...text.matchAll(director), ...text.matchAll(refused)].map((match) => match[1]),
    ),
  );
  const listed = new Set(
    [...readFileSync(new URL("docs/errors.md", root), "utf8").matchAll(/^\| `([a-z_.]+)` +\|/gm)].map(
      (match) => match[1],
    ),
  );

  // These two are answered without a VisibleError.
  for (const code of ["internal", "request.no_such_route"]) used.add(code);

  expect([...used].sort()).toEqual([...listed].sort());
});
