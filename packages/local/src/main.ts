import { performance } from "node:perf_hooks";
import type { StartArguments } from "./host/arguments.mjs";
import { createStyle, welcome } from "./host/console.ts";
import { guardProcess } from "./host/environment.ts";
import { type Eve, readEve, refuseUnusedSettings } from "./host/eve.ts";
import { usualAddress } from "./host/listen-address.mjs";
import { readPassphrase } from "./host/passphrase.ts";
import { explainShortage, StartError } from "./host/start-error.mjs";
import { type Host, type HostOptions, startHost } from "./host/start-host.ts";

/** A stop that takes longer than this is cut off; everything on disk survives that. */
const stopLimitMs = 10_000;

const style = createStyle(process.stdout.isTTY === true && !process.env.NO_COLOR);
const say = (line: string) => console.log(`  ${style.dim(new Date().toISOString().slice(11, 19))} ${line}`);

/** Everything that the product's pilots can be asked to grant. */
async function allScopes(): Promise<string[]> {
  const { Datasets } = await import("@tapi/core/corporation");
  return ["publicData", ...Datasets.directorScopes()];
}

/**
 * Reads the settings before anything is built. Gives the process's exit code instead where something is missing or wrong
 * and was named.
 */
export async function prepare(
  root: string,
  { help: _, eve, listen = usualAddress, ...options }: StartArguments,
): Promise<HostOptions | number> {
  try {
    const { env: environment } = process;
    if (!eve) refuseUnusedSettings(environment);
    const settings: Eve | undefined = eve
      ? await readEve({ root, environment, port: options.port, listen, scopes: allScopes })
      : undefined;
    return { root, eve: settings, listen, passphrase: readPassphrase(environment), ...options };
  } catch (error) {
    return fail(error);
  }
}

function fail(error: unknown): number {
  const text = error instanceof StartError || !(error instanceof Error) ? String(error) : error.stack;
  console.error(`\n  ${style.bad("✗")} ${text?.replace(/^StartError: /, "").replaceAll("\n", "\n    ")}\n`);
  return 1;
}

/** Runs the local host until it is told to stop; resolves with the process's exit code. */
export async function run(options: HostOptions): Promise<number> {
  const { dataDir, eve } = options;
  const stop = untilStopped();
  guardProcess();
  try {
    const startedAt = performance.now();
    const host = await Promise.race([startHost({ say, ...options }), stop.wanted]);
    if (!host) return stopStarting();
    const startedInMs = performance.now() - startedAt;
    console.log(welcome(host, { dataDir, startedInMs, publicUrl: eve?.publicUrl }, style));
    const failure = await Promise.race([stop.wanted, host.failed]);
    if (failure) console.error(`\n  ${style.bad("✗")} ${failure}`);
    const code = await end(host);
    return failure ? 1 : code;
  } catch (error) {
    return fail(explainShortage(error, dataDir));
  }
}

/** Nobody uses it yet: what is running ends with this process, and what is on the disk survives that. */
function stopStarting(): number {
  console.log("\n  Stopped before it was ready.");
  return 1;
}

async function end(host: Host): Promise<number> {
  console.log(`\n  Stopping… ${style.dim("(Ctrl-C again to stop at once)")}`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), stopLimitMs);
  });
  const inTime = await Promise.race([host.close().then(() => true), late]);
  clearTimeout(timer);
  if (!inTime) console.error("  Not everything ended in time; what is left is cut off.");
  return inTime ? 0 : 1;
}

/** Ctrl-C and SIGTERM: the first asks, the second insists (children end with this process). */
function untilStopped(): { wanted: Promise<undefined> } {
  let asked = false;
  const wanted = new Promise<undefined>((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        done(undefined);
      });
    }
  });
  return { wanted };
}
