import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claim } from "./marker.ts";
import { migrate } from "./migrate.ts";
import { restore } from "./restore.ts";
import { currentFormat, type Step, steps } from "./steps.ts";

let dir: string;
let said: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tapi-folder-"));
  said = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const say = (line: string) => said.push(line);
const markerFile = () => join(dir, "tapi-data.json");
const marker = () => JSON.parse(readFileSync(markerFile(), "utf8")) as Record<string, unknown>;
const write = (text: string) => writeFileSync(markerFile(), text);

/** What these tests need of a database is that it is there. */
function putData(text = "rows of an older release"): void {
  mkdirSync(join(dir, "dynamodb"), { recursive: true });
  writeFileSync(join(dir, "dynamodb", "dynamodb.sqlite"), text);
}
const data = (of = dir) => readFileSync(join(of, "dynamodb", "dynamodb.sqlite"), "utf8");

const adding = (text: string): Step => ({
  title: `add ${text}`,
  run: async (at) => {
    if (!data(at).endsWith(text)) putData(`${data(at)} ${text}`);
  },
});

const cutOff: Step = {
  title: "be cut off",
  run: async () => {
    putData("half changed");
    throw new Error("killed");
  },
};

test("a new folder says which format and which world its data are of, to its owner alone", () => {
  const made = claim(dir, "New Eden");

  expect(marker()).toEqual(made);
  expect(marker()).toMatchObject({ app: "tapi", format: currentFormat, world: "New Eden" });
  expect(statSync(markerFile()).mode & 0o777).toBe(0o600);
});

test("a folder of this format is left as it is", async () => {
  const made = claim(dir, "New Eden");
  putData();

  await migrate({ dir, say }, claim(dir, "New Eden"));

  expect({ marker: marker(), said }).toEqual({ marker: made, said: [] });
});

test("an older folder is copied, then each step is run once, and each is told", async () => {
  write('{"app":"tapi","createdAt":"2026-11-21T00:00:00.000Z"}');
  putData("rows");

  await migrate({ dir, say, steps: [adding("one"), adding("two")] }, claim(dir, "New Eden"));

  expect(data()).toBe("rows one two");
  expect(marker()).toEqual({ app: "tapi", createdAt: "2026-11-21T00:00:00.000Z", format: 2 });
  expect(said).toEqual([
    expect.stringContaining("copied to backups/before-format-1.tar.gz"),
    "Data folder, step 1 of 2: add one",
    "Data folder, step 2 of 2: add two",
    expect.stringContaining("up to date"),
  ]);
});

test("a migration that was cut off in a step goes on with that step, and the copy stays that of before", async () => {
  write('{"app":"tapi","createdAt":"2026-11-21T00:00:00.000Z"}');
  putData("rows");
  const first = adding("one");
  await expect(migrate({ dir, say, steps: [first, cutOff] }, claim(dir, "New Eden"))).rejects.toThrow("killed");
  said = [];

  await migrate({ dir, say, steps: [first, adding("two")] }, claim(dir, "New Eden"));

  expect(said.slice(0, 1)).toEqual(["Data folder, step 2 of 2: add two"]);
  expect(data()).toBe("half changed two");
  const before = join(dir, "before");
  await restore({ file: join(dir, "backups", "before-format-1.tar.gz"), dir: before });
  expect(data(before)).toBe("rows");
});

test("a copy that was cut off leaves nothing behind once the next one is made", async () => {
  write('{"app":"tapi","createdAt":"2026-11-21T00:00:00.000Z"}');
  putData("rows");
  // No process has this number.
  mkdirSync(join(dir, "backups", ".copy-99999999", "kms"), { recursive: true });
  writeFileSync(join(dir, "backups", ".before-format-1.tar.gz.99999999.part"), "half");

  await migrate({ dir, say, steps: [adding("one")] }, claim(dir, "New Eden"));

  expect(readdirSync(join(dir, "backups"))).toEqual(["before-format-1.tar.gz"]);
});

test("data of a newer format are refused untouched, whatever else the newer release says of them", () => {
  const text = JSON.stringify({ app: "tapi", format: currentFormat + 1, worlds: ["New Eden"] });
  write(text);
  putData();

  expect(() => claim(dir, "New Eden")).toThrow(
    `was written by a newer TAPI (data format ${currentFormat + 1}; this one knows formats up to ${currentFormat}). Update TAPI`,
  );
  expect(readFileSync(markerFile(), "utf8")).toBe(text);
});

test.each(["", "{", '{"app":"tapi","for', "null", '{"app":"other"}', "\u0000\u0000\u0000"])(
  "where tapi-data.json holds %j before data, the message says what to do",
  (text) => {
    write(text);
    putData();

    expect(() => claim(dir, "New Eden")).toThrow(
      /tapi-data.json is damaged. Restore a backup .*, or write \{"app":"tapi"/,
    );
  },
);

test("an empty tapi-data.json before no data is that of a folder that was just being made", () => {
  write("");

  expect(claim(dir, "New Eden")).toMatchObject({ format: currentFormat, world: "New Eden" });
});

test("data whose tapi-data.json is lost are of the oldest format, and New Eden's if that has its folder there", () => {
  putData();
  mkdirSync(join(dir, "new-eden"));

  expect(claim(dir, "New Eden")).toMatchObject({ format: 0, world: "New Eden" });
  expect(() => claim(dir, "https://login.eveonline.com")).toThrow("holds data of New Eden");
});

test("every step may run twice on a folder that has no database yet", async () => {
  for (const { run } of [...steps, ...steps]) await expect(run(dir)).resolves.toBeUndefined();
});
