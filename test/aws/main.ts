import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { verifyDynamoDbLocal } from "./dynamodb-local.ts";
import { Report } from "./report.ts";
import { verifyDeployment } from "./verify-deployment.ts";

const usage = `Deploys the real stacks into an emulator of AWS on this machine and drives them to the end.

  pnpm verify:aws [--only deployment|iam|dynamodb] [--suite FOLDER] [--keep] [--venv DIR]

  --only   one part in place of deployment and dynamodb; \`iam\` does not pass yet (docs/deploy.md)
  --suite  with dynamodb: tests of this folder only
  --keep   leave the folder with all logs
  --venv   a folder whose virtual environment to use again (made if it is not there)

Needs Python 3.11, Java 17 and Maven, PyPI and a Maven repository. Talks to this machine alone otherwise.
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

const folder = mkdtempSync(join(tmpdir(), "tapi-verify-"));
const report = new Report();
const wanted = (part: string) => values.only === undefined || values.only === part;
const partFolder = (part: string) => {
  const path = join(folder, part);
  mkdirSync(path);
  return path;
};

if (wanted("deployment")) {
  await verifyDeployment(report, { folder: partFolder("deployment"), venv: values.venv ?? folder, enforceIam: false });
}
if (values.only === "iam") {
  await verifyDeployment(report, { folder: partFolder("iam"), venv: values.venv ?? folder, enforceIam: true });
}
if (wanted("dynamodb")) await verifyDynamoDbLocal(report, partFolder("dynamodb"), values.suite);

console.log(report.table());
if (values.keep || report.failed) console.log(`All logs are in ${folder}`);
else rmSync(folder, { recursive: true, force: true });
process.exit(report.failed ? 1 : 0);
