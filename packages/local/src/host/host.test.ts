import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createQueueClient } from "../runtime/queue-client.ts";
import { clockShiftMs } from "../test/clock.ts";
import type { LocalEndpoints } from "./environment.ts";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));
const startHostFile = new URL("./start-host.ts", import.meta.url).href;

/** A product of one file: it counts what it sees in a file of its own, so that a test can look from outside. */
const handlers = `
import { appendFileSync } from "node:fs";
const note = (what: string) => appendFileSync(process.env.CONTACT ?? "", what + "\\n");
export const http = async (event: any) => {
  if (event.rawPath === "/api/env") return process.env;
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ now: Date.now() }) };
};
export const socket = async (event: any) => {
  note("socket " + event.requestContext.routeKey);
  return { statusCode: 200 };
};
export const consumer = async (event: any) => {
  for (const record of event.Records) note("message " + record.body);
};
export const tick = async () => note("tick");
`;

const newEden = `
import { createServer } from "node:http";
// The whole host lives at the test's time.
let offsetMs = Number(process.env.TEST_SHIFT_MS);
const world = { corporations: [
  { name: "Small", ticker: "SML", memberCount: 25, ceo: { characterId: 1, name: "Ann" } },
  { name: "Large", ticker: "LRG", memberCount: 3000, ceo: { characterId: 2, name: "Bob" } },
] };
const server = createServer((request, response) => {
  if (request.url === "/advance") process.send({ type: "clock", offsetMs: (offsetMs += 3_600_000) });
  if (request.url === "/die") process.exit(1);
  response.end(JSON.stringify(world));
});
const port = Number(process.argv[process.argv.indexOf("--port") + 1]);
server.listen(port, "127.0.0.1", () => {
  process.send({ type: "clock", offsetMs });
  process.send({ type: "ready", url: "http://127.0.0.1:" + server.address().port });
});
process.on("disconnect", () => process.exit(0));
`;

/** A New Eden whose world is so old that it never gets done. */
const oldNewEden = `
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
const server = createServer((_, response) => response.end());
server.listen(0, "127.0.0.1", () => {
  appendFileSync(process.env.CONTACT, "http://127.0.0.1:" + server.address().port + "\\n");
});
setInterval(() => process.send({ type: "catching up", at: "2026-02-03" }), 20);
process.on("disconnect", () => process.exit(0));
`;

const runProcess = `
import { run } from ${JSON.stringify(new URL("../main.ts", import.meta.url).href)};
run(JSON.parse(process.argv[2] ?? "{}")).then((code) => process.exit(code));
`;

const hostProcess = `
import { startHost } from ${JSON.stringify(startHostFile)};
const options = JSON.parse(process.argv[2] ?? "{}");
startHost({ ...options, say: (line: string) => console.log(line) }).then(
  (host) => {
    process.on("SIGTERM", () => host.close().then(() => process.exit(0)));
    process.send?.({ guide: host.guide, endpoints: host.endpoints });
  },
  (error) => {
    process.send?.({ error: String(error.message), name: error.name });
    process.exit(1);
  },
);
`;

const functionSettings = (name: string) => ({ handler: `src/handlers.${name}`, timeoutSeconds: 5, memoryMb: 128 });
const topology = {
  functions: Object.fromEntries(["http", "socket", "consumer", "tick"].map((name) => [name, functionSettings(name)])),
  queues: [
    {
      name: "tapi-local-work",
      deadLetterName: "tapi-local-work-dlq",
      function: "consumer",
      batchSize: 5,
      windowSeconds: 0,
      maxConcurrency: 2,
      visibilityTimeoutSeconds: 30,
      maxReceiveCount: 3,
    },
  ],
  schedules: { tick: { expression: "rate(1 minute)", function: "tick" } },
  http: { paths: ["/api/*", "/livez"], function: "http" },
  socket: { routes: ["$connect", "$disconnect", "$default"], function: "socket" },
};

/** The SDK's notice about Node versions says nothing here. */
const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };

let dir: string;
let dataDir: string;
let seenFile: string;
let children: ChildProcess[];

function makeFolder(): void {
  dir = mkdtempSync(join(tmpdir(), "tapi-host-"));
  dataDir = join(dir, "data");
  seenFile = join(dir, "seen.txt");
  children = [];
  mkdirSync(join(dir, "src"));
  mkdirSync(join(dir, "web"));
  writeFileSync(join(dir, "src", "handlers.ts"), handlers);
  writeFileSync(join(dir, "host.ts"), hostProcess);
  writeFileSync(join(dir, "run.ts"), runProcess);
  writeFileSync(join(dir, "new-eden.mjs"), newEden);
  writeFileSync(join(dir, "old-new-eden.mjs"), oldNewEden);
  writeFileSync(join(dir, "web", "index.html"), "<title>home</title>");
  writeFileSync(seenFile, "");
}

