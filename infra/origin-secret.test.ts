import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { compileFunction } from "node:vm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

interface Event {
  RequestType: "Create" | "Update" | "Delete";
  ResourceProperties: { Name: string; Owner: "true" | "false" };
}

interface Answer {
  PhysicalResourceId?: string;
  NoEcho?: boolean;
  Data?: { Value: string };
}

let parameters: Map<string, Record<string, unknown>>;
let close: () => void;

beforeEach(async () => {
  parameters = new Map();
  const operations: Record<string, (input: { Name: string; Value?: string }) => object | string> = {
    PutParameter: (input) => {
      if (parameters.has(input.Name)) return "ParameterAlreadyExists";
      parameters.set(input.Name, input);
      return {};
    },
    GetParameter: ({ Name }) => {
      const Parameter = parameters.get(Name);
      return Parameter ? { Parameter } : "ParameterNotFound";
    },
    DeleteParameter: ({ Name }) => (parameters.delete(Name) ? {} : "ParameterNotFound"),
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const [, operation = ""] = String(request.headers["x-amz-target"]).split(".");
    const answer = operations[operation]?.(JSON.parse(body)) ?? "UnknownOperation";
    const failed = typeof answer === "string";
    response.writeHead(failed ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(failed ? { __type: answer } : answer));
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterEach(() => {
  vi.unstubAllEnvs();
  close();
});

/** As Lambda loads it, whose runtime brings the SDK along. */
function load() {
  const code = readFileSync(new URL("origin-secret/index.js", import.meta.url), "utf8");
  const exports = {} as { handler: (event: Event) => Promise<Answer> };
  const log = vi.fn();
  const output = { log };
  const fromCore = createRequire(new URL("../packages/core/package.json", import.meta.url));
  compileFunction(code, ["exports", "require", "console"])(exports, fromCore, output);
  return { handler: exports.handler, output, log };
}

const Name = "/tapi/test/origin-secret/1";
const of = (RequestType: Event["RequestType"], Owner: "true" | "false", name = Name): Event => ({
  RequestType,
  ResourceProperties: { Name: name, Owner },
});

test("the owner makes a secret once, encrypted; whoever asks after it gets the same", async () => {
  const { handler } = load();

  const made = await handler(of("Create", "true"));
  const again = await handler(of("Create", "true"));
  const asked = await handler(of("Create", "false"));

  expect(made).toMatchObject({ PhysicalResourceId: Name, NoEcho: true });
  expect(made.Data?.Value).toMatch(/^[\w-]{64}$/);
  expect(parameters.get(Name)).toMatchObject({ Type: "SecureString" });
  expect([again.Data, asked.Data]).toEqual([made.Data, made.Data]);
});

test("another version is another secret and another resource, whose predecessor the owner takes away", async () => {
  const { handler } = load();
  const first = await handler(of("Create", "true"));

  const second = await handler(of("Update", "true", "/tapi/test/origin-secret/2"));
  await handler(of("Delete", "true"));

  expect(second.Data?.Value).not.toBe(first.Data?.Value);
  expect(second.PhysicalResourceId).not.toBe(first.PhysicalResourceId);
  expect([...parameters.keys()]).toEqual(["/tapi/test/origin-secret/2"]);
});

test("who does not own the secret neither makes it nor takes it away", async () => {
  const { handler } = load();

  await expect(handler(of("Create", "false"))).rejects.toMatchObject({ name: "ParameterNotFound" });
  await handler(of("Create", "true"));
  await handler(of("Delete", "false"));

  expect([...parameters.keys()]).toEqual([Name]);
});

test("a secret that is gone already is no hindrance for a removal, and nothing is logged", async () => {
  const { handler, output, log } = load();

  await expect(handler(of("Delete", "true"))).resolves.toEqual({});

  output.log("what CDK logs");
  expect(log).not.toHaveBeenCalled();
});
