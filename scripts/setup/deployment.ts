import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { askAws } from "../../infra/aws.ts";
import { appName } from "../../packages/functions/src/topology.ts";
import { type Settings, writePrivately } from "./env-file.ts";
import { SetupError } from "./setup-error.ts";

export interface Stage {
  root: string;
  stage: string;
  region: string;
  account: string;
  settings: Settings;
}

/** Where `sst secrets set` keeps it. */
const secretParameter = (stage: string) => `/sst/${appName}/${stage}/Secret/EVE_CLIENT_SECRET/value`;

/** The EVE application's secret, if the stage has one. */
export async function readSecret(stage: string, region: string): Promise<string | undefined> {
  const input = { Name: secretParameter(stage), WithDecryption: true };
  try {
    const { Parameter } = await askAws<{ Parameter?: { Value?: string } }>("ssm", "GetParameter", input, region);
    return Parameter?.Value;
  } catch (error) {
    if ((error as Error).name === "ParameterNotFound") return undefined;
    throw error;
  }
}

/** As `sst secrets set` does, but with the secret on no command line, where other users of the machine could read it. */
export async function writeSecret(stage: string, region: string, value: string): Promise<void> {
  const input = { Name: secretParameter(stage), Value: value, Type: "SecureString", Overwrite: true };
  await askAws("ssm", "PutParameter", input, region);
}

/** The address that the deployed stage is found at; undefined if it is not deployed whole. */
export async function addressOf({ stage, region }: Pick<Stage, "stage" | "region">): Promise<string | undefined> {
  const stackOf = async (name: string) => {
    try {
      const { Stacks } = await askAws<{
        Stacks?: { StackStatus?: string; Outputs?: { OutputKey?: string; OutputValue?: string }[] }[];
      }>("cloudformation", "DescribeStacks", { StackName: `${stage}-${appName}-${name}` }, region);
      return Stacks?.find(({ StackStatus }) => /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus ?? ""));
    } catch (error) {
      // How CloudFormation says that there is none.
      if ((error as Error).name === "ValidationError") return undefined;
      throw error;
    }
  };
  // The last stacks that a deployment makes, and the one that knows the address.
  const [site, dashboard, edge] = await Promise.all([stackOf("Site"), stackOf("Dashboard"), stackOf("Edge")]);
  return site && dashboard && edge?.Outputs?.find(({ OutputKey }) => OutputKey === "Url")?.OutputValue;
}

const stateFile = ({ root, stage }: Stage) => `${root}/.env.${stage}.setup.json`;

/** What a deployment is made of: the checkout and the settings. Undefined where git cannot tell what the checkout is. */
function digestOf({ root, account, region, settings }: Stage): string | undefined {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: root, encoding: "utf8" });
  const told = [git("rev-parse", "HEAD"), git("diff", "HEAD"), git("status", "--porcelain")];
  if (told.some(({ status }) => status !== 0)) return undefined;
  const parts = [account, region, ...told.map(({ stdout }) => stdout), ...Object.entries(settings).sort().flat()];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The address, if what would be deployed is what was deployed last and stands there whole. */
export async function alreadyDeployed(stage: Stage): Promise<string | undefined> {
  const file = stateFile(stage);
  const digest = digestOf(stage);
  if (digest === undefined || !existsSync(file)) return undefined;
  const { deployed } = JSON.parse(readFileSync(file, "utf8")) as { deployed?: string };
  return deployed === digest ? addressOf(stage) : undefined;
}

export type Deploy = (stage: Stage) => Promise<number>;

/** `pnpm run deploy`, with the settings that were checked, whatever the shell says. */
export const deploy: Deploy = ({ root, stage, settings }) => {
  const { EVE_CLIENT_SECRET: _, ...environment } = process.env;
  const child = spawn("npx", ["tsx", "scripts/deploy.ts", "--stage", stage], {
    cwd: root,
    stdio: "inherit",
    env: { ...environment, ...settings },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
};

/** Deploys and notes what was deployed; the address. */
export async function deployAnew(stage: Stage, run: Deploy): Promise<string> {
  const digest = digestOf(stage);
  const code = await run(stage);
  if (code !== 0) {
    throw new SetupError(`The deployment ended with ${code}; what went wrong stands above. Run this again to go on.`);
  }
  const address = await addressOf(stage);
  if (!address)
    throw new SetupError("The deployment ended well, but CloudFormation shows no complete stage. Run this again.");
  if (digest) writePrivately(stateFile(stage), `${JSON.stringify({ deployed: digest })}\n`);
  return address;
}