async function removeFolder(): Promise<void> {
  await Promise.all(children.map((child) => end(child, "SIGKILL")));
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done(child.exitCode);
    else child.once("exit", done);
  });

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  return ended(child);
}

type Endpoints = LocalEndpoints & { newEden: string };

interface Outcome {
  child: ChildProcess;
  endpoints: Endpoints;
  guide: { pilots: { name: string }[] };
  error?: string;
}

/** Runs `file`, and gives it the options of a host of this test's own product. */
function launch(file: string, options: object, stdout: "ignore" | "pipe"): ChildProcess {
  const { env = {}, ...more } = options as { env?: Record<string, string> };
  const given = {
    root: dir,
    port: 0,
    dataDir,
    topology,
    webDir: join(dir, "web"),
    newEdenEntry: join(dir, "new-eden.mjs"),
    ...more,
  };
  const child = fork(join(dir, file), [JSON.stringify(given)], {
    cwd: repository,
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", stdout, "pipe", "ipc"],
    env: {
      ...process.env,
      CONTACT: seenFile,
      TEST_SHIFT_MS: String(clockShiftMs()),
      AWS_PROFILE: "somebody",
      AWS_SECRET_ACCESS_KEY: "real",
      TMPDIR: dir,
      ...quiet,
      ...env,
    },
  });
  // Shown if the test fails, as all output is.
  child.stderr?.on("data", (chunk: Buffer) => console.error(chunk.toString()));
  children.push(child);
  return child;
}

function start(options: object = {}): Promise<Outcome> {
  const child = launch("host.ts", options, "ignore");
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve({ child, ...(message as Omit<Outcome, "child">) }));
    child.once("exit", (code) => reject(new Error(`the host ended with ${code}`)));
  });
}

const seen = () => readFileSync(seenFile, "utf8").split("\n").filter(Boolean);
const now = async (url: string) => ((await (await fetch(`${url}/api/now`)).json()) as { now: number }).now;

async function send(sqs: string, bodies: string[]): Promise<void> {
  for (const MessageBody of bodies) {
    const response = await fetch(sqs, {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.SendMessage", "content-type": "application/x-amz-json-1.0" },
      body: JSON.stringify({ QueueUrl: `${sqs}/000000000000/tapi-local-work`, MessageBody }),
    });
    expect(response.status).toBe(200);
  }
}

const refuses = (url: string) =>
  fetch(url).then(
    () => false,
    () => true,
  );

describe("a running host", () => {
  let endpoints: Endpoints;
  let guide: Outcome["guide"];

  beforeAll(async () => {
    makeFolder();
    ({ endpoints, guide } = await start());
  });
  afterAll(removeFolder);

  test("one start brings up site, API, sockets and queues, and writes where everything is", async () => {
    const page = await (await fetch(`${endpoints.web}/any/page`)).text();
    const serverTime = await now(endpoints.web);
    const socket = new WebSocket(endpoints.socket);
    await new Promise((done) => socket.once("open", done));
    await send(endpoints.sqs, ["one"]);

    expect(page).toContain("home");
    expect(Math.abs(serverTime - Date.now())).toBeLessThan(30_000);
    await expect.poll(seen, { timeout: 5000 }).toEqual(expect.arrayContaining(["socket $connect", "message one"]));
    expect(JSON.parse(readFileSync(join(dataDir, "endpoints.json"), "utf8"))).toEqual(endpoints);
    expect(guide.pilots.map(({ name }) => name)).toEqual(["Bob", "Ann"]);
    socket.terminate();
  });

  test("functions see nothing of the host's environment and could not reach AWS", async () => {
    const env = (await (await fetch(`${endpoints.web}/api/env`)).json()) as Record<string, string>;

    expect(env).not.toHaveProperty("AWS_PROFILE");
    expect(env.AWS_SECRET_ACCESS_KEY).toBe("local");
    expect(await refuses(env.AWS_ENDPOINT_URL ?? "")).toBe(true);
    expect(env).toMatchObject({
      TAPI_STAGE: "local",
      DYNAMODB_ENDPOINT: endpoints.dynamodb,
      QUEUE_URL_BASE: `${endpoints.sqs}/000000000000/tapi-local-`,
      ADMIN_CHARACTER_IDS: "2",
      PUBLIC_URL: endpoints.web,
    });
  });

  test("when New Eden's clock is advanced, functions and schedules follow", async () => {
    const before = await now(endpoints.web);

    await fetch(`${endpoints.newEden}/advance`);

    await expect.poll(() => now(endpoints.web)).toBeGreaterThan(before + 3_500_000);
    await expect.poll(seen, { timeout: 5000 }).toContain("tick");
  });

  test("a New Eden that dies is started again at the same address", async () => {
    await fetch(`${endpoints.newEden}/die`).catch(() => undefined);

    await expect.poll(() => refuses(endpoints.newEden), { timeout: 5000 }).toBe(false);
  });

  test("the queue client brings an existing queue's settings up to date", async () => {
    const client = createQueueClient(endpoints.sqs);

    const url = await client.ensure("tapi-local-work", { VisibilityTimeout: "77" });

    const response = await fetch(endpoints.sqs, {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.GetQueueAttributes", "content-type": "application/x-amz-json-1.0" },
      body: JSON.stringify({ QueueUrl: url, AttributeNames: ["VisibilityTimeout"] }),
    });
    await expect(response.json()).resolves.toMatchObject({ Attributes: { VisibilityTimeout: "77" } });
  });
});

