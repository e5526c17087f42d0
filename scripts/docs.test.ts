import { existsSync, readdirSync, readFileSync } from "node:fs";
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

const core = new URL("packages/core/src/", root);
const foldersOf = (folder: URL): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map(({ name }) => name)
    .sort();

test("docs/how-it-works.md maps every wing of core, each with all of its modules", () => {
  const page = readFileSync(new URL("docs/how-it-works.md", root), "utf8");
  const map = page.slice(page.indexOf("## The map of core"), page.indexOf("## Which file"));
  const rows = [...map.matchAll(/^\| `(\w+)` \| [^|]+ \|([^|]*)\|/gm)].map(([, wing = "", modules = ""]) => ({
    wing,
    modules,
  }));

  expect(rows.map(({ wing }) => wing).sort()).toEqual(foldersOf(core));
  const missing = rows.flatMap(({ wing, modules }) =>
    foldersOf(new URL(`${wing}/`, core))
      .filter((name) => !new RegExp(`\\b${name}\\b`).test(modules))
      .map((name) => `${wing}/${name}`),
  );
  expect(missing).toEqual([]);
});

test.each(["docs/how-it-works.md", "docs/glossary.md"])("every file and folder that %s sends to is there", (page) => {
  const text = readFileSync(new URL(page, root), "utf8");
  const named = [...text.matchAll(/`((?:core|engine|eve|snapshot|product|functions|web|infra|new-eden)\/[\w./-]+)`/g)];
  const places = ["packages/", "packages/core/src/", ""];
  const gone = named
    .map(([, path = ""]) => path.replace(/^(functions|web|new-eden)\/(?!src)/, "$1/src/"))
    .filter((path) => !places.some((place) => existsSync(new URL(`${place}${path}`, root))));

  expect(named.length).toBeGreaterThan(10);
  expect(gone).toEqual([]);
});

test("each journey lists as many files as it says, each once, and no more than its goal", () => {
  const page = readFileSync(new URL("docs/how-it-works.md", root), "utf8");
  const [, ...journeys] = page.slice(page.indexOf("## Three journeys"), page.indexOf("## Which file")).split("\n### ");
  const goals = [25, 40, 30];

  const counted = journeys.map((text) => {
    const [, files, returns] = /\((\d+) files, (\d+) returns?\)/.exec(text) ?? [];
    const listed = [...text.matchAll(/^\d+\. `([^`]+)`(.*)$/gm)];
    const turns = listed.filter(([, , what = ""]) => /\b(later|at the end)\b/.test(what));
    return {
      said: [Number(files), Number(returns)],
      listed: [new Set(listed.map(([, path]) => path)).size, turns.length],
      twice: listed.length - new Set(listed.map(([, path]) => path)).size,
    };
  });

  expect(counted.map(({ listed }) => listed)).toEqual(counted.map(({ said }) => said));
  expect(counted.map(({ twice }) => twice)).toEqual([0, 0, 0]);
  expect(counted.map(({ listed: [files = 0, returns = 0] }, at) => files <= (goals[at] ?? 0) && returns <= 3)).toEqual([
    true,
    true,
    true,
  ]);
});
