import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { devDependencies } from "../package.json";

/** As SST resolves it: a copy of ours would prove nothing. */
const fromSst = createRequire(createRequire(import.meta.url).resolve("sst"));
const toolkit = dirname(fromSst.resolve("@aws-cdk/toolkit-lib"));

/** The part of the toolkit's `SDK` that a deployment goes through first. */
interface ToolkitSdk {
  s3(): { upload(input: { Bucket: string; Key: string; Body: string }): Promise<unknown> };
  cloudFormation(): { describeStacks(input: { StackName: string }): Promise<{ Stacks?: { StackName?: string }[] }> };
  validateCredentials(): Promise<void>;
}

const answers = {
  DescribeStacks: `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>Example</StackName>
    <StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  GetCallerIdentity: `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>
    </GetCallerIdentityResult></GetCallerIdentityResponse>`,
};

/** What the stand-in for AWS was asked: the action of a query API, else method and path. */
let asked: string[];
let failuresLeft: number;
let close: () => Promise<void>;

beforeEach(async () => {
  asked = [];
  failuresLeft = 0;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const action = new URLSearchParams(body).get("Action") as keyof typeof answers | null;
    asked.push(action ?? `${request.method} ${request.url}`);
    if (failuresLeft-- > 0) return response.writeHead(503).end();
    return response.writeHead(200, { "content-type": "text/xml" }).end(action ? answers[action] : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  close = () => new Promise((resolve) => server.close(() => resolve()));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await close();
});

function openSdk(): ToolkitSdk {
  const { SDK } = fromSst(join(toolkit, "api", "aws-auth", "sdk.js"));
  const credentials = async () => ({ accessKeyId: "key", secretAccessKey: "secret" });
  const silent = { defaults: { debug: async () => undefined } };
  return new SDK(credentials, "us-east-1", { connectionTimeout: 5_000 }, silent);
}

test("the deployment's S3 client, as locked, reaches its service", async () => {
  await openSdk().s3().upload({ Bucket: "assets", Key: "function.zip", Body: "zip" });

  expect(asked).toEqual([expect.stringMatching(/^PUT \/assets\/function\.zip/)]);
});

test("the deployment's CloudFormation client, as locked, reaches its service", async () => {
  const { Stacks } = await openSdk().cloudFormation().describeStacks({ StackName: "Example" });

  expect(asked).toEqual(["DescribeStacks"]);
  expect(Stacks).toMatchObject([{ StackName: "Example" }]);
});

test("the deployment's STS client, as locked, reaches its service, and asks again after a failure", async () => {
  failuresLeft = 1;

  await openSdk().validateCredentials();

  expect(asked).toEqual(["GetCallerIdentity", "GetCallerIdentity"]);
});

test("the first deployment of an account runs the locked cdk, and downloads none", async () => {
  const offline = { ...process.env, npm_config_offline: "true", npm_config_yes: "false" };

  // As SST runs it.
  const { stdout } = await promisify(execFile)("npx cdk --version", { shell: true, env: offline });

  expect(stdout.split(" ")[0]).toBe(devDependencies["aws-cdk"]);
  expect(devDependencies["aws-cdk"]).toMatch(/^\d+\.\d+\.\d+$/);
});
