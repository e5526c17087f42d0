import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { UsageError } from "../../packages/local/src/cli/usage-error.ts";
import { type ProductFront, startProductFront } from "../../packages/local/src/smoke/product.fixture.ts";
import { type NewEden, startNewEden } from "../../packages/new-eden/src/index.ts";
import { type SmallAws, startSmallAws } from "./aws.fixture.ts";
import { type Around, run } from "./index.ts";
import type { Asker } from "./questions.ts";

let eden: NewEden;
let front: ProductFront;
let aws: SmallAws;
let root: string;
let deployments: Record<string, string>[];
let deploymentEndsWith: number;

beforeAll(async () => {
  eden = await startNewEden({ port: 0, corporations: [{ members: 2, assets: 1, journalPerDay: 1 }] });
  front = await startProductFront(eden.url);
});
afterAll(async () => {
  front?.close();
  await eden?.close();
});

beforeEach(async () => {
  aws = await startSmallAws();
  vi.stubEnv("AWS_ENDPOINT_URL", aws.url);
  root = mkdtempSync(join(tmpdir(), "tapi-setup-"));
  // A checkout, so that setup can tell what was deployed.
  writeFileSync(join(root, ".gitignore"), ".env.*\n");
  const git = (...args: string[]) =>
    spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], { cwd: root });
  git("init", "-q");
  git("add", ".");
  git("commit", "-q", "-m", "first");
  deployments = [];
  deploymentEndsWith = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
  aws.close();
  rmSync(root, { recursive: true });
});

const deploy: Around["deploy"] = async ({ stage, settings }) => {
  deployments.push(settings);
  if (deploymentEndsWith === 0) {
    for (const name of ["Site", "Dashboard", "Edge"]) aws.stacks.set(`${stage}-tapi-${name}`, { Url: front.url });
  }
  return deploymentEndsWith;
};

const secret = { EVE_CLIENT_SECRET: "new-eden-secret" };
const complete = ["--stage", "main", "--region", "eu-west-1", "--client-id", "new-eden-client", "--contact", "a@b.org"];

async function setup(args: string[] = complete, replaced: Partial<Around> = {}) {
  const said: string[] = [];
  const around = { root, environment: secret, nodeVersion: "20.19.0", asker: undefined, deploy, eveSsoUrl: eden.url };
  const terminal = { say: (text: string) => said.push(text), user: "ann" };
  const code = await run([...args, "--sso", eden.url], terminal, { ...around, ...replaced });
  return { code, text: said.join("\n") };
}

/** Answers by what the question begins with; an unexpected question fails the test. */
function asker(answers: Record<string, string>): Asker & { asked: string[] } {
  const asked: string[] = [];
  const answer = async (asks: string) => {
    const found = Object.entries(answers).find(([begins]) => asks.startsWith(begins));
    if (!found) throw new Error(`not expected: ${asks}`);
    asked.push(found[0]);
    return found[1];
  };
  return { asked, text: answer, secret: answer };
}

const parameter = "/sst/tapi/main/Secret/EVE_CLIENT_SECRET/value";
const nothingDone = () => {
  expect(readdirSync(root).filter((name) => name.startsWith(".env"))).toEqual([]);
  expect(aws.changes).toEqual([]);
  expect(deployments).toEqual([]);
};

test("from nothing to a stage that was looked at: settings for the owner alone, the secret in SSM only", async () => {
  const { code, text } = await setup();

  const file = join(root, ".env.main");
  expect(readFileSync(file, "utf8")).toBe("TAPI_REGION=eu-west-1\nEVE_CLIENT_ID=new-eden-client\nCONTACT=a@b.org\n");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(aws.parameters.get(parameter)).toBe("new-eden-secret");
  expect(deployments).toEqual([{ TAPI_REGION: "eu-west-1", EVE_CLIENT_ID: "new-eden-client", CONTACT: "a@b.org" }]);
  expect(text).toContain(`Callback:  ${front.url}/api/v1/auth/callback`);
  expect(text).toContain("ok     socket:");
  expect(text).not.toContain("new-eden-secret");
  expect(code).toBe(0);
});

test("--dry-run says what it would do and does nothing", async () => {
  const { code, text } = await setup([...complete, "--dry-run"]);

  nothingDone();
  expect(text).toContain("would  write TAPI_REGION, EVE_CLIENT_ID, CONTACT to");
  expect(text).toContain("would  put the application's secret into SSM");
  expect(text).toContain("would  deploy");
  expect(code).toBe(0);
});

