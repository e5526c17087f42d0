import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { scripts } from "../package.json";
import { queues } from "../packages/functions/src/topology.ts";
import { leastConcurrency, requireConcurrency } from "./quota.ts";

let limit: number;
let asked: string[];
let close: () => void;

beforeEach(async () => {
  asked = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ AccountLimit: { ConcurrentExecutions: limit } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  close = () => {
    server.close();
    server.closeAllConnections();
  };
});

afterEach(() => {
  vi.unstubAllEnvs();
  close();
});

test("a deployment into an account that may run ten functions at once is refused, with the page that raises the quota", async () => {
  limit = 10;

  const refused = requireConcurrency("eu-west-1");

  await expect(refused).rejects.toThrow(/may run 10 Lambda functions at once in eu-west-1; TAPI needs \d+\./);
  await expect(refused).rejects.toThrow("https://eu-west-1.console.aws.amazon.com/servicequotas/");
});

test.each([leastConcurrency, 1_000])("an account that may run %i functions at once is enough", async (enough) => {
  limit = enough;

  await requireConcurrency("us-east-1");

  expect(asked).toEqual(["GET /2016-08-19/account-settings"]);
});

test("each queue needs two of the functions that run at once, and people need the rest", () => {
  expect(leastConcurrency).toBeGreaterThan(2 * Object.keys(queues).length);
});

test("`pnpm run deploy` checks the quota before it deploys", () => {
  expect(scripts.deploy).toBe("tsx scripts/deploy.ts");
});
