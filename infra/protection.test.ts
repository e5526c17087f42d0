import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { protectStacks } from "./protection.ts";

afterEach(() => vi.unstubAllEnvs());

const stacks = [
  ["production-tapi-Table", "verify-tapi-Table"],
  ["SSTBootstrap", "production-tapi-Tokens", "production-tapir-Table"],
];

/** One of two pages of the account's stacks. */
function pageOfStacks(token: string | null): string {
  const members = stacks[Number(token)]?.map((name) => `<member><StackName>${name}</StackName></member>`).join("");
  const next = token === null ? "<NextToken>1</NextToken>" : "";
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks>${members}</Stacks>${next}</DescribeStacksResult></DescribeStacksResponse>`;
}

test("every stack of production, and of no other stage, is protected from being deleted", async () => {
  const asked: Record<string, string>[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push(Object.fromEntries(new URLSearchParams(body)));
    const query = new URLSearchParams(body);
    response.writeHead(200, { "content-type": "text/xml" });
    response.end(
      query.get("Action") === "DescribeStacks"
        ? pageOfStacks(query.get("NextToken"))
        : "<UpdateTerminationProtectionResponse><UpdateTerminationProtectionResult/></UpdateTerminationProtectionResponse>",
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");

  await protectStacks("us-east-1", "production");
  server.close();
  server.closeAllConnections();

  const protectedStack = (StackName: string) =>
    expect.objectContaining({ Action: "UpdateTerminationProtection", StackName, EnableTerminationProtection: "true" });
  const changes = asked.filter(({ Action }) => Action !== "DescribeStacks");
  expect(changes).toEqual([protectedStack("production-tapi-Table"), protectedStack("production-tapi-Tokens")]);
});