test("after a deployment that failed it goes on with the deployment, asking for nothing that it has", async () => {
  deploymentEndsWith = 3;
  await expect(setup()).rejects.toThrow("The deployment ended with 3");
  deploymentEndsWith = 0;
  aws.changes = [];

  const { code, text } = await setup(["--stage", "main"], { environment: {} });

  expect(code).toBe(0);
  expect(text).toContain("holds these settings");
  expect(aws.changes).toEqual([]);
  expect(deployments).toHaveLength(2);
});

test("what is deployed as it is here is only looked at; a changed setting or checkout is deployed anew", async () => {
  await setup();

  expect((await setup(["--stage", "main"])).text).toContain("deployed as it is here");
  expect(deployments).toHaveLength(1);
  await setup([...complete, "--admins", "2112625428"]);
  expect(deployments).toHaveLength(2);
  writeFileSync(join(root, ".gitignore"), ".env.*\nnode_modules\n");
  await setup(["--stage", "main"]);
  expect(deployments).toHaveLength(3);
  aws.stacks.delete("main-tapi-Site");
  await setup(["--stage", "main"]);
  expect(deployments).toHaveLength(4);
});

test("a stage that does not run as it should ends with 1 and says how to look again", async () => {
  const { code, text } = await setup(complete, { eveSsoUrl: "https://login.example.org" });

  expect(code).toBe(1);
  expect(text).toContain("FAILED login:");
  expect(text).toContain(`pnpm tapi smoke --url ${front.url}`);
});

test("a person is asked for what is missing, once, and before the deployment", async () => {
  const answers = {
    "Name of the stage": "main",
    "AWS region": "eu-west-1",
    "Client ID": "new-eden-client",
    "E-mail or Discord": "Ann O'Neill#1",
    "Character ids": "",
    "E-mail address for alarms": "ops@example.org",
    "Secret Key": "new-eden-secret",
    "Deploy main to account 123456789012 in eu-west-1 as arn:aws:iam::123456789012:user/ann?": "yes",
  };
  const person = asker(answers);

  await setup([], { environment: {}, asker: person });

  expect(person.asked).toEqual(Object.keys(answers));
  expect(deployments).toHaveLength(1);
  expect(readFileSync(join(root, ".env.main"), "utf8")).toContain('CONTACT="Ann O\'Neill#1"\n');
  await setup(["--stage", "main"], { environment: {}, asker: asker({}) });
  expect(deployments).toHaveLength(1);
});

test("who has no application yet is told where to register one, with callback and scopes to paste", async () => {
  const said: string[] = [];
  const around = { root, environment: {}, nodeVersion: "20.19.0", asker: undefined };
  const attempt = (...more: string[]) =>
    run(["--stage", "main", ...more], { say: (line) => said.push(line), user: "ann" }, around);

  await expect(attempt()).rejects.toThrow("--client-id (EVE_CLIENT_ID)");
  await expect(attempt("--domain", "tapi.example.org")).rejects.toThrow("--client-id (EVE_CLIENT_ID)");

  const [plain, withDomain] = said.filter((line) => line.includes("https://developers.eveonline.com"));
  expect(plain).toMatch(/\npublicData .*esi-skills\.read_skills\.v1/);
  expect(plain).toContain("printed after the deployment");
  expect(withDomain).toContain("\nhttps://tapi.example.org/api/v1/auth/callback\n");
  nothingDone();
});

test("who says no to the deployment keeps the settings", async () => {
  const person = asker({ Deploy: "no", "Character ids": "", "E-mail address": "" });

  await expect(setup(complete, { asker: person })).rejects.toThrow("Not deployed. The settings are kept");

  expect(deployments).toEqual([]);
  expect(existsSync(join(root, ".env.main"))).toBe(true);
});

test("other lines of the settings' file stay", async () => {
  writeFileSync(join(root, ".env.main"), "# ours\nTAPI_WAF=off\nCONTACT=old@example.org\n");

  await setup();

  expect(readFileSync(join(root, ".env.main"), "utf8")).toBe(
    "# ours\nTAPI_WAF=off\nCONTACT=a@b.org\nTAPI_REGION=eu-west-1\nEVE_CLIENT_ID=new-eden-client\n",
  );
  expect(deployments[0]).toMatchObject({ TAPI_WAF: "off" });
});

