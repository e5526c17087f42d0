import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { certificateIn, makeCertificate } from "./certificate.ts";
import { verifyDynamoDbLocal } from "./dynamodb-local.ts";
import { addressesOption } from "./emulator.ts";
import { Report } from "./report.ts";
import { verifyDeployment } from "./verify-deployment.ts";
import { verifyTransfer } from "./verify-transfer.ts";

const usage = `Deploys the real stacks into an emulator of AWS on this machine and drives them to the end.

  pnpm verify:aws [--only deployment|iam|transfer|dynamodb] [--suite FOLDER] [--keep] [--venv DIR]

  --only   one part in place of all four
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

const parts = ["deployment", "iam", "transfer", "dynamodb"] as const;
const wanted = parts.filter((part) => values.only === undefined || values.only === part);

/** One part, in this process. */
async function verify(part: string, folder: string): Promise<boolean> {
  const report = new Report();
  const own = join(folder, part);
  mkdirSync(own);
  if (part === "dynamodb") await verifyDynamoDbLocal(report, own, values.suite);
  else {
    const shared = { folder: own, certificates: folder, venv: values.venv ?? folder };
    if (part === "transfer") await verifyTransfer(report, shared);
    else await verifyDeployment(report, { ...shared, enforceIam: part === "iam" });
  }
  console.log(report.table());
  return !report.failed;
}

/** A part in a process of its own: Node reads at its start whom to trust and what to load, and clients keep what they met. */
function verifyApart(part: string, folder: string): Promise<boolean> {
  const environment = {
    ...process.env,
    NODE_EXTRA_CA_CERTS: certificateIn(folder).certificate,
    NODE_OPTIONS: addressesOption,
    TAPI_VERIFY_FOLDER: folder,
  };
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1), "--only", part], {
    env: environment,
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once("close", (code) => resolve(code === 0)));
}

async function verifyAll(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "tapi-verify-"));
  await makeCertificate(folder);
  let well = wanted.length > 0;
  for (const part of wanted) well = (await verifyApart(part, folder)) && well;
  if (values.keep || !well) console.log(`All logs are in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  return well;
}

const { TAPI_VERIFY_FOLDER: given } = process.env;
const well = given ? await verify(values.only ?? "", given) : await verifyAll();
process.exit(well ? 0 : 1);
