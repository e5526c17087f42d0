import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { functions } from "@tapi/functions/topology";
import { build } from "esbuild";
import { bundle } from "../packages/functions/test/bundle.ts";
import { type Bench, type Figure, median } from "./figure.ts";

const run = promisify(execFile);
const rounds = 7;

/** What every API on this stack loads at the least: a router and a database client. */
const bare = `import { Hono } from "hono"; import { handle } from "hono/aws-lambda";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb"; import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
export const handler = handle(new Hono().get("/", (c) => c.json({ ok: client !== undefined })));`;

/** As SST builds it by itself, minified. */
async function bundleBare(outfile: string): Promise<void> {
  await build({
    stdin: { contents: bare, resolveDir: import.meta.dirname, loader: "ts" },
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "esnext",
    mainFields: ["module", "main"],
    logLevel: "error",
    banner: { js: 'import { createRequire } from "module"; const require = createRequire(import.meta.url);' },
  });
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
  await bundleBare(bareFile);
  const handlers = [...new Map(Object.entries(functions).map(([name, { handler }]) => [handler, name])).entries()];
  const figures: Figure[] = [];
  for (const [handler, name] of handlers) {
    const { unpack, gzippedBytes } = await bundle(`${handler.slice(0, handler.lastIndexOf("."))}.ts`);
    const file = await unpack(join(folder, name));
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const base = await loadTime(bareFile);
      ratios.push((await loadTime(file)) / base);
    }
    const goal = name === "api" ? { goal: "<= 400" } : {};
    figures.push({ name: `${name}: bundle, gzipped`, value: Math.round(gzippedBytes / 1024), unit: "KB", ...goal });
    figures.push({ name: `${name}: load / bare Hono + SDK handler`, value: median(ratios), unit: "x", goal: "<= 2" });
  }
  return figures;
}

export default {
  name: "Bundles",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "tapi-bundles-"));
    try {
      return await measure(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
} satisfies Bench;
