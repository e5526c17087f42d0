import { mkdirSync } from "node:fs";
import { launch, openVisitor } from "./browser.ts";
import { newEden } from "./new-eden.ts";
import { addCorporation, logIn, untilFresh } from "./pilot.ts";
import { freePort, makeDataDir, startProduct } from "./product.ts";

// The pictures of README.md, taken anew: CHROMIUM_PATH=/usr/bin/chromium npx tsx test/browser/screenshots.ts

const folder = new URL("../../docs/images/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });

const home = await makeDataDir();
const [product, browser] = await Promise.all([
  startProduct({ port: await freePort(), dataDir: home.dataDir }),
  launch(),
]);
try {
  const { web } = product.endpoints;
  const eden = newEden(product.endpoints.newEden);
  const [corporation] = await eden.corporations();
  if (!corporation) throw new Error("New Eden is empty");
  const { corporationId } = corporation;
  const page = await (await openVisitor(browser, { viewport: { width: 1440, height: 900 } })).open();

  await logIn(page, web, corporation);
  await addCorporation(page, web, corporation);
  await untilFresh(page);
  await page.reload();
  await untilFresh(page);
  // An hour and a bit later every dataset has been refreshed once more, and what changed is on the screen.
  await eden.join(corporationId, 4);
  await eden.changeAssets(corporationId, 0.002);
  await eden.advance(3900);
  await page.locator("[data-testid=freshness-assets][data-version='2']").waitFor({ timeout: 90_000 });
  // One director's budget does not suffice for all details at once: some go on when it has refilled.
  await untilFresh(page, ["fresh", "due", "failed"]);
  await page.mouse.move(700, 5);
  await page.locator("[data-sonner-toast]").first().waitFor({ state: "detached", timeout: 60_000 });
  await page.screenshot({ path: `${folder}overview.png` });

  await page.goto(`${web}/corporations/${corporationId}/assets?sort=-quantity`, { waitUntil: "networkidle" });
  await page.getByTestId("rows-matched").waitFor();
  await page.screenshot({ path: `${folder}assets.png` });
} finally {
  await browser.close();
  await product.stop();
  await home.remove();
}