describe("a host that listens beyond this machine", () => {
  /** An address that others can reach, where this machine has one. */
  const address =
    Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.2";
  const publicUrl = "https://tapi.example.org";
  const eve = {
    clientId: "id",
    clientSecret: "secret",
    contact: "",
    esiBaseUrl: "http://127.0.0.1:9",
    ssoBaseUrl: "http://127.0.0.1:9",
    adminCharacterIds: "",
    publicUrl,
  };
  let endpoints: Endpoints;

  beforeAll(async () => {
    makeFolder();
    ({ endpoints } = await start({ listen: address, eve: { ...eve, contact: seenFile } }));
  });
  afterAll(removeFolder);

  const status = (host: string, headers: Record<string, string> = {}) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(endpoints.web);
      request({ host: address, port, path: "/api/env", headers: { host, ...headers } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });

  const opens = (origin: string) =>
    new Promise<boolean>((resolve) => {
      const headers = { host: "tapi.example.org" };
      const socket = new WebSocket(`ws://${address}:${new URL(endpoints.web).port}/socket`, { headers, origin });
      socket.once("open", () => resolve(true)).once("error", () => resolve(false));
      socket.once("open", () => socket.terminate());
    });

  test("it answers under its public address, its own and loopback's names, and under no other", async () => {
    const statuses = [
      await status("tapi.example.org"),
      await status(`${address}:${new URL(endpoints.web).port}`),
      await status("localhost"),
      await status("evil.example"),
      await status("evil.example", { "x-forwarded-host": "tapi.example.org" }),
    ];

    expect(statuses).toEqual([200, 200, 200, 403, 403]);
    expect([await opens(publicUrl), await opens("https://evil.example")]).toEqual([true, false]);
  });

  test("the web app alone does: database, queues, keys and sockets' management stay on loopback", async () => {
    const env = (await (await fetch(`${endpoints.web}/api/env`)).json()) as Record<string, string>;
    const inside = [endpoints.dynamodb, endpoints.sqs, endpoints.kms, env.SOCKET_MANAGEMENT_ENDPOINT ?? ""];

    expect(env).toMatchObject({ PUBLIC_URL: publicUrl, SOCKET_URL: "wss://tapi.example.org/socket" });
    for (const url of inside) {
      expect([url, new URL(url).hostname, await refuses(url)]).toEqual([url, "127.0.0.1", false]);
      expect(await refuses(url.replace("127.0.0.1", address))).toBe(true);
    }
  });
});

