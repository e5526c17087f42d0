import type { RequestListener } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { run } from "../cli/smoke.ts";
import { UsageError } from "../cli/usage-error.ts";
import { type ProductFront, startProductFront } from "./product.fixture.ts";

const sso = "https://login.example.org";

let front: ProductFront;
let url: string;

beforeAll(async () => {
  front = await startProductFront(sso);
  url = front.url;
});
afterAll(() => front.close());
beforeEach(() => Object.assign(front, { answer: front.product, socketStatus: undefined }));

async function smoke(...args: string[]) {
  const said: string[] = [];
  const code = await run(["--url", url, "--sso", sso, ...args], { say: (text) => said.push(text), user: "ann" });
  return { code, text: said.join("\n") };
}

/** The check that fails, if it is the only one. */
async function failing() {
  const { code, text } = await smoke();
  const failed = text.split("\n").filter((line) => line.startsWith("FAILED"));
  expect([code, failed.length]).toEqual([1, 1]);
  return failed[0];
}

/** The product with one path answered otherwise. */
function insteadOf(path: string, other: RequestListener) {
  front.answer = (request, response) => (request.url === path ? other : front.product)(request, response);
}

test("an installation that is well passes every check, with a sentence each", async () => {
  const { code, text } = await smoke();

  expect(text.split("\n").map((line) => line.replace(/ {2,}/g, "|"))).toEqual([
    "ok|start page|The start page answers with the app and every security header.",
    "ok|health|The API says that all its parts are well.",
    "ok|without login|Data are refused to whoever is not logged in (401).",
    `ok|login|A login leads to EVE and comes back to ${url}/api/v1/auth/callback.`,
    `ok|socket|The socket at ${url.replace("http", "ws")}/socket refuses whoever has no ticket (401).`,
  ]);
  expect(code).toBe(0);
});

test("--json gives the outcomes as one document", async () => {
  const { text } = await smoke("--json");

  expect(JSON.parse(text)).toMatchObject([
    { check: "start page", passed: true },
    { check: "health", passed: true },
    { check: "without login", passed: true },
    { check: "login", passed: true },
    { check: "socket", passed: true },
  ]);
});

test("a start page without the app, or that a proxy took a header from, is named", async () => {
  insteadOf("/", (_, response) => response.writeHead(403, { "content-type": "application/xml" }).end());
  // Without the page nobody knows where its sockets are.
  expect((await smoke()).text).toContain("The start page answers 403 with application/xml.");

  front.answer = (request, response) => {
    const { writeHead } = response;
    response.writeHead = ((status: number, headers: Record<string, string>) => {
      const { "x-frame-options": _, ...rest } = headers;
      return writeHead.call(response, status, rest);
    }) as typeof response.writeHead;
    front.product(request, response);
  };
  expect(await failing()).toContain("Of the start page's headers x-frame-options is missing or changed.");
});

test("an API that is ill, or lets anybody read, is named", async () => {
  insteadOf("/health", (_, response) => response.writeHead(503).end('{"data":{"status":"failing"}}'));
  expect(await failing()).toContain('/health answers 503: {"status":"failing"}');

  insteadOf("/api/v1/corporations", (_, response) => response.end('{"data":[]}'));
  expect(await failing()).toContain("Without a login /api/v1/corporations answers 200");
});

test("a login that leads elsewhere, comes back elsewhere or asks for more than it needs is named", async () => {
  const { text } = await smoke("--sso", "https://login.eveonline.com");
  expect(text).toContain(`A login leads to ${sso}/v2/oauth/authorize, not to https://login.eveonline.com`);

  const authorize = (changed: Record<string, string>) => {
    const asked = { redirect_uri: `${url}/api/v1/auth/callback`, response_type: "code", scope: "publicData" };
    const proof = { client_id: "id", state: "s", code_challenge: "c", code_challenge_method: "S256" };
    const query = new URLSearchParams({ ...asked, ...proof, ...changed });
    insteadOf("/api/v1/auth/login", (_, response) =>
      response.writeHead(302, { location: `${sso}/v2/oauth/authorize?${query}` }).end(),
    );
  };
  authorize({ redirect_uri: "http://elsewhere.example/callback" });
  expect(await failing()).toContain("A login comes back to http://elsewhere.example/callback");
  authorize({ scope: "publicData esi-wallet.read_corporation_wallets.v1" });
  expect(await failing()).toContain("A login asks EVE without scope publicData");
});

test("whoever tests another name of the app is told its own address", async () => {
  const { text } = await smoke("--url", url.replace("127.0.0.1", "localhost"));

  expect(text).toContain(`The app's own address is ${url}, not http://localhost:`);
});

test("a socket that lets anybody in, or whose function fails, is named", async () => {
  front.socketStatus = 200;
  expect(await failing()).toContain("lets in whoever has no ticket");

  front.socketStatus = 502;
  expect(await failing()).toContain("502, not 401");
});

test("an address where nothing answers fails every check with the reason", async () => {
  const { code, text } = await smoke("--url", "http://127.0.0.1:9");

  expect(code).toBe(1);
  expect(text.match(/^FAILED .*(does not answer)/gm)).toHaveLength(5);
});

test.each([[["--url", "tapi.example.org"]], [["--url", "ftp://tapi.example.org"]], [["--nothing"]]])(
  "%j is refused with how to use it",
  async (args) => {
    await expect(run(args, { say: () => undefined, user: "ann" })).rejects.toBeInstanceOf(UsageError);
  },
);
