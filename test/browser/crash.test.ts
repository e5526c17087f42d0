import type { APIResponse, Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, openVisitor } from "./browser.ts";
import { type AssetRow, newEden } from "./new-eden.ts";
import { addCorporation, logIn, patient } from "./pilot.ts";
import { freePort, makeDataDir, type Product, processesOn, startProduct } from "./product.ts";

const assetPages = "GetCorporationsCorporationIdAssets";

let home: Awaited<ReturnType<typeof makeDataDir>>;
let product: Product;
let browser: Browser;

beforeAll(async () => {
  [home, browser] = await Promise.all([makeDataDir(), launch()]);
});

afterAll(async () => {
  await browser?.close();
  try {
    await product?.stop();
  } finally {
    await home?.remove();
  }
});

const line = (row: AssetRow) =>
  [
    row.item_id,
    row.type_id,
    row.quantity,
    row.location_id,
    row.location_flag,
    row.location_type,
    row.is_singleton,
    row.is_blueprint_copy ?? "",
  ].join(",");

/** A file with the columns' keys and the values as they are, all parts of it one after the other. */
async function wholeFile(context: BrowserContext, address: string): Promise<string> {
  let text = "";
  for (let next: string | undefined = ""; next !== undefined; ) {
    const response: APIResponse = await context.request.get(address, {
      headers: { accept: "text/csv; profile=raw" },
      ...(next ? { params: { cursor: next } } : {}),
    });
    expect(response.status()).toBe(200);
    text += await response.text();
    next = response.headers()["next-cursor"];
  }
  return text;
}

/** The eight columns of `line` come first in the CSV's header, names among them; none of these values needs quotes. */
function linesOf(csv: string): string[] {
  const [header = "", ...rows] = csv.trimEnd().split("\r\n");
  const columns = header.split(",");
  const fields = ["item_id", "type_id", "quantity", "location_id", "location_flag", "location_type", "is_singleton"];
  const at = [...fields, "is_blueprint_copy"].map((field) => columns.indexOf(field));
  return rows.map((row) => {
    const cells = (row.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? []).map((cell) => cell.replace(/,$/, ""));
    return at.map((index) => cells[index] ?? "").join(",");
  });
}

/** What one has and the other has not; two lists of 100,000 lines would print as one page of noise. */
function differences(stored: string[], truth: string[]) {
  const [have, want] = [new Set(stored), new Set(truth)];
  return { tooMuch: stored.filter((each) => !want.has(each)), missing: truth.filter((each) => !have.has(each)) };
}

async function statusOf(context: BrowserContext, web: string, corporationId: number, dataset: string) {
  const response = await context.request.get(`${web}/api/v1/corporations/${corporationId}/freshness`);
  const { data } = (await response.json()) as { data: { dataset: string; status: string }[] };
  return data.find((entry) => entry.dataset === dataset)?.status;
}

test("kill -9 in the middle of the import of 100,000 assets: after a restart nothing is doubled or missing", async () => {
  const port = await freePort();
  product = await startProduct({ port, dataDir: home.dataDir });
  const { web } = product.endpoints;
  const before = newEden(product.endpoints.newEden);
  const [corporation] = await before.corporations();
  if (!corporation) throw new Error("New Eden is empty");
  const { corporationId } = corporation;
  const visitor = await openVisitor(browser, { viewport: { width: 1440, height: 900 } });
  const page = await visitor.open();
  // 100 pages, some at a time: slow enough to be caught in the middle on any machine.
  await before.slow(assetPages, 1000);
  await logIn(page, web, corporation);
  await addCorporation(page, web, corporation);
  await expect.poll(async () => (await before.answers(assetPages))["200"] ?? 0, patient).toBeGreaterThan(20);
  const status = await statusOf(visitor.context, web, corporationId, "assets");
  const fetched = (await before.answers(assetPages))["200"];
  const family = [...processesOn(home.dataDir).values()];

  await product.kill();

  // The product itself, New Eden, and the database with what ties it to its parent.
  expect(family.length).toBeGreaterThanOrEqual(3);
  await expect.poll(() => [...processesOn(home.dataDir).values()], { timeout: 10_000 }).toEqual([]);
  expect({ status, isInTheMiddle: Number(fetched) < 100 }).toEqual({ status: "running", isInTheMiddle: true });

  product = await startProduct({ port, dataDir: home.dataDir });
  const eden = newEden(product.endpoints.newEden);
  // The dead worker's lease has to run out before another may take the dataset.
  await eden.advance(90);
  await expect.poll(() => statusOf(visitor.context, web, corporationId, "assets"), patient).toBe("fresh");

  const stored = linesOf(
    await wholeFile(visitor.context, `${web}/api/v1/corporations/${corporationId}/datasets/assets/rows.csv`),
  );
  const truth = (await eden.truth<AssetRow>(corporationId, "assets")).map(line);
  // The world lives on: some stacks were made or used up meanwhile.
  expect(Math.abs(truth.length - 100_000)).toBeLessThan(100);
  expect(new Set(stored).size).toBe(stored.length);
  expect(differences(stored, truth)).toEqual({ tooMuch: [], missing: [] });
});
