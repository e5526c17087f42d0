import { randomInt } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startWire, type Wire } from "../../../test/wire.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const noon = Date.parse("2026-11-21T12:00:00Z");

let wire: Wire;
let calls: string[];
let characterId: number;
const endpoint = process.env.KMS_ENDPOINT as string;

beforeAll(async () => {
  wire = await startWire(endpoint);
  wire.refuse = (operation) => {
    calls.push(operation);
    return undefined;
  };
  process.env.KMS_ENDPOINT = wire.url;
});
afterAll(async () => {
  process.env.KMS_ENDPOINT = endpoint;
  await wire?.close();
});

beforeEach(() => {
  calls = [];
  characterId = randomInt(90_000_000, 2_000_000_000);
  at(noon);
});
afterEach(() => {
  vi.useRealTimers();
});

const at = (now: number) => vi.useFakeTimers({ toFake: ["Date"], now });

/** Modules of their own have memories of their own, as processes do. */
async function startProcess() {
  vi.resetModules();
  return import("./cipher.ts");
}

const secrets = (refreshToken: string) => ({ refreshToken, accessToken: `access of ${refreshToken}` });

test("a process that has decrypted one of a day's blobs decrypts later ones of any process without KMS", async () => {
  const [first, second] = [await startProcess(), await startProcess()];
  await second.open(characterId, await first.seal(characterId, secrets("one")));
  calls = [];

  at(noon + 20 * minuteMs);
  const bySecond = await second.seal(characterId, secrets("two"));
  const opened = await first.open(characterId, bySecond);
  at(noon + 40 * minuteMs);
  const again = await second.open(characterId, await first.seal(characterId, secrets("three")));

  expect([opened, again]).toEqual([secrets("two"), secrets("three")]);
  expect(calls).toEqual([]);
});

test("a process that joins later asks KMS once, and encrypts with the key of the others", async () => {
  const [first, joiner] = [await startProcess(), await startProcess()];
  const blob = await first.seal(characterId, secrets("one"));
  await first.open(characterId, blob);
  calls = [];

  await joiner.open(characterId, blob);
  await first.open(characterId, await joiner.seal(characterId, secrets("two")));

  expect(calls).toEqual(["Decrypt"]);
});

test("each day has a data key of its own, and so has each character", async () => {
  const process = await startProcess();
  at(noon + 11 * hourMs);
  await process.seal(characterId, secrets("one"));

  await process.seal(characterId + 1, secrets("another's"));
  at(noon + 13 * hourMs);
  await process.seal(characterId, secrets("two"));
  await process.seal(characterId, secrets("three"));

  expect(calls).toEqual(["GenerateDataKey", "GenerateDataKey", "GenerateDataKey"]);
});

test("two processes that began a day with keys of their own decrypt each other's blobs", async () => {
  const [first, second] = [await startProcess(), await startProcess()];
  const blobs = [
    await first.seal(characterId, secrets("one")),
    await second.seal(characterId, secrets("two")),
  ] as const;

  const crossed = [await second.open(characterId, blobs[0]), await first.open(characterId, blobs[1])];
  const own = [await first.open(characterId, blobs[0]), await second.open(characterId, blobs[1])];

  expect(crossed).toEqual(own);
  expect(own).toEqual([secrets("one"), secrets("two")]);
});

test("a data key is dropped after four hours: from then on KMS decides again", async () => {
  const process = await startProcess();
  const blob = await process.seal(characterId, secrets("one"));
  await process.open(characterId, blob);
  calls = [];

  at(noon + 4 * hourMs - minuteMs);
  await process.seal(characterId, secrets("two"));
  await process.open(characterId, blob);
  const before = [...calls];
  at(noon + 4 * hourMs + minuteMs);
  await process.open(characterId, blob);
  await process.seal(characterId, secrets("three"));

  expect(before).toEqual([]);
  expect(calls).toEqual(["Decrypt"]);
});

test("a data key encrypts a limited number of messages", async () => {
  const process = await startProcess();

  for (let message = 0; message < 201; message += 1) await process.seal(characterId, secrets(String(message)));

  expect(calls).toEqual(["GenerateDataKey", "GenerateDataKey"]);
});

test("a blob in another character's row does not open, although the data key is known", async () => {
  const process = await startProcess();
  const blob = await process.seal(characterId, secrets("one"));
  await process.open(characterId, blob);

  await expect(process.open(characterId + 1, blob)).rejects.toMatchObject({ name: "TokenTamperedError" });
});
