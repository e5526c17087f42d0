import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { claim, forget, migrate } from "../data-folder/index.ts";
import { forgetFuture } from "../dynamodb/forget-times.ts";
import { localClient } from "../dynamodb/table.ts";
import { behindProxies, createGateway, createSite } from "../gateway/index.ts";
import { createClockOffset, installSimulatedClock } from "../runtime/simulated-clock.ts";
import type { Invoke, Topology } from "../runtime/topology.ts";
import { createManagementApi, createSocketGateway } from "../socket/index.ts";
import { type Backends, startBackends } from "./backends.ts";
import { type ClockWatch, watchClock } from "./clock-watch.ts";
import { type CloseStack, createCloseStack } from "./close-stack.ts";
import { prepareDataDir, writeJsonAtomically } from "./data-dir.mjs";
import { functionEnvironment, type LocalEndpoints, newEdenAsEve, socketPath, socketUrlOf } from "./environment.ts";
import type { Eve } from "./eve.ts";
import { type Front, openFront, stopServing } from "./front.ts";
import { usualAddress, webUrl } from "./listen-address.mjs";
import { acquireLock } from "./lock.ts";
import { productTopology, queuePrefix, tableName } from "./product.ts";
import { startSchedules } from "./schedules.ts";
import { startTtlSweep } from "./ttl-sweep.ts";
import type { WorldGuide } from "./world-guide.ts";

export interface HostOptions {
  /** The repository's root, where handler paths start. */
  root: string;
  /** The web app's port; 0 takes any. New Eden takes the next one if it is free. */
  port: number;
  /** Where the web app listens; all else stays on loopback. */
  listen?: string;
  dataDir: string;
  /** Begin with an empty data folder. */
  fresh?: boolean;
  /** Rebuild the functions when their sources change. */
  watch?: boolean;
  webDir?: string;
  topology?: Topology;
  newEdenEntry?: string;
  /** The EVE to serve; without it New Eden is started and served. */
  eve?: Eve | undefined;
  /** Over the keys that encrypt tokens, where they shall not stand readable on the disk. */
  passphrase?: string | undefined;
  /** All functions' log lines in this file, or with `-` on standard output; else in files of the data folder. */
  logFile?: string | undefined;
  say?: (line: string) => void;
}

export interface Host {
  endpoints: LocalEndpoints;
  /** Whom to log in as, where New Eden is served. */
  guide?: WorldGuide | undefined;
  invoke: Invoke;
  /** Settles, with the reason, when a part that cannot be restarted ended by itself. */
  failed: Promise<string>;
  close(): Promise<void>;
}

type Optional = "eve" | "passphrase" | "logFile";
type Settings = Required<Omit<HostOptions, Optional>> & Pick<HostOptions, Optional>;

