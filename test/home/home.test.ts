import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, type Product, startProduct } from "../browser/product.ts";
import { type PlainEve, pilot, startPlainEve } from "./plain-eve.ts";

const clientId = "an-application-of-ours";

let dataDir: string;
let eve: PlainEve;
let product: Product;
let cookies = "";

/** As a browser: keeps cookies, follows redirects. */
async function open(address: string): Promise<{ url: string; status: number }> {
  let url = address;
  for (let hops = 0; hops < 10; hops++) {
    const response = await fetch(url, { redirect: "manual", headers: { cookie: cookies } });
    const set = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
    const jar = new Map(
      [...cookies.split("; ").filter(Boolean), ...set].map((pair) => pair.split("=", 2) as [string, string]),
    );
    cookies = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const location = response.headers.get("location");
    if (!location) return { url, status: response.status };
    url = new URL(location, url).href;
  }
  throw new Error(`too many redirects from ${address}`);
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${product.endpoints.web}/api/v1${path}`, { headers: { cookie: cookies } });
  expect(response.status, path).toBe(200);
  return ((await response.json()) as { data: T }).data;
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tapi-home-"));
  eve = await startPlainEve(clientId);
  product = await startProduct({
    port: await freePort(),
    dataDir,
    args: ["--eve"],
    env: {
      EVE_CLIENT_ID: clientId,
      EVE_CLIENT_SECRET: "a-secret",
      CONTACT: "someone@example.org",
      ESI_BASE_URL: eve.url,
      SSO_BASE_URL: eve.url,
    },
  });
});

afterAll(async () => {
  await product?.stop();
  await eve?.close();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

test("a run against EVE starts no New Eden and names none", () => {
  expect(product.endpoints).not.toHaveProperty("newEden");
  expect(existsSync(join(dataDir, "new-eden"))).toBe(false);
  expect(product.said()).not.toContain("New Eden");
});

test("a pilot of a server that knows only the specification logs in and adds the corporation", async () => {
  await open(`${product.endpoints.web}/api/v1/auth/login`);
  const added = await open(`${product.endpoints.web}/api/v1/auth/login?purpose=corporation`);

  expect(added.status).toBe(200);
  expect(added.url).toBe(`${product.endpoints.web}/corporations/${pilot.corporationId}`);
});

interface Freshness {
  dataset: string;
  status: string;
  rows?: number;
  lastError?: { message: string };
}

test("every dataset arrives, and nothing outside the specification was asked for", async () => {
  const board = () => get<Freshness[]>(`/corporations/${pilot.corporationId}/freshness`);

  await expect
    .poll(
      async () =>
        (await board())
          .filter(({ status }) => status !== "fresh")
          .map(({ dataset, lastError }) => [dataset, lastError]),
      { timeout: 180_000, interval: 1_000 },
    )
    .toEqual([]);

  expect((await board()).length).toBeGreaterThanOrEqual(54);
  expect(eve.unknown).toEqual([]);
});

test("the data folder says whose world it holds, and another world is refused", async () => {
  const { world } = JSON.parse(readFileSync(join(dataDir, "tapi-data.json"), "utf8")) as { world: string };

  expect(world).toBe(eve.url);
  await product.stop();
  await expect(startProduct({ port: await freePort(), dataDir })).rejects.toThrow("holds data of");
});
