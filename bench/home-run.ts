import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mapConcurrent } from "@tapi/core/platform/parallel";
import { watchLateness } from "./home-lateness.ts";
import { addCorporation } from "./home-login.ts";
import { treeOf, type Usage, usage } from "./processes.ts";

export interface HomeOptions {
  corporations: number;
  hours: number;
  /** Told once every simulated hour. */
  onHour?: (hour: number, soFar: HomeHour) => void;
  /** Real time after which no further hour begins. */
  limitSeconds?: number;
}

export interface HomeHour extends Usage {
  /** Of real time, since the corporations were there. */
  seconds: number;
  refreshes: number;
}

export interface HomeResult extends HomeHour {
  hours: number;
  /** Resident after each hour, the first import first. */
  bytesByHour: number[];
  latenessSeconds: number[];
  failing: number;
  folderBytes: number;
  /** Of the import of all corporations. */
  importCpuSeconds: number;
}

interface Endpoints {
  web: string;
  dynamodb: string;
  table: string;
  sqs: string;
  newEden: string;
}

/** A corporation is looked at every so many simulated minutes; what expires each minute is fetched each third at the most. */
const lookEvery = 2;
const pollMs = 100;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function folderBytes(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("new-eden"))
      .map((entry) => stat(join(entry.parentPath, entry.name)).then(({ size }) => size)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function startHostProcess(dataDir: string, corporations: number) {
  const child: ChildProcess = fork(fileURLToPath(new URL("home-host.ts", import.meta.url)), [dataDir], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, HOME_CORPORATIONS: String(corporations), LOG_LEVEL: "error" },
  });
  const [message] = (await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("the host ended before it ran"))),
  ])) as [{ endpoints: Endpoints }];
  const close = async () => {
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  };
  return { endpoints: message.endpoints, usage: () => usage(treeOf(child.pid ?? 0, "home-world")), close };
}

/** The queues' own figures: how many messages wait or are being worked on. */
function queuesOf(sqs: string) {
  const ask = async <T>(operation: string, input: object) => {
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}` };
    return (await (await fetch(sqs, { method: "POST", headers, body: JSON.stringify(input) })).json()) as T;
  };
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
  const one = async (QueueUrl: string) => {
    const { Attributes } = await ask<{ Attributes: Record<string, string> }>("GetQueueAttributes", {
      QueueUrl,
      AttributeNames: names,
    });
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  };
  const urls = ask<{ QueueUrls: string[] }>("ListQueues", {}).then(({ QueueUrls }) =>
    QueueUrls.filter((url) => !url.endsWith("-dlq")),
  );
  const waiting = async () => (await Promise.all((await urls).map(one))).reduce((sum, count) => sum + count, 0);
  return {
    empty: async () => {
      while ((await waiting()) > 0) await pause(pollMs);
    },
  };
}

/** One simulated minute: New Eden's clock moves on, the host's own scheduler has its round, the workers get through it. */
function minuteOf({ newEden, sqs }: Endpoints, dataDir: string) {
  const queues = queuesOf(sqs);
  const log = join(dataDir, "logs", "scheduler.log");
  const rounds = () =>
    stat(log).then(
      ({ size }) => size,
      () => 0,
    );
  return async () => {
    const before = await rounds();
    await fetch(`${newEden}/_control/clock`, {
      method: "POST",
      body: JSON.stringify({ advanceSeconds: 60 }),
      headers: { "content-type": "application/json" },
    });
    while ((await rounds()) === before) await pause(pollMs);
    await queues.empty();
  };
}

interface World {
  corporations: { corporationId: number; ceo: { characterId: number } }[];
}

/** The local host with many corporations for hours of simulated time: how late it is, and what it takes. */
export async function liveAtHome({
  corporations,
  hours,
  onHour,
  limitSeconds = Infinity,
}: HomeOptions): Promise<HomeResult> {
  const dataDir = await mkdtemp(join(tmpdir(), "tapi-home-bench-"));
  const host = await startHostProcess(dataDir, corporations);
  try {
    const { endpoints } = host;
    const world = (await (await fetch(`${endpoints.newEden}/_control/world`)).json()) as World;
    await mapConcurrent(4, world.corporations, ({ ceo }) => addCorporation(endpoints.web, ceo.characterId));
    const minute = minuteOf(endpoints, dataDir);
    await minute();
    const imported = host.usage();
    const lateness = watchLateness(endpoints.dynamodb, endpoints.table);
    const bytesByHour = [imported.bytes];
    const startedAt = performance.now();
    const soFar = (): HomeHour => {
      const { cpuSeconds, ...memory } = host.usage();
      const seconds = (performance.now() - startedAt) / 1000;
      return { ...memory, cpuSeconds: cpuSeconds - imported.cpuSeconds, seconds, refreshes: lateness.seconds.length };
    };
    let hour = 0;
    while (hour < hours && soFar().seconds < limitSeconds) {
      for (let passed = 0; passed < 60; passed += 1) {
        await minute();
        const turn = world.corporations.filter((_, index) => index % lookEvery === passed % lookEvery);
        await mapConcurrent(4, turn, ({ corporationId }) => lateness.look(corporationId));
      }
      hour += 1;
      const figures = soFar();
      bytesByHour.push(figures.bytes);
      onHour?.(hour, figures);
    }
    return {
      ...soFar(),
      hours: hour,
      bytesByHour,
      latenessSeconds: lateness.seconds,
      failing: lateness.failing,
      folderBytes: await folderBytes(dataDir),
      importCpuSeconds: imported.cpuSeconds,
    };
  } finally {
    await host.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
