import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { functions } from "@tapi/functions/topology";
import { build } from "esbuild";
import { type Bench, type Figure, median } from "./figure.ts";

const run = promisify(execFile);
const rounds = 7;
const root = new URL("../", import.meta.url).pathname;

/** What every API on this stack loads at the least: a router and a database client. */
const bare = `import { Hono } from "hono"; import { handle } from "hono/aws-lambda";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb"; import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
export const handler = handle(new Hono().get("/", (c) => c.json({ ok: client !== undefined })));`;

/** As infra/functions.ts has SST build them. */
async function bundle(entry: { file: string } | { source: string }, outfile: string): Promise<number> {
  await build({
    ...("file" in entry
      ? { entryPoints: [join(root, entry.file)] }
      : { stdin: { contents: entry.source, resolveDir: root, loader: "ts" as const } }),
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "esnext",
    mainFields: ["module", "main"],
    logLevel: "error",
    banner: { js: 'import { createRequire as __r } from "node:module"; const require = __r(import.meta.url);' },
  });
  return gzipSync(await readFile(outfile)).byteLength;
}

/** Milliseconds to load the module in a process that has just begun. */
async function loadTime(file: string): Promise<number> {
  const code = `const s = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - s)`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], { env: environment });
  return Number(stdout.trim().split("\n").at(-1));
}

const address = "http://127.0.0.1:9";
const environment = {
  PATH: process.env.PATH,
  TAPI_STAGE: "bench",
  TABLE_NAME: "bench",
  QUEUE_URL_BASE: `${address}/`,
  KMS_KEY_ID: "bench",
  EVE_CLIENT_ID: "bench",
  EVE_CLIENT_SECRET: "bench",
  PUBLIC_URL: address,
  SOCKET_URL: address,
  SOCKET_MANAGEMENT_ENDPOINT: address,
  CONTACT: "bench",
  AWS_REGION: "us-east-1",
};

async function measure(folder: string): Promise<Figure[]> {
  const bareFile = join(folder, "bare.mjs");
  await bundle({ source: bare }, bareFile);
  const handlers = [...new Map(Object.entries(functions).map(([name, { handler }]) => [handler, name])).entries()];
  const figures: Figure[] = [];
  for (const [handler, name] of handlers) {
    const file = join(folder, `${name}.mjs`);
    const bytes = await bundle({ file: `${handler.slice(0, handler.lastIndexOf("."))}.ts` }, file);
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const base = await loadTime(bareFile);
      ratios.push((await loadTime(file)) / base);
    }
    const goal = name === "api" ? { goal: "<= 400" } : {};
    figures.push({ name: `${name}: bundle, gzipped`, value: Math.round(bytes / 1024), unit: "KB", ...goal });
    figures.push({ name: `${name}: load / bare Hono + SDK handler`, value: median(ratios), unit: "x", goal: "<= 2" });
  }
  return figures;
}

export default {
  name: "Bundles",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "tapi-bundles-"));
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    try {
      return await measure(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
} satisfies Bench;
