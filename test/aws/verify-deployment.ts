import type { Subject } from "../../packages/core/test/truth.ts";
import type { Browser } from "../../packages/functions/test/browser.ts";
import { startNewEden } from "../../packages/new-eden/src/index.ts";
import { buryAndRedrive } from "./dead-letter.ts";
import { environmentOf, invoke, npx, pointFunctions, setUp, stage, tapi } from "./deployment.ts";
import { type Emulator, installEmulator, startEmulator } from "./emulator.ts";
import { leftAfter } from "./leftovers.ts";
import type { Report } from "./report.ts";
import { takeStatementAway } from "./rights.ts";
import { until } from "./until.ts";

export interface Part {
  folder: string;
  certificates: string;
  venv: string;
  enforceIam: boolean;
}

const importSeconds = 900;

async function ready(address: string): Promise<string> {
  const { status } = await fetch(`${address}/readyz`);
  if (status !== 200) throw new Error(`readyz answers ${status}`);
  return "ready";
}

export async function verifyDeployment(
  report: Report,
  { folder, certificates, venv, enforceIam }: Part,
): Promise<void> {
  const step = report.part(enforceIam ? "with IAM" : "deployment");
  const closing: (() => Promise<unknown>)[] = [];
  let emulator: Emulator;
  let newEden: string;
  let address: string;
  let director: Browser;
  let subject: Subject;
  let drive: typeof import("./drive.ts");

  await step("start the emulator and New Eden", async () => {
    emulator = await startEmulator({ programs: await installEmulator(venv), folder, certificates, enforceIam });
    closing.push(emulator.stop);
    Object.assign(process.env, emulator.environment);
    const eden = await startNewEden({ port: 0, corporations: [{ members: 12, assets: 80, journalPerDay: 6 }] });
    closing.push(() => eden.close());
    newEden = eden.url;
    const [home] = eden.world.corporations;
    if (!home) throw new Error("the world has no corporation");
    subject = { newEden, corporationId: home.corporationId, characterId: home.ceo.characterId };
    return `${emulator.url}, ${newEden}`;
  });
  await step("pnpm tapi setup, from an empty account to a stage that was looked at", async () => {
    address = await setUp({ emulator, folder }, newEden);
    return address;
  });
  await step("run again, it deploys nothing and looks", async () => {
    const said = await tapi({ emulator, folder }, ["setup", "--sso", newEden]);
    if (!said.includes("deployed as it is here")) throw new Error(said);
    return said.trim().split("\n").at(-1) ?? "";
  });
  await step("the functions are pointed at New Eden", async () => {
    // This process reads the deployed table with the functions' own settings.
    Object.assign(process.env, await pointFunctions(newEden), { LOG_LEVEL: "error" });
    // It reads them when it is loaded.
    drive = await import("./drive.ts");
    director = drive.browserAt(address);
    return ready(address);
  });
  await step("a director logs in and adds the corporation", async () => {
    await drive.addCorporation(director, subject);
    return `corporation ${subject.corporationId}`;
  });
  await step("every dataset is imported through queues and functions", async () => {
    return `${await drive.untilImported(director, subject.corporationId, importSeconds)} datasets`;
  });
  await step("every dataset equals New Eden's, row by row", async () => {
    const { compared, rows } = await drive.differing(subject);
    if (rows.length > 0) throw new Error(rows.join("; "));
    return `${compared} of ${compared}`;
  });
  await step("news of a refresh reaches a socket", async () => {
    const heard = await drive.hearNews(director, subject.corporationId, async () => {
      // Names what it did as the page's button does; the dataset is due as soon as ESI's own expiry has passed.
      await until(600, "a dataset that may be refreshed", async () => {
        for (const { dataset } of await drive.boardOf(director, subject.corporationId)) {
          const { status } = await director.post(`/corporations/${subject.corporationId}/datasets/${dataset}/refresh`);
          if (status === 202) return dataset;
        }
        return undefined;
      });
    });
    return heard.slice(0, 60);
  });
  await step("scheduler, token keeper and cleanup run as their schedules run them", async () => {
    for (const name of ["scheduler", "token-keeper", "cleanup"] as const) await invoke(name);
    return "3 of 3";
  });
  await step("a dead letter is listed, sent back and done", () =>
    buryAndRedrive({ emulator, folder, corporationId: subject.corporationId }),
  );
  if (enforceIam) {
    await step("without one statement of a role the check fails", async () => {
      const restore = await takeStatementAway("api", "dynamodb:Query");
      const { status } = await director.get(`/corporations/${subject.corporationId}/freshness`);
      await restore();
      if (status < 500) throw new Error(`the API answers ${status} without its right to query the table`);
      return `the API answers ${status}`;
    });
  } else {
    await step("deployed again, with a changed setting", async () => {
      await npx({ emulator, folder }, ["tsx", "scripts/deploy.ts", "--stage", stage], { LOG_LEVEL: "warn" });
      const { LOG_LEVEL, TABLE_NAME } = await environmentOf("api");
      if (LOG_LEVEL !== "warn") throw new Error(`LOG_LEVEL is ${LOG_LEVEL}`);
      return `${TABLE_NAME} is served on: ${await ready(address)}`;
    });
    await step("sst remove", async () =>
      leftAfter(() => npx({ emulator, folder }, ["sst", "remove", "--stage", stage])),
    );
  }
  for (const close of closing.reverse()) await close();
}