/** Brings up the whole product on this machine; everything it started ends with `close()`, in reverse order. */
export async function startHost(options: HostOptions): Promise<Host> {
  const root = resolve(options.root);
  const settings: Settings = {
    listen: usualAddress,
    fresh: false,
    watch: false,
    webDir: join(root, "packages/web/dist"),
    topology: productTopology,
    newEdenEntry: join(root, "packages/new-eden/src/main.ts"),
    say: () => undefined,
    ...options,
    root,
    dataDir: resolve(options.dataDir),
  };
  const stack = createCloseStack();
  const close = () => stack.closeAll((name, error) => settings.say(`${name} did not end cleanly: ${String(error)}`));
  try {
    return { ...(await bringUp(settings, stack)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function bringUp(settings: Settings, stack: CloseStack): Promise<Omit<Host, "close">> {
  const { dataDir, topology, port, say } = settings;
  // Whatever this process and its children write in it is for its owner alone.
  process.umask(0o077);
  prepareDataDir(dataDir);
  const lock = await acquireLock(dataDir);
  stack.add("lock", async () => lock.release());
  const front = await openFront("web", port, stack, settings.listen);
  const web = webUrl(settings.listen, front.port);
  lock.setAddress(web);
  await openDataFolder(settings);
  // The file's presence says that the host is up; one that is left over from a killed host would lie.
  const endpointsFile = join(dataDir, "endpoints.json");
  await rm(endpointsFile, { force: true });

  const clock = createClockOffset();
  const restoreDate = installSimulatedClock(clock);
  stack.add("clock", async () => restoreDate());
  const onJump: (() => void)[] = [];
  const management = await openFront("@connections", 0, stack);
  const newEdenPort = port && port + 1;
  const onClock = () => {
    for (const wake of onJump) wake();
  };
  let onCrash: (reason: string) => void = () => undefined;
  const failed = new Promise<string>((resolve) => {
    onCrash = resolve;
  });
  const backends = await startBackends(
    {
      ...settings,
      passphrase: settings.passphrase,
      logFile: settings.logFile,
      withNewEden: !settings.eve,
      tableName,
      clock,
      newEdenPort,
      onClock,
      onCrash,
    },
    stack,
  );

  const endpoints = describeEndpoints(web, backends);
  const { invoke, renew } = serve(settings, stack, { front, management, backends, endpoints });
  const watch = await followClock(settings, stack, { dynamodb: endpoints.dynamodb, onBack: [renew, onClock] });
  onJump.push(() => void watch.look());
  stack.add("consumers", backends.queues.close);
  backends.queues.consume(invoke);
  const schedules = startSchedules(topology.schedules, invoke);
  stack.add("schedules", async () => schedules.close());
  onJump.push(backends.sqs.wake, schedules.wake);
  const sweep = startTtlSweep(endpoints.dynamodb, tableName, say);
  stack.add("sweep", async () => sweep.close());
  stack.add("endpoints", () => rm(endpointsFile, { force: true }));
  writeJsonAtomically(endpointsFile, endpoints);
  return { endpoints, guide: backends.newEden?.guide, invoke, failed };
}

/** What a data folder belongs to: tokens and ids of one world mean nothing in another. */
const worldOf = (eve: Eve | undefined): string => (eve ? eve.ssoBaseUrl : "New Eden");

/** Makes the folder this world's and this release's. */
async function openDataFolder({ dataDir, eve, fresh, say }: Settings): Promise<void> {
  const world = worldOf(eve);
  if (fresh) forget(dataDir, world);
  else await migrate({ dir: dataDir, say }, claim(dataDir, world));
}

/** From here on a clock that goes back is noticed, also one that did while the host was off. */
async function followClock(
  { dataDir, say }: Settings,
  stack: CloseStack,
  { dynamodb, onBack }: { dynamodb: string; onBack: (() => void)[] },
): Promise<ClockWatch> {
  const client = localClient(dynamodb);
  stack.add("database client", async () => client.destroy());
  const watch = watchClock({
    dataDir,
    say,
    onBack: async () => {
      await forgetFuture(client, tableName, Date.now());
      for (const each of onBack) each();
    },
  });
  stack.add("clock watch", watch.close);
  await watch.look();
  return watch;
}

interface Application {
  front: Front;
  management: Front;
  backends: Backends;
  endpoints: LocalEndpoints;
}

/** Starts the workers and puts the API, the sockets and the site before them. */
function serve(settings: Settings, stack: CloseStack, application: Application): { invoke: Invoke; renew: () => void } {
  const { front, management, backends, endpoints } = application;
  const { topology, webDir } = settings;
  const eve = settings.eve ?? newEdenOf(backends);
  const publicUrl = eve.publicUrl ?? endpoints.web;
  const origins = [publicUrl, endpoints.web];
  const clientAddress = behindProxies(eve.trustedProxies ?? []);
  const running = backends.functions.run(
    functionEnvironment({
      endpoints,
      queueUrlBase: `${endpoints.sqs}/000000000000/${queuePrefix}`,
      kmsKeyArn: backends.kms.keyArn,
      socketManagement: `http://127.0.0.1:${management.port}`,
      publicUrl,
      eve,
    }),
  );
  stack.add("workers", running.close);
  const sockets = createSocketGateway({
    socket: topology.socket,
    invoke: running.invoke,
    path: socketPath,
    clientAddress,
    origins,
  });
  stack.add("sockets", sockets.close);
  management.serve(createManagementApi(sockets));
  const gateway = createGateway({
    http: topology.http,
    invoke: running.invoke,
    site: createSite(webDir),
    clientAddress,
    origins,
    socketUrl: socketUrlOf(publicUrl),
  });
  front.serve(gateway, sockets.upgrade);
  stack.add("serving", async () => stopServing(front));
  return running;
}

function newEdenOf({ newEden }: Backends): Eve {
  const [first] = newEden?.guide.pilots ?? [];
  return newEdenAsEve(newEden?.url ?? "", first ? String(first.characterId) : "");
}

const describeEndpoints = (web: string, { dynamodb, sqs, kms, newEden }: Backends): LocalEndpoints => ({
  web,
  api: `${web}/api/v1`,
  socket: `${web.replace("http", "ws")}${socketPath}`,
  dynamodb: dynamodb.url,
  table: tableName,
  sqs: sqs.url,
  kms: kms.url,
  ...(newEden && { newEden: newEden.url }),
});
