import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newEden } from "../browser/new-eden.ts";
import { freePort, type Product, startProduct } from "../browser/product.ts";
import { apiOf, markerOf, openToOthers, setClock } from "./folder.ts";

interface Packed {
  packedAt: string;
  session: string;
  corporationId: number;
  characterId: number;
  members: number[];
  history: { at: string; text: string }[];
}

const hourMs = 3_600_000;

const releases = ["2026-11-21", "2026-11-29"];

describe.each(releases)("a data folder that was packed by the release of %s", (release) => {
  const file = join(import.meta.dirname, "old-folders", release);
  const packed = JSON.parse(readFileSync(`${file}.json`, "utf8")) as Packed;
  const { corporationId, session } = packed;
  let dataDir: string;
  let product: Product;
  let api: ReturnType<typeof apiOf>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "tapi-old-"));
    execFileSync("tar", ["-xzf", `${file}.tar.gz`, "-C", dataDir]);
    // Sight of a corporation, access tokens and most of ESI's answers have run out by then.
    setClock(dataDir, Date.parse(packed.packedAt) + 6 * hourMs);
    product = await startProduct({ port: await freePort(), dataDir });
    api = apiOf(product, session);
  });

  afterAll(async () => {
    await product?.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });

  test("it is copied, brought up to date step by step, and says so", () => {
    expect(product.said()).toContain("step 2 of 2");
    expect(markerOf(dataDir)).toMatchObject({ app: "tapi", format: 2 });
    expect(markerOf(dataDir)).not.toHaveProperty("migration");
    expect(product.said()).toContain(join(dataDir, "backups", "before-format-1.tar.gz"));
    expect(openToOthers(dataDir)).toEqual([]);
  });

  test("whoever was logged in still is, and sees the corporation", async () => {
    const characters = await api.get<{ characterId: number }[]>("/characters");
    const corporations = await api.get<{ corporationId: number }[]>("/corporations");

    expect(characters.map(({ characterId }) => characterId)).toEqual([packed.characterId]);
    expect(corporations.map((each) => each.corporationId)).toEqual([corporationId]);
  });

  test("the history that was shown is shown", async () => {
    const shown = await api.get<Packed["history"]>(`/corporations/${corporationId}/history?limit=200`);

    expect(shown.map(({ at, text }) => ({ at, text }))).toEqual(expect.arrayContaining(packed.history));
  });

  // The same in both, and it takes a while.
  if (release !== releases[0]) return;

  test("the kept token fetches every dataset, also those that corporations have only now", async () => {
    // The scheduler looks around once a minute.
    await newEden(product.endpoints.newEden).advance(60);
    await api.untilFresh(corporationId);

    const members = await api.rows<{ character_id: number }>(corporationId, "members");
    const names = (await api.board(corporationId)).map(({ dataset }) => dataset);
    const truth = await newEden(product.endpoints.newEden).truth<number>(corporationId, "members");

    expect(members.map((each) => each.character_id).sort()).toEqual([...truth].sort());
    expect(members.map((each) => each.character_id)).toEqual(expect.arrayContaining(packed.members));
    expect(names).toContain("party-names");
  });

  test("columns that datasets have only now are filled, although EVE's answers are the same", async () => {
    const structures = await api.rows<{ corporation_id?: number }>(corporationId, "structures");
    const known = await api.rows<{ corporation_id?: number }>(corporationId, "public-info");

    expect(structures.length).toBeGreaterThan(0);
    expect(new Set([...structures, ...known].map((each) => each.corporation_id))).toEqual(new Set([corporationId]));
  });
});
