import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KeyStore } from "./key-store.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tapi-kms-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const stored = () => readFileSync(join(dir, "keys.json"), "utf8");
const materials = (store: KeyStore) => store.list().map(({ materials: all }) => all);

test("under a passphrase no key stands readable on the disk, and the same passphrase finds it again", () => {
  const key = KeyStore.open(dir, "correct horse").create({ description: "tokens" });

  expect(stored()).not.toContain(key.materials[0]);
  expect(materials(KeyStore.open(dir, "correct horse"))).toEqual([key.materials]);
});

test("keys that were readable are sealed at the first start with a passphrase", () => {
  const key = KeyStore.open(dir).create({ description: "tokens" });
  expect(stored()).toContain(key.materials[0]);

  KeyStore.open(dir, "correct horse");

  expect(stored()).not.toContain(key.materials[0]);
  expect(materials(KeyStore.open(dir, "correct horse"))).toEqual([key.materials]);
});

test("a key that is added later is sealed like the first", () => {
  KeyStore.open(dir, "correct horse").create({ description: "first" });
  const second = KeyStore.open(dir, "correct horse").create({ description: "second" });

  expect(stored()).not.toContain(second.materials[0]);
  expect(materials(KeyStore.open(dir, "correct horse"))).toHaveLength(2);
});

test("another passphrase, or none, opens nothing and changes nothing", () => {
  KeyStore.open(dir, "correct horse").create({ description: "tokens" });
  const before = stored();

  expect(() => KeyStore.open(dir, "battery staple")).toThrow("The passphrase does not open the keys.");
  expect(() => KeyStore.open(dir)).toThrow("are under a passphrase. Set KMS_PASSPHRASE or KMS_PASSPHRASE_FILE.");
  expect(stored()).toBe(before);
});

test("a passphrase is the same however its accents were typed", () => {
  const key = KeyStore.open(dir, "cafe\u0301 au lait").create({ description: "tokens" });

  expect(materials(KeyStore.open(dir, "caf\u00e9 au lait"))).toEqual([key.materials]);
});

test("a sealed file that was changed is refused", () => {
  KeyStore.open(dir, "correct horse").create({ description: "tokens" });
  const file = JSON.parse(stored()) as { sealed: { data: string } };
  const data = Buffer.from(file.sealed.data, "base64");
  data[0] = (data[0] ?? 0) ^ 1;
  writeFileSync(join(dir, "keys.json"), JSON.stringify({ sealed: { ...file.sealed, data: data.toString("base64") } }));

  expect(() => KeyStore.open(dir, "correct horse")).toThrow("The passphrase does not open the keys.");
});
