import type { Subject } from "../../packages/core/test/truth.ts";
import type { Browser } from "../../packages/functions/test/browser.ts";
import { startNewEden } from "../../packages/new-eden/src/index.ts";
import { buryAndRedrive } from "./dead-letter.ts";
import { deploy, environmentOf, invoke, pointFunctions, putSecret, remove, served, stage } from "./deployment.ts";
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

export async function verifyDeployment(
  report: Report,
  { folder, certificates, venv, enforceIam }: Part,
): Promise<void> {
  const step = report.part(enforceIam ? "with IAM" : "deployment");
  const closing: (() => Promise<unknown>)[] = [];
  let emulator: Emulator;
  let newEden: string;
  let apiUrl: string;
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
  await step("sst deploy, on an empty account", async () => {
    const outputs = await deploy(emulator, folder);
    apiUrl = outputs[`${stage}-tapi-Api`]?.ApiUrl ?? "";
    await putSecret("new-eden-secret");
    // This process reads the deployed table with the functions' own settings.
    Object.assign(process.env, await pointFunctions(emulator, newEden), { LOG_LEVEL: "error" });
    // It reads them when it is loaded.
    drive = await import("./drive.ts");
    return `${Object.keys(outputs).length} stacks`;
  });
  await step("the API answers", async () => {
    director = drive.browserAt(emulator, apiUrl);
    const { status } = await fetch(`${served(emulator, apiUrl)}/readyz`);
    if (status !== 200) throw new Error(`readyz answers ${status}`);
    return "ready";
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
    const heard = await drive.hearNews(emulator, director, subject.corporationId, async () => {
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
    await step("sst deploy again, with a changed setting", async () => {
      await deploy(emulator, folder, { LOG_LEVEL: "warn" });
      const { LOG_LEVEL, TABLE_NAME } = await environmentOf("api");
      if (LOG_LEVEL !== "warn") throw new Error(`LOG_LEVEL is ${LOG_LEVEL}`);
      const { status } = await fetch(`${served(emulator, apiUrl)}/readyz`);
      if (status !== 200) throw new Error(`readyz answers ${status}`);
      return `${TABLE_NAME} is served on`;
    });
    await step("sst remove", async () => leftAfter(() => remove(emulator, folder)));
  }
  for (const close of closing.reverse()) await close();
}
