import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "../packages/core/test/world.ts";
import { type FunctionDeclaration, type FunctionName, functions } from "../packages/functions/src/topology.ts";
import { directorOf } from "../packages/functions/test/browser.ts";
import { toHttpEvent } from "../packages/local/src/gateway/http-event.ts";
import { runAsInDevelopment } from "./test/bridge.ts";
import { type Synthesised, synthesise } from "./test/synthesise.ts";

const functionNames = Object.keys(functions) as FunctionName[];
let cloud: Synthesised;
let world: World;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 8, assets: 20 }] });
  cloud = await synthesise({ stage: "test", mode: "dev" });
}, 60_000);

afterAll(async () => {
  cloud?.discard();
  await world?.close();
});

const functionOf = (name: FunctionName) => {
  const named = { Properties: { FunctionName: `tapi-test-${name}` } };
  const [entry] = Object.entries(cloud.template("Functions").findResources("AWS::Lambda::Function", named));
  if (!entry) throw new Error(`there is no function ${name}`);
  return { id: entry[0], properties: entry[1].Properties };
};

test("under `sst dev` every function of the topology is a stub that passes its events on", () => {
  for (const name of functionNames) {
    expect(functionOf(name).properties, name).toMatchObject({ Handler: "live-lambda.handler", Description: "live" });
  }
});

test("under `sst dev` a function that reads the static data is told where they lie on this machine", () => {
  for (const name of functionNames) {
    const { files }: FunctionDeclaration = functions[name];
    const { STATIC_DATA_FILE: file } = functionOf(name).properties.Environment.Variables;
    expect(file !== undefined && existsSync(file), name).toBe(files !== undefined);
  }
});

test("under `sst dev` a function has one configuration of asynchronous invocations, as Lambda demands", () => {
  const targets = cloud
    .resources("AWS::Lambda::EventInvokeConfig")
    .map(({ Properties }) => JSON.stringify([Properties.FunctionName, Properties.Qualifier]));

  expect(new Set(targets).size).toBe(targets.length);
  expect(targets).toHaveLength(functionNames.length);
});

test("under `sst dev` no stack is empty, which CloudFormation refuses", () => {
  const empty = cloud.assembly.stacks.filter(({ template }) => Object.keys(template.Resources ?? {}).length === 0);

  expect(empty.map(({ stackName }) => stackName)).toEqual([]);
});

test("under `sst dev` the site is served by the developer's machine", () => {
  expect(cloud.resources("AWS::CloudFront::Distribution")).toEqual([]);
  expect(functionOf("api").properties.Environment.Variables.PUBLIC_URL).toBe("http://localhost:5173");
});

const endpoints = [
  ...["TAPI_STAGE", "TABLE_NAME", "DYNAMODB_ENDPOINT", "SQS_ENDPOINT", "KMS_ENDPOINT", "QUEUE_URL_BASE", "KMS_KEY_ID"],
  ...["ESI_BASE_URL", "SSO_BASE_URL", "EVE_CLIENT_ID", "EVE_CLIENT_SECRET", "PUBLIC_URL", "SOCKET_URL", "CONTACT"],
  ...["SOCKET_MANAGEMENT_ENDPOINT", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
];

test("under `sst dev` the API runs on the developer's machine and names what it lists from the static data", async () => {
  const [home] = (await world.truth()).corporations;
  if (!home) throw new Error("the world has no corporation");
  const director = await directorOf(home.ceo.characterId);
  await world.refresh(home.corporationId, "assets");
  const { SST_FUNCTION_ID, STATIC_DATA_FILE } = functionOf("api").properties.Environment.Variables;
  const servers = Object.fromEntries(endpoints.map((name) => [name, process.env[name] ?? ""]));
  const environment = { ...servers, STATIC_DATA_FILE, LAMBDA_TASK_ROOT: "/var/task" };
  const cookies = [...director.cookies].flatMap(([name, value]) => ["cookie", `${name}=${value}`]);
  const request = toHttpEvent({
    method: "GET",
    target: `/api/v1/corporations/${home.corporationId}/datasets/assets/rows?limit=50`,
    rawHeaders: ["host", "localhost", "accept-encoding", "identity", ...cookies],
    body: Buffer.alloc(0),
    sourceIp: "127.0.0.1",
    requestId: crypto.randomUUID(),
    protocol: "http",
  });

  const answer = await runAsInDevelopment<{ statusCode: number; body: string }>(SST_FUNCTION_ID, environment, request);

  expect(answer.statusCode, answer.body).toBe(200);
  expect(JSON.parse(answer.body).data).toContainEqual(expect.objectContaining({ type_id_name: expect.any(String) }));
});
