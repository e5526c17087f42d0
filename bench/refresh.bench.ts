import * as Freshness from "@tapi/core/engine/freshness";
import * as Refresh from "@tapi/core/engine/refresh";
import * as Token from "@tapi/core/identity/token";
import { corporation } from "@tapi/core/owner";
import * as Db from "@tapi/core/platform/db";
import * as Log from "@tapi/core/platform/log";
import { mapConcurrent } from "@tapi/core/platform/parallel";
import * as Snapshot from "@tapi/core/snapshot";
import { type Bench, type Figure, median, timed } from "./figure.ts";
import { type BenchStack, startBenchStack } from "./stack.ts";

const pages = 100;
const concurrency = 20;
/** Both sides run warm, as a function that works on its queue does: what the first rounds take is V8's compiling. */
const warmUps = 4;
const rounds = 9;
/** Past ESI's cache and the 15 minutes of a rate-limit bucket. */
const expirySeconds = 3_700;

/** What anyone would have to do at the least: fetch the same pages at the same concurrency and parse them. */
async function bareFetch(stack: BenchStack): Promise<number> {
  const { corporationId, characterId } = stack.pilot;
  const { accessToken } = await stack.system(() => Token.access({ characterId, purpose: "bench" }));
  const headers = {
    authorization: `Bearer ${accessToken}`,
    "x-compatibility-date": "2026-08-18",
    "user-agent": "bench",
  };
  const all = Array.from({ length: pages }, (_, index) => index + 1);
  let rows = 0;
  await mapConcurrent(concurrency, all, async (page) => {
    const response = await fetch(`${stack.newEden}/corporations/${corporationId}/assets?page=${page}`, { headers });
    const answer = JSON.parse(await response.text()) as unknown[];
    rows += answer.length;
  });
  return rows;
}

const refresh = (stack: BenchStack, dataset: string) =>
  stack.system(() =>
    Refresh.run({ owner: corporation(stack.pilot.corporationId), datasets: [dataset], reason: "schedule" }),
  );

async function tokensOf(stack: BenchStack, dataset: string): Promise<number> {
  const board = await stack.pilot.as(() => Freshness.board({ owner: corporation(stack.pilot.corporationId) }));
  return board.find((each) => each.dataset === dataset)?.tokensSpent ?? 0;
}

/** Forgets the stored assets, so that the next refresh is a first import. */
async function forget(stack: BenchStack): Promise<void> {
  const { corporationId } = stack.pilot;
  await Snapshot.remove({ owner: `corporation#${corporationId}`, collections: ["assets"], before: Date.now() });
  await stack.system(() => Refresh.forget(corporation(corporationId), "assets"));
}

async function imports(stack: BenchStack): Promise<Figure[]> {
  const bare: number[] = [];
  const imported: number[] = [];
  let writeUnits = 0;
  for (let round = 0; round < warmUps + rounds; round += 1) {
    await forget(stack);
    await stack.control("clock", { advanceSeconds: expirySeconds });
    // New Eden makes the pages at the first request after their expiry; neither side is charged for that.
    await bareFetch(stack);
    bare.push((await timed(() => bareFetch(stack))).ms);
    await stack.control("clock", { advanceSeconds: 1 });
    const { ms, result } = await timed(() => Db.metered(() => refresh(stack, "assets")));
    imported.push(ms);
    writeUnits = result.consumed.writeUnits;
  }
  const ratio = median(imported.map((ms, round) => ms / (bare[round] as number)).slice(warmUps));
  const [ours, theirs] = [imported, bare].map((times) => Math.round(median(times.slice(warmUps))));
  const detail = `${ours} ms against ${theirs} ms, ${rounds} rounds after ${warmUps} to warm up`;
  return [
    { name: "import of 100,000 assets / fetch + JSON.parse", value: ratio, unit: "x", goal: "<= 1.5", detail },
    { name: "import of 100,000 assets", value: writeUnits, unit: "write units", goal: "<= 2000" },
  ];
}

async function changes(stack: BenchStack): Promise<Figure[]> {
  const { corporationId } = stack.pilot;
  await stack.control("assets", { corporationId, changeFraction: 0.01 });
  await stack.control("clock", { advanceSeconds: expirySeconds });
  await refresh(stack, "members");
  const changed = await Db.metered(() => refresh(stack, "assets"));
  return [
    {
      name: "refresh with 1 % of 100,000 assets changed",
      value: changed.consumed.writeUnits,
      unit: "write units",
      goal: "<= 100",
    },
  ];
}

async function unchanged(stack: BenchStack): Promise<Figure[]> {
  // Wallet divisions' names never change by themselves, so the answer after the expiry is the same.
  await refresh(stack, "divisions");
  await stack.control("clock", { advanceSeconds: expirySeconds });
  await refresh(stack, "members");
  const { consumed } = await Db.metered(() => refresh(stack, "divisions"));
  const tokens = await tokensOf(stack, "divisions");
  return [
    {
      name: "unchanged refresh",
      value: consumed.writeUnits,
      unit: "write units",
      goal: "<= 3",
      detail: `${consumed.readUnits} read units`,
    },
    { name: "unchanged refresh, ESI tokens a page", value: tokens, unit: "tokens", goal: "1" },
  ];
}

export default {
  name: "Refresh",
  async run() {
    Log.setLevel("error");
    const stack = await startBenchStack();
    try {
      return [...(await imports(stack)), ...(await changes(stack)), ...(await unchanged(stack))];
    } finally {
      await stack.close();
    }
  },
} satisfies Bench;
