import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askAws } from "../../infra/aws.ts";
import { type FunctionName, functions } from "../../packages/functions/src/topology.ts";
import { run } from "./command.ts";
import type { Emulator } from "./emulator.ts";

export const stage = "verify";
const functionNames = Object.keys(functions) as FunctionName[];
export const physicalName = (name: FunctionName): string => `tapi-${stage}-${name}`;

type Outputs = Record<string, Record<string, string>>;

/** The web app if it has been built; what lies in its place matters to no check here. */
function siteFolder(folder: string): string {
  const built = join("packages", "web", "dist");
  if (existsSync(join(built, "index.html"))) return built;
  const site = join(folder, "site");
  mkdirSync(join(site, "assets"), { recursive: true });
  writeFileSync(join(site, "index.html"), "<!doctype html>");
  writeFileSync(join(site, "assets", "index-1.js"), "");
  return site;
}

const sst = (emulator: Emulator, folder: string, args: string[], settings: Record<string, string> = {}) =>
  run("npx", ["sst", ...args, "--stage", stage], {
    log: join(folder, "sst.log"),
    timeoutSeconds: 1200,
    env: {
      PATH: process.env.PATH,
      CI: "1",
      SST_TELEMETRY_DISABLED: "1",
      TAPI_SITE_DIST: siteFolder(folder),
      EVE_CLIENT_ID: "new-eden-client",
      CONTACT: "verify@example.com",
      ...emulator.environment,
      ...settings,
    },
  });

/** Deploys as a person would; the outputs that SST writes. */
export async function deploy(emulator: Emulator, folder: string, settings?: Record<string, string>): Promise<Outputs> {
  await sst(emulator, folder, ["deploy"], settings);
  return JSON.parse(readFileSync(join(".sst", "outputs.json"), "utf8")) as Outputs;
}

export const remove = (emulator: Emulator, folder: string) => sst(emulator, folder, ["remove"]);

/** What `sst secrets set EVE_CLIENT_SECRET` keeps for the functions. */
export const putSecret = (value: string) =>
  askAws("ssm", "PutParameter", {
    Name: `/sst/tapi/${stage}/Secret/EVE_CLIENT_SECRET/value`,
    Value: value,
    Type: "SecureString",
    Overwrite: true,
  });

/** Where the emulator serves an API, which in AWS has a host of its own. */
export const served = (emulator: Emulator, address: string): string => {
  const { hostname, pathname } = new URL(address);
  return `${emulator.url}/_aws/execute-api/${hostname.split(".")[0]}${pathname === "/" ? "/$default" : pathname}`;
};

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

/**
 * The addresses that only AWS and CCP serve, as the emulator and New Eden serve them. All else that functions know is what
 * the deployment told them.
 */
export async function pointFunctions(emulator: Emulator, newEden: string): Promise<Record<string, string>> {
  const { SOCKET_MANAGEMENT_ENDPOINT = "" } = await environmentOf("api");
  const changes = {
    ESI_BASE_URL: newEden,
    SSO_BASE_URL: newEden,
    // New Eden sends people back to this machine only; https keeps the cookies as strict as they are in AWS.
    PUBLIC_URL: "https://localhost",
    SQS_ENDPOINT: emulator.url,
    SOCKET_MANAGEMENT_ENDPOINT: served(emulator, SOCKET_MANAGEMENT_ENDPOINT),
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
