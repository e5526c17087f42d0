import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AssetRow, newEden } from "../browser/new-eden.ts";
import { patient } from "../browser/pilot.ts";
import { freePort, type Product, startProduct } from "../browser/product.ts";
import { apiOf, logIn, makeWorld, openToOthers } from "./folder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const assetPages = "GetCorporationsCorporationIdAssets";

let home: string;
let first: Product;
let second: Product | undefined;
let session: string;
let corporationId: number;

const statusOf = (board: { dataset: string; status: string }[]) =>
  board.find(({ dataset }) => dataset === "assets")?.status;

const folder = (name: string) => join(home, name);
const backupFile = () => folder("backup.age");
const passphraseFile = () => folder("passphrase");

async function tapi(...args: string[]): Promise<{ code: number; said: string }> {
  const child = spawn("npx", ["tsx", "packages/local/src/cli.ts", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = (await once(child, "exit")) as [number];
  return { code, said };
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "tapi-backup-"));
  writeFileSync(passphraseFile(), "correct horse\n", { mode: 0o600 });
  mkdirSync(folder("first"), { mode: 0o700 });
  makeWorld(folder("first"), { members: 10, assets: 4_000, journalPerDay: 10, historyDays: 10 });
  first = await startProduct({ port: await freePort(), dataDir: folder("first") });
});

afterAll(async () => {
  await first?.kill();
  await second?.kill();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

test("a backup in the middle of an import, restored elsewhere, comes to New Eden's truth", async () => {
  const eden = newEden(first.endpoints.newEden);
  await eden.slow(assetPages, 10_000);
  ({ session, corporationId } = await logIn(first));
  const before = apiOf(first, session);
  // The rest arrives within a few seconds; of the assets, page after page takes longer than everything here.
  await expect.poll(async () => statusOf(await before.board(corporationId)), patient).toBe("running");

  const made = await tapi("backup", backupFile(), "--data", folder("first"), "--passphrase-file", passphraseFile());
  await first.kill();
  const put = await tapi("restore", backupFile(), "--data", folder("second"), "--passphrase-file", passphraseFile());

  expect(made).toEqual({ code: 0, said: expect.stringContaining("encrypted") });
  expect(put).toEqual({ code: 0, said: expect.stringContaining(`npm start -- --data ${folder("second")}`) });
  expect(statSync(backupFile()).mode & 0o777).toBe(0o600);

  second = await startProduct({ port: await freePort(), dataDir: folder("second") });
  const restored = newEden(second.endpoints.newEden);
  const api = apiOf(second, session);
  expect(statusOf(await api.board(corporationId))).not.toBe("fresh");
  // The lease of the worker that the backup has caught has to run out.
  await restored.advance(90);
  await api.untilFresh(corporationId);

  const truth = await restored.truth<AssetRow>(corporationId, "assets");
  const rows = await api.rows<AssetRow>(corporationId, "assets");
  const line = ({ item_id, type_id, quantity, location_id }: AssetRow) =>
    [item_id, type_id, quantity, location_id].join();
  expect(rows.map(line).sort()).toEqual(truth.map(line).sort());
  expect([...openToOthers(folder("first")), ...openToOthers(folder("second"))]).toEqual([]);
});

test("an orderly stop under load ends with 0 within ten seconds", async () => {
  const eden = newEden(second?.endpoints.newEden ?? "");
  const api = apiOf(second as Product, session);
  await eden.slow(assetPages, 10_000);
  // Everything is due at once.
  await eden.advance(2 * 3_600);
  await expect.poll(async () => statusOf(await api.board(corporationId)), patient).toBe("running");
  const asked = performance.now();

  // Fails unless it ends with 0.
  await second?.stop();

  expect(performance.now() - asked).toBeLessThan(10_000);
  expect(openToOthers(folder("second"))).toEqual([]);
});
