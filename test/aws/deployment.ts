import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { askAws } from "../../infra/aws.ts";
import { type FunctionName, functions } from "../../packages/functions/src/topology.ts";
import { clientId, clientSecret } from "../../packages/new-eden/src/index.ts";
import { run } from "./command.ts";
import type { Emulator } from "./emulator.ts";

export const stage = "verify";
const functionNames = Object.keys(functions) as FunctionName[];
export const physicalName = (name: FunctionName): string => `tapi-${stage}-${name}`;

/** Where a check runs: its emulator, and the folder of its logs. */
export interface Place {
  emulator: Emulator;
  folder: string;
}

/** The web app if it has been built; what lies in its place matters to no check here. */
function siteFolder(folder: string): string {
  const built = join("packages", "web", "dist");
  if (existsSync(join(built, "index.html"))) return built;
  const site = join(folder, "site");
  mkdirSync(join(site, "assets"), { recursive: true });
  writeFileSync(join(site, "index.html"), '<!doctype html><script type="module" src="/assets/index-1.js"></script>');
  writeFileSync(join(site, "assets", "index-1.js"), "");
  return site;
}

/** A command of the repository, as a person runs it who has the emulator for AWS. */
export const npx = (
  { emulator, folder }: Place,
  args: string[],
  environment: Record<string, string> = {},
): Promise<string> =>
  run("npx", args, {
    log: join(folder, `${args[0] === "tsx" ? basename(args[1] ?? "", ".ts") : args[0]}.log`),
    timeoutSeconds: 1200,
    env: {
      PATH: process.env.PATH,
      CI: "1",
      SST_TELEMETRY_DISABLED: "1",
      TAPI_SITE_DIST: siteFolder(folder),
      ...emulator.environment,
      ...environment,
    },
  });

/** `pnpm tapi`. */
export const tapi = (place: Place, args: string[], environment?: Record<string, string>): Promise<string> =>
  npx(place, ["tsx", "packages/local/src/cli.ts", ...args, "--stage", stage], environment);

const files = [`.env.${stage}`, `.env.${stage}.setup.json`];

/** Takes away what setup writes into the checkout. */
function removeSettings(): void {
  for (const file of files) rmSync(file, { force: true });
}

/** From nothing to a stage that was looked at, by one command; its address. */
export async function setUp(place: Place, newEden: string): Promise<string> {
  const [found] = files.filter((file) => existsSync(file));
  if (found) throw new Error(`${found} is there: rename it, this check writes one of its own`);
  process.once("exit", removeSettings);
  const application = ["--client-id", clientId, "--sso", newEden];
  const settings = ["--region", "us-east-1", "--contact", "verify@example.com"];
  const said = await tapi(place, ["setup", ...settings, ...application], { EVE_CLIENT_SECRET: clientSecret });
  const [, address] = /^Address: +(https:\S+)$/m.exec(said) ?? [];
  if (!address) throw new Error(`setup names no address: ${said}`);
  return address;
}

export async function environmentOf(name: FunctionName): Promise<Record<string, string>> {
  const input = { FunctionName: physicalName(name) };
  const found = await askAws<{ Environment?: { Variables?: Record<string, string> } }>(
    "lambda",
    "GetFunctionConfiguration",
    input,
  );
  return found.Environment?.Variables ?? {};
}

export async function changeEnvironment(name: FunctionName, changes: Record<string, string>): Promise<void> {
  const Variables = { ...(await environmentOf(name)), ...changes };
  await askAws("lambda", "UpdateFunctionConfiguration", {
    FunctionName: physicalName(name),
    Environment: { Variables },
  });
}

/** Points the functions at New Eden. All else that they know is what the deployment told them. */
export async function pointFunctions(newEden: string): Promise<Record<string, string>> {
  const changes = {
    ESI_BASE_URL: newEden,
    SSO_BASE_URL: newEden,
    // New Eden sends people back to this machine only; https keeps the cookies as strict as they are in AWS.
    PUBLIC_URL: "https://localhost",
  };
  for (const name of functionNames) await changeEnvironment(name, changes);
  return { ...(await environmentOf("api")), ...changes };
}

/** Runs a function once, as its schedule does; throws what it throws. */
export async function invoke(name: FunctionName): Promise<void> {
  const answer = await askAws<{ FunctionError?: string; Payload?: Uint8Array }>("lambda", "Invoke", {
    FunctionName: physicalName(name),
    Payload: Buffer.from(JSON.stringify({ "detail-type": "Scheduled Event", source: "aws.events" })),
  });
  if (answer.FunctionError) throw new Error(`${name}: ${Buffer.from(answer.Payload ?? []).toString()}`);
}
