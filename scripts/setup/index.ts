import { join } from "node:path";
import { readSettings } from "../../infra/settings.ts";
import type { Terminal } from "../../packages/local/src/cli/terminal.ts";
import { applicationScopes, registration } from "../../packages/local/src/host/application.ts";
import { smoke } from "../../packages/local/src/smoke/index.ts";
import { type Account, checkCredentials, checkEveClient, checkNode, checkQuota } from "./checks.ts";
import { alreadyDeployed, type Deploy, deploy, deployAnew, readSecret, type Stage, writeSecret } from "./deployment.ts";
import { readEnvFile, type Settings, writeEnvFile } from "./env-file.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { type Asker, complete, terminalAsker } from "./questions.ts";
import { SetupError } from "./setup-error.ts";

/** What is around it, for tests to replace. */
export interface Around {
  root: string;
  environment: Record<string, string | undefined>;
  nodeVersion: string;
  /** Undefined where nobody can be asked. */
  asker: Asker | undefined;
  deploy: Deploy;
  /** Where a deployed stage sends people who log in. */
  eveSsoUrl: string;
}

const usual = (): Around => ({
  root: process.cwd(),
  environment: process.env,
  nodeVersion: process.versions.node,
  asker: process.stdin.isTTY && process.stdout.isTTY ? terminalAsker : undefined,
  deploy,
  eveSsoUrl: "https://login.eveonline.com",
});

type Say = (text: string) => void;

const callbackPath = "/api/v1/auth/callback";

/** How to register the application: without a domain the stage gets its address from its first deployment. */
async function guide({ TAPI_DOMAIN: domain }: Settings): Promise<string> {
  const later = "(any https address for now: the one to put in its place is printed after the deployment)";
  const callback = domain ? `https://${domain}${callbackPath}` : later;
  return [...registration({ callback, scopes: await applicationScopes() }), ""].join("\n");
}

/** The stage's name and settings: of the command line, the environment, the file, and then whoever can be asked. */
async function readStage(
  options: Options,
  { root, asker }: Around,
  say: Say,
): Promise<{ stage: string; settings: Settings }> {
  const stage = options.stage ?? (await asker?.text("Name of the stage", "production"));
  if (!stage) throw new SetupError("Which stage? Give --stage, for example --stage production.");
  const given = { ...readEnvFile(join(root, `.env.${stage}`)), ...options.settings };
  if (!given.EVE_CLIENT_ID) say(await guide(given));
  const settings = await complete(given, asker);
  try {
    // The deployment's own rules, before anything is written.
    readSettings({ stage, mode: "deploy" }, settings);
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error));
  }
  return { stage, settings };
}

interface Secret {
  value: string;
  /** The stage has it already. */
  kept: boolean;
}

async function findSecret(options: Options, stage: Stage, { asker }: Around): Promise<Secret> {
  const known = await readSecret(stage.stage, stage.region);
  const value = options.secret ?? known ?? (await asker?.secret("Secret Key of the EVE application"))?.trim();
  if (value) return { value, kept: value === known };
  throw new SetupError(
    "The EVE application's secret is missing: set EVE_CLIENT_SECRET in the environment or give --secret-file.",
  );
}

const sameIn = (file: Settings, settings: Settings) =>
  Object.entries(settings).every(([name, value]) => (file[name] ?? "") === value);

async function write(stage: Stage, secret: Secret, dryRun: boolean, say: Say): Promise<void> {
  const file = join(stage.root, `.env.${stage.stage}`);
  if (sameIn(readEnvFile(file), stage.settings)) say(`ok     ${file} holds these settings`);
  else if (dryRun) say(`would  write ${Object.keys(stage.settings).join(", ")} to ${file}`);
  else {
    writeEnvFile(file, stage.settings);
    say(`done   ${file} written, readable by you alone`);
  }
  if (secret.kept) return say("ok     SSM holds the application's secret");
  if (dryRun) return say("would  put the application's secret into SSM");
  await writeSecret(stage.stage, stage.region, secret.value);
  say("done   the application's secret is in SSM, encrypted");
}

async function confirmed({ yes }: Options, stage: Stage, { who }: Account, { asker }: Around): Promise<void> {
  if (yes || !asker) return;
  const asks = `Deploy ${stage.stage} to account ${stage.account} in ${stage.region} as ${who}? (yes or no)`;
  if (/^y(es)?$/i.test((await asker.text(asks, "yes")).trim())) return;
  throw new SetupError("Not deployed. The settings are kept; run this again to go on.");
}

/** What a person has to do at EVE, where nobody can do it for them. */
function sayAddress(url: string, say: Say): void {
  say(`\nAddress:   ${url}`);
  say(`Callback:  ${url}${callbackPath}`);
  say("Set this callback in your application at https://developers.eveonline.com, unless it stands there already.\n");
}

async function look(url: string, { eveSsoUrl }: Around, say: Say): Promise<number> {
  const outcomes = await smoke({ url, ssoUrl: eveSsoUrl });
  for (const { passed, check, says } of outcomes) say(`${passed ? "ok    " : "FAILED"} ${check}: ${says}`);
  const well = outcomes.every(({ passed }) => passed);
  say(well ? "\nIt runs." : `\nNot all is well. Look again with: pnpm tapi smoke --url ${url}`);
  return well ? 0 : 1;
}

/** Checks that hold before anything is written, cheapest first. */
async function check(options: Options, around: Around, say: Say) {
  say(`ok     ${checkNode(around.nodeVersion)}`);
  const { stage, settings } = await readStage(options, around, say);
  const region = settings.TAPI_REGION ?? "";
  const account = await checkCredentials(region);
  say(`ok     account ${account.id} in ${region} as ${account.who}`);
  say(`ok     ${await checkQuota(region)}`);
  const where: Stage = { root: around.root, stage, region, account: account.id, settings };
  const secret = await findSecret(options, where, around);
  if (options.skipClientCheck) say("       the EVE application was not checked");
  else {
    const { EVE_CLIENT_ID: clientId = "" } = settings;
    say(`ok     ${await checkEveClient({ ssoUrl: options.ssoUrl, clientId, clientSecret: secret.value })}`);
  }
  return { where, account, secret };
}

/** `pnpm tapi setup`: each step is passed by where its effect is there already. */
export async function run(args: string[], { say }: Terminal, replaced: Partial<Around> = {}): Promise<number> {
  const around = { ...usual(), ...replaced };
  const options = readOptions(args, around.environment);
  if (options.help) {
    say(usage);
    return 0;
  }
  const { where, account, secret } = await check(options, around, say);
  await write(where, secret, options.dryRun, say);
  const standing = await alreadyDeployed(where);
  if (options.dryRun) {
    say(standing ? `ok     deployed, at ${standing}` : "would  deploy (pnpm run deploy), ten minutes the first time");
    say(`would  look at ${standing ?? "its address"} (pnpm tapi smoke)`);
    return 0;
  }
  if (standing) say("ok     deployed as it is here");
  else await confirmed(options, where, account, around);
  const url = standing ?? (await deployAnew(where, around.deploy));
  sayAddress(url, say);
  return look(url, around, say);
}
