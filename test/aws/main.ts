import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeCertificate } from "./certificate.ts";
import { verifyDynamoDbLocal } from "./dynamodb-local.ts";
import { Report } from "./report.ts";
import { verifyDeployment } from "./verify-deployment.ts";

const usage = `Deploys the real stacks into an emulator of AWS on this machine and drives them to the end.

  pnpm verify:aws [--only deployment|iam|dynamodb] [--suite FOLDER] [--keep] [--venv DIR]

  --only   one part in place of all three
  --suite  with dynamodb: tests of this folder only
  --keep   leave the folder with all logs
  --venv   a folder whose virtual environment to use again (made if it is not there)

Needs Python 3.11, openssl, Java 17 and Maven, PyPI and a Maven repository. Talks to this machine alone otherwise.
`;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    only: { type: "string" },
    suite: { type: "string", multiple: true, default: [] },
    keep: { type: "boolean", default: false },
    venv: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(usage);
  process.exit(0);
}

/** Node reads whom to trust at its start only: the checks run in a second process that trusts the emulator. */
async function runTrusting(): Promise<number> {
  const made = mkdtempSync(join(tmpdir(), "tapi-verify-"));
  const { certificate } = await makeCertificate(made);
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: certificate, TAPI_VERIFY_FOLDER: made };
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: environment,
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
}

const folder = process.env.TAPI_VERIFY_FOLDER;
if (!folder) process.exit(await runTrusting());

const report = new Report();
const wanted = (part: string) => values.only === undefined || values.only === part;
const partFolder = (part: string) => {
  const path = join(folder, part);
  mkdirSync(path);
  return path;
};

const shared = { certificates: folder, venv: values.venv ?? folder };
if (wanted("deployment")) {
  await verifyDeployment(report, { ...shared, folder: partFolder("deployment"), enforceIam: false });
}
if (wanted("iam")) await verifyDeployment(report, { ...shared, folder: partFolder("iam"), enforceIam: true });
if (wanted("dynamodb")) await verifyDynamoDbLocal(report, partFolder("dynamodb"), values.suite);

console.log(report.table());
if (values.keep || report.failed) console.log(`All logs are in ${folder}`);
else rmSync(folder, { recursive: true, force: true });
process.exit(report.failed ? 1 : 0);
