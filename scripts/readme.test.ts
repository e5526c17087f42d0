import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

const readme = read("README.md");

test("the README lists every configuration variable with its default and meaning, and no other", () => {
  const declared = [
    ...read("packages/core/src/platform/config/settings.ts").matchAll(
      /^ {4}([A-Z][A-Z_]+): ([\s\S]*?)\.describe\(\s*"([^"]+)",?\s*\)/gm,
    ),
  ].map(([, name, kind = "", meaning]) => ({ name, default: /\.default\("([^"]*)"\)/.exec(kind)?.[1], meaning }));

  const listed = [
    ...readme.matchAll(/^\| `([A-Z][A-Z_]+)` +\| (?:`(.*?)`|none|not set|required) +\| (.*?) +\|$/gm),
  ].map(([, name, fallback, meaning]) => ({ name, default: fallback, meaning }));

  expect(declared.length).toBeGreaterThan(15);
  expect(listed).toEqual(declared.map((each) => ({ ...each, default: each.default || undefined })));
});

test("every file and folder that the README links to or names is there", () => {
  const links = [...readme.matchAll(/\]\(((?!https?:)[^)#]+)\)/g)].map((match) => match[1] as string);
  const folders = [...readme.matchAll(/^\| `([a-z][\w/-]*)` +\|/gm)].map((match) => match[1] as string);

  const missing = [...links, ...folders].filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)));

  expect(links.length).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});

test("every command that the README gives is one of package.json's", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

  const given = [...readme.matchAll(/`pnpm ([a-z-]+)`/g)].map((match) => match[1] as string);

  expect(given.filter((name) => !(name in scripts))).toEqual([]);
});
