import { performance } from "node:perf_hooks";
import { applicationScopes } from "./host/application.ts";
import type { StartArguments } from "./host/arguments.mjs";
import { createStyle, welcome } from "./host/console.ts";
import { guardProcess } from "./host/environment.ts";
import { type Eve, readEve, refuseUnusedSettings, settingsReader } from "./host/eve.ts";
import { usualAddress } from "./host/listen-address.mjs";
import { readLogFile } from "./host/log-file.ts";
import { readPassphrase } from "./host/passphrase.ts";
import { explainShortage, StartError } from "./host/start-error.mjs";
import { type Host, type HostOptions, startHost } from "./host/start-host.ts";
import { joinedLine } from "./runtime/function-log.ts";

/** A stop that takes longer than this is cut off; everything on disk survives that. */
const stopLimitMs = 10_000;

const style = createStyle(process.stdout.isTTY === true && !process.env.NO_COLOR);
const clock = () => style.dim(new Date().toISOString().slice(11, 19));

/** For a person at a terminal; with `-` for LOG_FILE the output is one log of JSON lines. */
const sayTo = (logFile: string | undefined) => (line: string) => {
  if (logFile === "-") process.stdout.write(joinedLine("host", line));
  else console.log(`  ${clock()} ${line}`);
};

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
      ? await readEve({ root, environment, port: options.port, listen, scopes: applicationScopes })
      : undefined;
    const setting = eve ? settingsReader(root, environment) : (name: string) => environment[name];
    const logFile = readLogFile(setting("LOG_FILE"), root);
    return { root, eve: settings, listen, logFile, passphrase: readPassphrase(environment), ...options };
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
  const { dataDir, eve, logFile } = options;
  const say = sayTo(logFile);
  const stop = untilStopped();
  guardProcess();
  // Nobody reads any more, or the disk that it goes to is full: no reason to end.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
  try {
    const startedAt = performance.now();
    const host = await Promise.race([startHost({ say, ...options }), stop.wanted]);
    if (!host) return stopStarting();
    const startedInMs = performance.now() - startedAt;
    const publicUrl = eve?.publicUrl ?? host.endpoints.web;
    if (logFile === "-") say(`TAPI is running at ${publicUrl}`);
    else console.log(welcome(host, { dataDir, startedInMs, publicUrl }, style));
    const failure = await Promise.race([stop.wanted, host.failed]);
    if (failure) console.error(`\n  ${style.bad("✗")} ${failure}`);
    const code = await end(host, logFile);
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

async function end(host: Host, logFile: string | undefined): Promise<number> {
  if (logFile === "-") sayTo(logFile)("Stopping");
  else console.log(`\n  Stopping… ${style.dim("(Ctrl-C again to stop at once)")}`);
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
