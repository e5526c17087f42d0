import { mkdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRequestForScopes, launch, openVisitor, type Visitor } from "./browser.ts";
import { paleTexts } from "./contrast.ts";
import { type EdenCorporation, newEden } from "./new-eden.ts";
import { addCorporation, logIn, patient, untilFresh } from "./pilot.ts";
import { freePort, makeDataDir, type Product, startProduct } from "./product.ts";

const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

/** Pictures of every page, for people to look at; not kept in the repository. */
const shots = new URL("./shots/", import.meta.url).pathname;

let home: Awaited<ReturnType<typeof makeDataDir>>;
let product: Product;
let browser: Browser;
let visitor: Visitor;
let page: Page;
let corporation: EdenCorporation;
let address: string;

beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  home = await makeDataDir();
  [product, browser] = await Promise.all([startProduct({ port: await freePort(), dataDir: home.dataDir }), launch()]);
  const eden = newEden(product.endpoints.newEden);
  corporation = (await eden.corporations()).at(-1) as EdenCorporation;
  address = `${product.endpoints.web}/corporations/${corporation.corporationId}`;
  visitor = await openVisitor(browser, { viewport: desk, expected: isRequestForScopes });
  page = await visitor.open();
  await logIn(page, product.endpoints.web, corporation);
  await addCorporation(page, product.endpoints.web, corporation);
  await untilFresh(page);
});

afterAll(async () => {
  await browser?.close();
  try {
    await product?.stop();
  } finally {
    await home?.remove();
  }
});

/** Each page, what is there once it has its data, and what its tab is called. */
const pages = () => {
  const { web } = product.endpoints;
  const of = (part: string) => `${part} · ${corporation.name} · TAPI`;
  const dataset = (name: string, title: string) => ({
    name,
    url: `${address}/data/${name}`,
    ready: "rows-matched",
    title: of(title),
  });
  return [
    {
      name: "dashboard",
      url: `${web}/dashboard`,
      ready: `corporation-${corporation.corporationId}`,
      title: "Dashboard · TAPI",
    },
    { name: "characters", url: `${web}/characters`, ready: "token-status", title: "Characters · TAPI" },
    { name: "overview", url: address, ready: "freshness-assets", title: `${corporation.name} · TAPI` },
    { name: "members", url: `${address}/members`, ready: "rows-matched", title: of("Members") },
    { name: "wallet", url: `${address}/wallet`, ready: "stat-isk-1", title: of("Wallet") },
    { name: "assets", url: `${address}/assets`, ready: "stat-assets-count", title: of("Assets") },
    dataset("structures", "Structures"),
    dataset("industry-jobs", "Industry jobs"),
    dataset("mining-ledger", "Mining ledger"),
    dataset("orders", "Market orders"),
    dataset("contracts", "Contracts"),
    dataset("killmails", "Killmails"),
    dataset("project-details", "Project details"),
    dataset("blueprints", "Blueprints"),
    { name: "changes", url: `${address}/changes`, ready: "change", title: of("Changes") },
    {
      name: "directors",
      url: `${address}/directors`,
      ready: `director-${corporation.ceo.characterId}`,
      title: of("Directors"),
    },
  ];
};

/** How much wider than the window the page is. */
const overhang = (of: Page) => of.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

test.each([
  ["desk", desk],
  ["phone", phone],
] as const)(
  "every page fits the width of a %s, is called by its name, and nothing on it is too pale",
  async (name, viewport) => {
    await page.setViewportSize(viewport);
    const [wide, untitled, pale]: [string[], string[], string[]] = [[], [], []];

    for (const { name: pageName, url, ready, title } of pages()) {
      await page.goto(url);
      await page.getByTestId(ready).first().waitFor();
      await page.screenshot({ path: `${shots}${pageName}-${name}.png` });
      if ((await overhang(page)) > 0) wide.push(pageName);
      // The name of the corporation may come after the rows.
      const titled = page.waitForFunction((wanted) => document.title === wanted, title, { timeout: 20_000 });
      await titled.catch(async () => untitled.push(`${pageName}: ${await page.title()}`));
      pale.push(...(await paleTexts(page)).map((text) => `${pageName}: ${text}`));
    }

    expect([wide, untitled, pale]).toEqual([[], [], []]);
  },
);

test("the landing page fits a phone and leads to EVE's login", async () => {
  const stranger = await openVisitor(browser, { viewport: phone });
  const landing = await stranger.open();
  await landing.goto(product.endpoints.web);
  await landing.getByTestId("login").waitFor();
  await landing.screenshot({ path: `${shots}landing-phone.png` });
  const excess = await overhang(landing);

  await landing.getByTestId("login").click();

  await landing.waitForURL(`${product.endpoints.newEden}/**`);
  expect(excess).toBe(0);
});

test("on a phone the navigation opens, leads on and closes by itself", async () => {
  await page.setViewportSize(phone);
  await page.goto(address);

  await page.getByRole("button", { name: "Open the navigation" }).click();
  await page.screenshot({ path: `${shots}navigation-phone.png` });
  await page.getByRole("dialog").getByRole("link", { name: "Characters" }).click();

  await page.waitForURL(`${product.endpoints.web}/characters`);
  await expect.poll(() => page.getByRole("dialog").count(), patient).toBe(0);
});

test("the palette opens by keyboard and goes where a few letters say", async () => {
  await page.setViewportSize(desk);
  await page.goto(`${product.endpoints.web}/dashboard`);
  await page.getByTestId(`corporation-${corporation.corporationId}`).waitFor();

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog");
  await palette.getByText("Wallet journal").waitFor();
  await page.keyboard.type("wallet journ");
  await page.screenshot({ path: `${shots}palette-desk.png` });
  await page.keyboard.press("Enter");

  await page.waitForURL(`${address}/data/wallet-journal`);
  await expect.poll(() => palette.count(), patient).toBe(0);
});

test("a dialog opens with what it is for under the keyboard, and Escape leads back to where one was", async () => {
  await page.setViewportSize(desk);
  await page.goto(`${product.endpoints.web}/dashboard`);
  const opener = page.getByTestId("add-corporation");
  await page.getByTestId(`corporation-${corporation.corporationId}`).waitFor();
  const focused = (selector: string) =>
    page.evaluate((within) => document.activeElement?.closest(within) !== null, selector);

  await opener.click();
  await expect.poll(() => focused("[data-body]"), patient).toBe(true);
  await page.keyboard.press("Escape");

  await expect.poll(() => focused("[data-testid=add-corporation]"), patient).toBe(true);
});

test("two keys change the page, and a slash goes to the table's search", async () => {
  await page.setViewportSize(desk);
  await page.goto(address);
  await page.getByTestId("freshness-assets").waitFor();

  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.waitForURL(`${address}/members`);
  await page.getByTestId("rows-matched").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type(corporation.ceo.name);

  await expect.poll(() => page.getByTestId("rows-matched").getAttribute("data-value"), patient).toBe("1");
});

test("before a page's own code no more than 150 KB of JavaScript are loaded, gzipped", async () => {
  const { web } = product.endpoints;
  const html = await (await fetch(`${web}/`)).text();
  const scripts = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, path]) => new URL(path as string, web));

  const sizes = await Promise.all(
    scripts.map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
  );

  expect(scripts.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(150 * 1024);
});

test("the first stop of the Tab key skips the navigation", async () => {
  await page.goto(address);
  await page.getByTestId("freshness-assets").waitFor();

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");

  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
});

test("nothing went wrong in the browser on any page", () => {
  expect(visitor.troubles).toEqual([]);
});
