import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { changeEnvironment, environmentOf, npx, pointFunctions, setUp, stage } from "./deployment.ts";
import type { Guest } from "./drive.ts";
import { type Emulator, installEmulator, startEmulator } from "./emulator.ts";
import { applicationAt, type Home, startHome } from "./home.ts";
import type { Report } from "./report.ts";
import { importSeconds, type Part, ready } from "./verify-deployment.ts";
import { startWorld, type World } from "./world.ts";

const schedules = ["scheduler", "token-keeper", "cleanup"] as const;

/** An installation moves from home to a stage, and from there to another folder at home. */
export async function verifyTransfer(report: Report, { folder, certificates, venv }: Omit<Part, "enforceIam">) {
  const step = report.part("transfer");
  const closing: (() => Promise<unknown>)[] = [];
  const first = join(folder, "first");
  const second = join(folder, "second");
  const [toStage, toHome] = [join(folder, "to-stage.export"), join(folder, "to-home.export")];
  const passphrase = join(folder, "passphrase");
  writeFileSync(passphrase, "correct horse\n", { mode: 0o600 });
  let emulator: Emulator;
  let world: World;
  let address: string;
  let home: Home;
  let drive: typeof import("./drive.ts");
  let rows: typeof import("./rows.ts");
  let guests: Guest[];

  const tapi = async (...args: string[]) => {
    const command = ["tsx", "packages/local/src/cli.ts", ...args, "--passphrase-file", passphrase];
    const said = await npx({ emulator, folder }, command, applicationAt(world.newEden));
    return said.trim().split("\n").at(-1) ?? "";
  };
  const at = (place: string) => {
    guests = drive.guestsAt(place, world);
  };
  const each = (work: (guest: Guest) => Promise<unknown>) => drive.each(guests, work);

  await step("start the emulator and New Eden", async () => {
    emulator = await startEmulator({ programs: await installEmulator(venv), folder, certificates, enforceIam: false });
    closing.push(emulator.stop);
    Object.assign(process.env, emulator.environment);
    world = await startWorld();
    closing.push(world.close);
    return `${emulator.url}, ${world.newEden}`;
  });
  await step("an empty stage, which smoke has looked at; its schedules stand still", async () => {
    address = await setUp({ emulator, folder }, world.newEden);
    Object.assign(process.env, await pointFunctions(world.newEden), { LOG_LEVEL: "error" });
    for (const name of schedules) await changeEnvironment(name, { TABLE_NAME: "no-such-table" });
    // They read their settings when they are loaded.
    [drive, rows] = await Promise.all([import("./drive.ts"), import("./rows.ts")]);
    return ready(address);
  });
  await step("at home a director adds the corporation, a member shares their own data, all of it arrives", async () => {
    home = await startHome(first, world.newEden);
    closing.push(() => home.stop());
    at(home.address);
    return each(async ({ arrive, untilImported }) => {
      await arrive();
      return untilImported(importSeconds);
    });
  });
  await step("pnpm tapi export, of the installation that was stopped", async () => {
    await home.stop();
    return tapi("export", toStage, "--data", first);
  });
  await step("pnpm tapi import, into the stage", () => tapi("import", toStage, "--stage", stage));
  await step("every row is in the stage's table as it was, tokens under its key", () =>
    rows.compare(toStage, passphrase),
  );
  await step("whoever logs in at the stage finds everything, and it equals New Eden's, row by row", async () => {
    const { TABLE_NAME = "" } = await environmentOf("api");
    for (const name of schedules) await changeEnvironment(name, { TABLE_NAME });
    at(address);
    return each(async ({ logIn, untilImported, equalsTruth }) => {
      await logIn();
      await untilImported(importSeconds);
      return equalsTruth();
    });
  });
  await step("the stage fetches with the tokens that came along", () => each(({ hearNews }) => hearNews()));
  await step("and back: pnpm tapi export of the stage, import into another folder at home", async () => {
    const exported = await tapi("export", toHome, "--stage", stage);
    return `${exported} ${await tapi("import", toHome, "--data", second)}`;
  });
  await step("that home serves it", async () => {
    home = await startHome(second, world.newEden);
    at(home.address);
    return each(async ({ logIn, untilImported }) => {
      await logIn();
      return untilImported(importSeconds);
    });
  });
  for (const close of closing.reverse()) await close();
}
