import "@tapi/core/owners";
import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import { createClockOffset, installSimulatedClock, setClockOffset, startTestStack } from "@tapi/local/test";
import { corporationOf, type Pilot } from "../packages/core/test/pilot.ts";

interface World {
  corporations: { corporationId: number; ceo: { characterId: number } }[];
}

/** The product's servers, and New Eden in a process of its own so that its work is not counted as ours. */
export interface BenchStack {
  newEden: string;
  /** The largest corporation: 3,000 members, 100,000 assets. */
  pilot: Pilot & { corporationId: number };
  control: (path: string, body?: object) => Promise<unknown>;
  system: <T>(body: () => T) => T;
  close: () => Promise<void>;
}

type Message = { type: "ready"; url: string } | { type: "clock"; offsetMs: number };

const entry = fileURLToPath(new URL("../packages/new-eden/src/main.ts", import.meta.url));

export async function startBenchStack(): Promise<BenchStack> {
  const stack = await startTestStack();
  const dataDir = await mkdtemp(join(tmpdir(), "tapi-bench-"));
  const offset = createClockOffset();
  const child = fork(entry, ["--port", "0", "--data", dataDir], { execArgv: ["--import", "tsx"], silent: true });
  const newEden = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`New Eden ended with ${code}`)));
    child.on("message", (message: Message) => {
      if (message.type === "ready") resolve(message.url);
      if (message.type === "clock") setClockOffset(offset, message.offsetMs);
    });
  });
  Object.assign(process.env, stack.environment, { ESI_BASE_URL: newEden, SSO_BASE_URL: newEden, LOG_LEVEL: "error" });
  Config.reset();
  const restore = installSimulatedClock(offset);
  const control: BenchStack["control"] = async (path, body) => {
    const response = await fetch(`${newEden}/_control/${path}`, {
      method: body ? "POST" : "GET",
      ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
    });
    return response.status === 204 ? undefined : response.json();
  };
  const [largest] = ((await control("world")) as World).corporations;
  if (!largest) throw new Error("New Eden has no corporation");
  const pilot = await corporationOf(largest.ceo.characterId);
  return {
    newEden,
    pilot,
    control,
    system: (body) => Actor.provide({ type: "system", name: "bench" }, body),
    close: async () => {
      restore();
      child.removeAllListeners("exit");
      child.disconnect();
      await new Promise((resolve) => child.once("exit", resolve));
      await stack.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