const without = (flag: string) =>
  complete.filter((_, index) => ![index, index - 1].some((at) => complete[at] === flag));

test.each<[string, string, () => Promise<unknown>]>([
  [
    "an old Node",
    "This is Node 18.20.4; TAPI needs 20.19 or newer.",
    () => setup(complete, { nodeVersion: "18.20.4" }),
  ],
  ["a Node that is a little too old", "This is Node 20.18.3", () => setup(complete, { nodeVersion: "20.18.3" })],
  ["no stage", "Give --stage, for example --stage production.", () => setup(without("--stage"))],
  ["the stage of local runs", 'not "local"; got "local"', () => setup([...complete, "--stage", "local"])],
  ["no region", "--region (TAPI_REGION): AWS region", () => setup(without("--region"))],
  [
    "no region of AWS",
    "TAPI_REGION: an AWS region, for example us-east-1",
    () => setup([...complete, "--region", "europe"]),
  ],
  ["no contact", "--contact (CONTACT): E-mail", () => setup(without("--contact"))],
  ["no client id", "--client-id (EVE_CLIENT_ID): Client ID", () => setup(without("--client-id"))],
  ["administrators by name", "ADMIN_CHARACTER_IDS: character ids", () => setup([...complete, "--admins", "Ann"])],
  ["a domain without certificate", "TAPI_CERTIFICATE_ARN: set it", () => setup([...complete, "--domain", "a.org"])],
  [
    "no secret",
    "set EVE_CLIENT_SECRET in the environment or give --secret-file",
    () => setup(complete, { environment: {} }),
  ],
  [
    "no file with a secret",
    "there is no file /nowhere/secret",
    () => setup([...complete, "--secret-file", "/nowhere/secret"]),
  ],
  [
    "another application",
    "EVE does not know the application other",
    () => setup([...complete, "--client-id", "other"]),
  ],
  [
    "a wrong secret",
    "Copy Client ID and Secret Key once more",
    () => setup(complete, { environment: { EVE_CLIENT_SECRET: "no" } }),
  ],
])("%s is refused before anything is done, with the remedy", async (_, message, attempt) => {
  await expect(attempt()).rejects.toThrow(message);

  nothingDone();
});

test.each([
  ["ExpiredToken", "Your AWS credentials have expired. Log in anew (aws sso login)"],
  ["InvalidClientTokenId", "AWS does not know your access key"],
  ["SignatureDoesNotMatch", "Your secret access key does not belong to your access key"],
  ["AccessDenied", "AWS does not say whose credentials these are: AccessDenied"],
])("credentials that STS refuses as %s are told with the remedy", async (refusal, message) => {
  aws.refusal = refusal;

  await expect(setup()).rejects.toThrow(message);

  nothingDone();
});

test("no credentials at all are told with the remedy", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "");

  await expect(setup()).rejects.toThrow("No usable AWS credentials were found");
});

test("a quota of ten functions is refused with the page that raises it", async () => {
  aws.concurrency = 10;

  await expect(setup()).rejects.toThrow(/may run 10 Lambda functions at once in eu-west-1; TAPI needs \d+\./);

  nothingDone();
});

test("an SSO that does not say whether it knows the application does not pass for one that does", async () => {
  const sso = createServer((_, response) => response.writeHead(503).end()).listen(0, "127.0.0.1");
  await new Promise((done) => sso.once("listening", done));
  const url = `http://127.0.0.1:${(sso.address() as AddressInfo).port}`;

  const attempt = (...more: string[]) =>
    run(
      [...complete, "--sso", url, "--dry-run", ...more],
      { say: () => undefined, user: "ann" },
      { root, environment: secret },
    );

  await expect(attempt()).rejects.toThrow("EVE's SSO answers 503 (no error code)");
  await expect(attempt("--skip-client-check")).resolves.toBe(0);
  sso.close();
});

test("a setting that SST and Node would read differently is refused", async () => {
  await expect(setup([...complete, "--contact", "a $HOME"])).rejects.toThrow("CONTACT may hold no quotation mark");
});

test("an option that is not known is refused with how to use it", async () => {
  await expect(setup(["--nothing"])).rejects.toBeInstanceOf(UsageError);
});
