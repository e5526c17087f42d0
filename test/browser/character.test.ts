import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, openVisitor, type Visitor } from "./browser.ts";
import { type EdenCorporation, type NewEden, newEden } from "./new-eden.ts";
import { choosePilot, logIn, patient } from "./pilot.ts";
import { freePort, makeDataDir, type Product, startProduct } from "./product.ts";

// A pilot grants access to their own data, sees it as EVE has it, watches it change, and takes it away again.

let home: Awaited<ReturnType<typeof makeDataDir>>;
let product: Product;
let eden: NewEden;
let browser: Browser;
let visitor: Visitor;
let page: Page;
let corporation: EdenCorporation;

beforeAll(async () => {
  home = await makeDataDir();
  const port = await freePort();
  [product, browser] = await Promise.all([startProduct({ port, dataDir: home.dataDir }), launch()]);
  eden = newEden(product.endpoints.newEden);
  visitor = await openVisitor(browser, { viewport: { width: 1440, height: 900 } });
  page = await visitor.open();
  [corporation] = (await eden.corporations()) as [EdenCorporation];
});
afterAll(async () => {
  await browser?.close();
  try {
    await product?.stop();
  } finally {
    await home?.remove();
  }
});

const web = () => product.endpoints.web;
const pilot = () => corporation.ceo.characterId;
const matched = async () =>
  Number(await page.getByTestId("rows-matched").getAttribute("data-value", { timeout: 5_000 }));

test("before access is granted the character's page says so and offers it", async () => {
  await logIn(page, web(), corporation);
  await page.goto(`${web()}/characters/${pilot()}`);

  await page.getByTestId(`share-${pilot()}`).waitFor();
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(corporation.ceo.name);
});

test("granting access leads through EVE back to the page, and the skills are those of EVE", async () => {
  await page.getByTestId(`share-${pilot()}`).click();
  await choosePilot(page, pilot());
  await page.waitForURL(`${web()}/characters/${pilot()}`);
  await page.goto(`${web()}/characters/${pilot()}/skills`);
  const { skills } = await eden.truthOf<{ skills: object[] }>(pilot(), "skills");

  await expect.poll(matched, patient).toBe(skills.length);
  expect(await page.getByTestId(`share-${pilot()}`).count()).toBe(0);
});

test("ISK that comes to the pilot shows on the open page", async () => {
  await page.goto(`${web()}/characters/${pilot()}/data/wallet`);
  await expect.poll(matched, patient).toBe(1);
  const before = await eden.truthOf<number>(pilot(), "wallet");
  await eden.enrich(pilot(), 77_000_000);
  await eden.advance(3 * 3600);
  const after = await eden.truthOf<number>(pilot(), "wallet");

  expect(after).not.toBe(before);
  const shown = () => page.getByRole("grid").textContent();
  const digits = Math.trunc(after).toLocaleString("en-GB");
  await expect.poll(shown, patient).toContain(digits);
});

test("after the character is removed nothing of it can be reached", async () => {
  await page.goto(`${web()}/characters`);
  await page.getByTestId(`character-${pilot()}`).getByRole("button", { name: "Remove" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();

  await expect.poll(() => new URL(page.url()).pathname, patient).toBe("/");
  await logIn(page, web(), corporation);
  await page.goto(`${web()}/characters/${pilot()}`);
  await page.getByTestId(`share-${pilot()}`).waitFor();
  expect(visitor.troubles.filter((trouble) => !/40[14]/.test(trouble))).toEqual([]);
});
