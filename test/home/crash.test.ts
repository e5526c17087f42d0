import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AssetRow, newEden } from "../browser/new-eden.ts";
import { patient } from "../browser/pilot.ts";
import { freePort, type Product, startProduct } from "../browser/product.ts";
import { apiOf, logIn, makeWorld, openToOthers, setClock } from "./folder.ts";

/** Moments at which the product is killed, in milliseconds after the load has begun: of one seed, one in each part of a round. */
const seed = 20_270_310;
const kills = 2;
const roundMs = 4_000;
const momentsOf = (state: number): number[] =>
  Array.from({ length: kills }, (_, index) => {
    const chance = (Math.imul(state ^ (index + 1), 0x9e3779b1) >>> 0) / 2 ** 32;
    return Math.floor(((index + chance) * roundMs) / kills);
  });

/** An entry of the change feed. Its text is no part of it: whoever has no name yet when it is read has one later. */
interface Entry {
  id: string;
  at: string;
}

let dataDir: string;
let port: number;
let product: Product;
let session: string;
let corporationId: number;

const eden = () => newEden(product.endpoints.newEden);
const api = () => apiOf(product, session);
const start = async () => {
  product = await startProduct({ port, dataDir });
};
const history = async (): Promise<Entry[]> =>
  (await api().get<Entry[]>(`/corporations/${corporationId}/history?limit=200`)).map(({ id, at }) => ({ id, at }));

/** What was shown once and is not shown any more. */
const missing = async (shown: Entry[]): Promise<Entry[]> => {
  const now = new Set((await history()).map((entry) => JSON.stringify(entry)));
  return shown.filter((entry) => !now.has(JSON.stringify(entry)));
};

async function equalsTruth(): Promise<void> {
  const line = ({ item_id, quantity, location_id }: AssetRow) => [item_id, quantity, location_id].join();
  const [assets, members] = [
    await api().rows<AssetRow>(corporationId, "assets"),
    await api().rows<{ character_id: number }>(corporationId, "members"),
  ];
  expect(assets.map(line).sort()).toEqual((await eden().truth<AssetRow>(corporationId, "assets")).map(line).sort());
  expect(members.map((each) => each.character_id).sort()).toEqual(
    (await eden().truth<number>(corporationId, "members")).sort(),
  );
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tapi-crash-"));
  makeWorld(dataDir, { members: 8, assets: 200, journalPerDay: 10, historyDays: 10 });
  port = await freePort();
  await start();
  ({ session, corporationId } = await logIn(product));
});

afterAll(async () => {
  await product?.kill();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

test(`kill -9 at moments of seed ${seed} under load: what was shown is there after the start, and all comes to the truth`, async () => {
  await api().untilFresh(corporationId);
  for (const moment of momentsOf(seed)) {
    await eden().join(corporationId, 1);
    await eden().deposit(corporationId, 1, 1_000_000);
    await eden().changeAssets(corporationId, 0.2);
    // Everything is due at once, and the scheduler looks around.
    await eden().advance(3_700);
    await pause(moment);
    const shown = await history();

    await product.kill();
    await start();

    expect(await missing(shown), `killed after ${moment} ms`).toEqual([]);
    // Leases and locks of the killed process run out. A token that was on its way is asked for again, which EVE allows for
    // two minutes: the next round leaps an hour.
    await eden().advance(90);
    await api().untilFresh(corporationId);
  }
  await equalsTruth();
  expect(openToOthers(dataDir)).toEqual([]);
});

test("a token that was on its way from the login service when the process was killed is asked for again, and lives", async () => {
  await eden().slow("SsoToken", 60_000);
  await eden().advance(3_700);
  // The service gives out a new token, and holds its answer back.
  await expect.poll(() => eden().slowed("SsoToken"), patient).toBeGreaterThan(0);

  await product.kill();
  await start();
  await eden().advance(90);
  await api().untilFresh(corporationId);

  const [character] = await api().get<{ token: { status: string } }[]>("/characters");
  expect(character?.token.status).toBe("valid");
});

test("a clock that is a day ahead, then right again, loses nothing and holds nothing up", async () => {
  await eden().advance(86_400);
  await api().untilFresh(corporationId);
  const shown = await history();
  const { now } = (await (await fetch(`${product.endpoints.newEden}/_control/clock`)).json()) as { now: string };
  await product.stop();

  const moment = Date.parse(now) - 86_400_000;
  setClock(dataDir, moment);
  await start();
  await eden().advance(60);

  expect(product.said()).toMatch(/The clock has gone back by 2[34]\.\d hours/);
  // Until it is refreshed, a dataset is as fresh as it was called then.
  const stillAhead = async () =>
    (await api().board(corporationId))
      .filter(({ refreshedAt = "" }) => Date.parse(refreshedAt) > moment + 3_600_000)
      .map(({ dataset }) => dataset);
  await expect.poll(stillAhead, patient).toEqual([]);
  await api().untilFresh(corporationId);
  // New Eden's world has gone back with its clock: of the day that was ahead it tells another story.
  expect(await missing(shown.filter(({ at }) => Date.parse(at) < moment))).toEqual([]);
  await equalsTruth();
});
