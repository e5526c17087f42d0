// pnpm run deploy --stage <stage>: what has to hold before `sst deploy`, the deployment, and what SST cannot do itself.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { protectStacks } from "../infra/protection.ts";
import { requireConcurrency } from "../infra/quota.ts";
import { regionOf } from "../infra/settings.ts";

const options = process.argv.slice(2).filter((argument) => argument !== "--");
const { values } = parseArgs({ args: options, strict: false, options: { stage: { type: "string" } } });
const stage = typeof values.stage === "string" ? values.stage : undefined;

/** As SST reads them: what the shell says counts first, then the stage's file. */
for (const file of [...(stage ? [`.env.${stage}`] : []), ".env"]) if (existsSync(file)) process.loadEnvFile(file);
const region = regionOf(process.env);

try {
  await requireConcurrency(region);
  const { status } = spawnSync("npx", ["sst", "deploy", ...options], { stdio: "inherit" });
  if (status === 0 && stage === "production") await protectStacks(region, stage);
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