describe("starting and stopping", () => {
  beforeEach(makeFolder);
  afterEach(removeFolder);

  test("an ordered stop ends every child, removes endpoints.json and tells open sockets goodbye", async () => {
    const { child, endpoints } = await start();
    const socket = new WebSocket(endpoints.socket);
    await new Promise((done) => socket.once("open", done));

    const code = await end(child, "SIGTERM");

    expect(code).toBe(0);
    expect(seen()).toContain("socket $disconnect");
    expect(existsSync(join(dataDir, "endpoints.json"))).toBe(false);
    for (const url of [endpoints.web, endpoints.dynamodb, endpoints.sqs, endpoints.kms, endpoints.newEden]) {
      expect(await refuses(url)).toBe(true);
    }
  });

  test("a connection that asked for an upgrade and was refused does not hold up the stop", async () => {
    const { child, endpoints } = await start();
    const client = connect({ host: "127.0.0.1", port: Number(new URL(endpoints.web).port), allowHalfOpen: true });
    client.on("error", () => undefined);
    client.write("GET /elsewhere HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    await new Promise((done) => client.once("data", done));

    const code = await end(child, "SIGTERM");

    client.destroy();
    expect(code).toBe(0);
  });

  test("after kill -9 no child stays behind, and the next start delivers what was not done", async () => {
    const stuck = { ...topology, queues: topology.queues.map((queue) => ({ ...queue, function: "nobody" })) };
    const first = await start({ topology: stuck });
    await send(first.endpoints.sqs, ["kept 1", "kept 2"]);

    await end(first.child, "SIGKILL");

    for (const url of [first.endpoints.newEden, first.endpoints.dynamodb]) {
      await expect.poll(() => refuses(url), { timeout: 5000 }).toBe(true);
    }
    await start();
    await expect.poll(seen, { timeout: 10_000 }).toEqual(expect.arrayContaining(["message kept 1", "message kept 2"]));
  });

  test("a second start on the same data folder, or on a busy port, says so and what to do", async () => {
    const first = await start();
    const busy = createServer();
    const port = await new Promise<number>((done) => {
      busy.listen(0, "127.0.0.1", () => done((busy.address() as { port: number }).port));
    });

    const sameData = await start();
    const samePort = await start({ port, dataDir: join(dir, "other") });

    const wrongAddress = await start({ listen: "203.0.113.77", dataDir: join(dir, "third") });

    busy.close();
    expect(sameData.error).toContain(`already runs on ${dataDir} (${first.endpoints.web}`);
    expect(sameData.error).toContain("npm start -- --port 4000 --data DIR");
    expect(wrongAddress.error).toContain("203.0.113.77 is no address of this machine");
    expect(samePort.error).toContain(`Port ${port} is in use. Choose another: npm start -- --port`);
  });

  test("a start from a shell with another TMPDIR, fresh or not, leaves the data of the one that runs", async () => {
    const elsewhere = join(dir, "elsewhere");
    mkdirSync(elsewhere);
    const first = await start();
    writeFileSync(join(dataDir, "dynamodb", "kept"), "x");

    const attempts = [
      await start({ env: { TMPDIR: elsewhere } }),
      await start({ fresh: true, env: { TMPDIR: elsewhere } }),
    ];

    for (const { error } of attempts) expect(error).toContain(`already runs on ${dataDir} (${first.endpoints.web}`);
    expect(existsSync(join(dataDir, "dynamodb", "kept"))).toBe(true);
    expect(await now(first.endpoints.web)).toBeGreaterThan(0);
  });

  test("of two starts on the data of a host that was killed, one takes over and the other is refused", async () => {
    const { child } = await start();
    await end(child, "SIGKILL");

    const both = await Promise.all([start(), start({ fresh: true })]);

    expect(both.map(({ error }) => error?.split(" on ")[0])).toEqual(
      expect.arrayContaining([undefined, "TAPI already runs"]),
    );
  });

  test("a temporary folder whose name is too long for sockets, and data with blanks and letters of all kinds, do", async () => {
    const long = join(dir, "t".repeat(110));
    mkdirSync(long);

    const { endpoints } = await start({ dataDir: join(dir, "my data", "ünïcödé ☆"), env: { TMPDIR: long } });

    expect(await now(endpoints.web)).toBeGreaterThan(0);
  });

  test("while an old world catches up the host says so, and Ctrl-C ends all of it at once", async () => {
    const child = launch("run.ts", { newEdenEntry: join(dir, "old-new-eden.mjs") }, "pipe");
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await expect
      .poll(() => said)
      .toContain("New Eden lives through the time since its world began: it has come to 2026-02-03");
    const [newEdenUrl = ""] = seen();

    const code = await end(child, "SIGINT");

    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining("Stopped before it was ready.") });
    await expect.poll(() => refuses(newEdenUrl)).toBe(true);
  });

  test("--fresh forgets our own data, and a folder with other files is refused untouched", async () => {
    const first = await start();
    await end(first.child, "SIGTERM");
    writeFileSync(join(dataDir, "dynamodb", "leftover"), "x");
    const foreign = join(dir, "documents");
    mkdirSync(foreign);
    writeFileSync(join(foreign, "thesis.txt"), "years of work");

    await start({ fresh: true });
    const refused = await start({ fresh: true, dataDir: foreign });

    expect(existsSync(join(dataDir, "dynamodb", "leftover"))).toBe(false);
    expect(refused.error).toContain("holds other files");
    expect(readFileSync(join(foreign, "thesis.txt"), "utf8")).toBe("years of work");
  });
});
