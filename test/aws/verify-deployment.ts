import { buryAndRedrive } from "./dead-letter.ts";
import { environmentOf, invoke, npx, pointFunctions, setUp, stage, tapi } from "./deployment.ts";
import type { Guest } from "./drive.ts";
import { type Emulator, installEmulator, startEmulator } from "./emulator.ts";
import { leftAfter } from "./leftovers.ts";
import type { Report } from "./report.ts";
import { takeStatementAway } from "./rights.ts";
import { startWorld, type World } from "./world.ts";

export interface Part {
  folder: string;
  certificates: string;
  venv: string;
  enforceIam: boolean;
}

/** How long a first import may take. */
export const importSeconds = 900;

export async function ready(address: string): Promise<string> {
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
  let world: World;
  let address: string;
  let drive: typeof import("./drive.ts");
  let guests: [director: Guest, member: Guest];
  const each = (work: (guest: Guest) => Promise<unknown>) => drive.each(guests, work);

  await step("start the emulator and New Eden", async () => {
    emulator = await startEmulator({ programs: await installEmulator(venv), folder, certificates, enforceIam });
    closing.push(emulator.stop);
    Object.assign(process.env, emulator.environment);
    world = await startWorld();
    closing.push(world.close);
    return `${emulator.url}, ${world.newEden}`;
  });
  await step("pnpm tapi setup, from an empty account to a stage that was looked at", async () => {
    address = await setUp({ emulator, folder }, world.newEden);
    return address;
  });
  await step("run again, it deploys nothing and looks", async () => {
    const said = await tapi({ emulator, folder }, ["setup", "--sso", world.newEden]);
    if (!said.includes("deployed as it is here")) throw new Error(said);
    return said.trim().split("\n").at(-1) ?? "";
  });
  await step("the functions are pointed at New Eden", async () => {
    // This process reads the deployed table with the functions' own settings.
    Object.assign(process.env, await pointFunctions(world.newEden), { LOG_LEVEL: "error" });
    // It reads them when it is loaded.
    drive = await import("./drive.ts");
    guests = drive.guestsAt(address, world);
    return ready(address);
  });
  await step("a director adds the corporation, a member shares their own data", () => each(({ arrive }) => arrive()));
  await step("every dataset is imported through queues and functions", () =>
    each(({ untilImported }) => untilImported(importSeconds)),
  );
  await step("every dataset equals New Eden's, row by row", () => each(({ equalsTruth }) => equalsTruth()));
  await step("news of a refresh reaches a socket", () => each(({ hearNews }) => hearNews()));
  await step("scheduler, token keeper and cleanup run as their schedules run them", async () => {
    for (const name of ["scheduler", "token-keeper", "cleanup"] as const) await invoke(name);
    return "3 of 3";
  });
  await step("a dead letter is listed, sent back and done", () =>
    buryAndRedrive({ emulator, folder, corporationId: world.corporation.corporationId }),
  );
  if (enforceIam) {
    await step("without one statement of a role the check fails", async () => {
      const restore = await takeStatementAway("api", "dynamodb:Query");
      const [{ browser, path }] = guests;
      const { status } = await browser.get(`${path}/freshness`);
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
