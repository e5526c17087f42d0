import { existsSync, readFileSync } from "node:fs";
import { parse } from "../../packages/local/src/cli/parse.ts";
import { questions, unasked } from "./questions.ts";
import { SetupError } from "./setup-error.ts";

export const usage = `pnpm tapi setup [options]

From a fresh account to a running stage: checks what has to be there, writes .env.<stage>, keeps the application's secret in
SSM, deploys and looks whether it runs. What is neither given nor in .env.<stage> is asked. Run it again to go on.

  --stage NAME        the installation's name (production)
${questions.map(({ flag, name, asks }) => `  --${flag.padEnd(18)}${asks} (${name})`).join("\n")}
${Object.entries(unasked)
  .map(([flag, name]) => `  --${flag.padEnd(18)}${name}`)
  .join("\n")}
  --secret-file FILE  the EVE application's Secret Key; else EVE_CLIENT_SECRET of the environment, else what the stage has
  --dry-run           checks and says what it would do; changes nothing
  --yes               deploys without asking once more
  --skip-client-check where EVE's SSO cannot be reached from here
  --sso URL           where the application is checked (https://login.eveonline.com)

Exit code: 0 done, 1 something is missing or failed, 2 asked wrongly.`;

const texts = [...questions.map(({ flag }) => flag), ...Object.keys(unasked), "stage", "secret-file", "sso"];
const switches = ["dry-run", "yes", "skip-client-check", "help"];

export interface Options {
  stage: string | undefined;
  /** By the settings' names. */
  settings: Record<string, string>;
  secret: string | undefined;
  ssoUrl: string;
  dryRun: boolean;
  yes: boolean;
  skipClientCheck: boolean;
  help: boolean;
}

function read(args: string[]): Record<string, string | boolean | undefined> {
  const option = (type: "string" | "boolean") => (name: string) => [name, { type }] as const;
  const options = Object.fromEntries([...texts.map(option("string")), ...switches.map(option("boolean"))]);
  return parse({ args, options }, usage).values as Record<string, string | boolean | undefined>;
}

function secretIn(file: string): string {
  if (!existsSync(file)) throw new SetupError(`--secret-file: there is no file ${file}.`);
  return readFileSync(file, "utf8").trim();
}

/** What the command line says; a setting given there wins over the environment's. */
export function readOptions(args: string[], environment: Record<string, string | undefined>): Options {
  const values = read(args);
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const names = Object.fromEntries([...questions.map(({ flag, name }) => [flag, name]), ...Object.entries(unasked)]);
  const settings: Record<string, string> = {};
  for (const [flag, name] of Object.entries<string>(names)) {
    const value = text(flag) ?? environment[name];
    if (value) settings[name] = value;
  }
  const file = text("secret-file");
  return {
    stage: text("stage"),
    settings,
    secret: file === undefined ? environment.EVE_CLIENT_SECRET || undefined : secretIn(file),
    ssoUrl: (text("sso") ?? "https://login.eveonline.com").replace(/\/+$/, ""),
    dryRun: values["dry-run"] === true,
    yes: values.yes === true,
    skipClientCheck: values["skip-client-check"] === true,
    help: values.help === true,
  };
}
