import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../../../../", import.meta.url);
const core = new URL("packages/core/src/", root);
const page = readFileSync(new URL("docs/access-patterns.md", root), "utf8");

const files = readdirSync(core, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".entity.ts"));
const sources = files.map((name) => ({ name, text: readFileSync(new URL(name, core), "utf8") }));

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] as string);

const entities = sources.flatMap(({ text }) => all(text, /entity: "([\w-]+)"/g));

test("docs/access-patterns.md has a row for every entity of the code, and no other", () => {
  expect(all(page, /^\| `([\w-]+)` \|/gm).sort()).toEqual(entities.sort());
});

test("an entity's name is its own", () => {
  expect(new Set(entities).size).toBe(entities.length);
});

test.each(sources)("the keys of $name are on the page", ({ text }) => {
  const templates = all(text, /template:\s*"([^"]+)"/g);

  expect(templates.length).toBeGreaterThan(0);
  for (const template of templates) expect(page).toContain(`\`${template}\``);
});

test.each(sources)("the questions that an index of $name answers are on the page", ({ text }) => {
  for (const name of all(text, /(\w+): \{\s*index: "lookup"/g)) expect(page).toContain(`\`${name}\``);
});
