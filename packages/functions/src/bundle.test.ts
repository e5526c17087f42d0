import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { startWorld } from "../../core/test/world.ts";
import { Browser } from "../test/browser.ts";
import { type Bundle, bundle } from "../test/bundle.ts";
import { functions } from "./topology.ts";

const sources = [...new Set(Object.values(functions).map(({ handler }) => handler.replace(/\.handler$/, ".ts")))];

const built: Record<string, Bundle> = {};

beforeAll(async () => {
  for (const source of sources) built[source] = await bundle(source);
});

test.each(sources)("%s stays within 400 KB gzipped", (source) => {
  expect(built[source]?.gzippedBytes).toBeLessThanOrEqual(400_000);
});

test("no bundle looks for credentials anywhere but in its environment", () => {
  const providers = Object.values(built).flatMap(({ inputs }) =>
    inputs.filter((file) => /credential-provider-(?!node)|nested-clients/.test(file) && file.endsWith(".js")),
  );

  expect([...new Set(providers)]).toEqual([]);
});

test("no bundle carries zod's messages in other languages: zod is imported as a namespace everywhere", () => {
  const locales = Object.values(built).flatMap(({ inputs }) =>
    inputs.filter((file) => file.includes("/zod/v4/locales/")),
  );

  expect([...new Set(locales)].filter((file) => !/\/(en|index)\.js$/.test(file))).toEqual([]);
});

const registering = sources.filter((source) =>
  readFileSync(new URL(`../../../${source}`, import.meta.url), "utf8").includes('import "@tapi/core/owners";'),
);

test.each(registering)("%s knows the kinds of owners: what is imported for its effect alone is bundled", (source) => {
  expect(built[source]?.inputs).toContain("packages/core/src/owners/index.ts");
});

type Handler = (
  event: unknown,
  context: unknown,
) => Promise<{
  statusCode: number;
  headers: Record<string, string>;
  cookies?: string[];
  body: string;
}>;

/** Reaches a handler by API Gateway's events. */
const through =
  (handler: Handler) =>
  async (address: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> => {
    const { pathname: path, search } = new URL(address, "http://localhost");
    const answer = await handler(
      {
        version: "2.0",
        routeKey: "$default",
        rawPath: path,
        rawQueryString: search.slice(1),
        cookies: init.headers.cookie?.split("; "),
        headers: { host: "localhost", ...init.headers },
        requestContext: { http: { method: init.method, path }, domainName: "localhost" },
        isBase64Encoded: false,
      },
      {},
    );
    const headers = new Headers(answer.headers);
    for (const cookie of answer.cookies ?? []) headers.append("set-cookie", cookie);
    return new Response(answer.body || null, { status: answer.statusCode, headers });
  };

test("the API's bundle works as it is deployed: a pilot logs in, and the token is sealed and opened", async () => {
  const world = await startWorld({ corporations: [{ members: 25, assets: 10, journalPerDay: 1 }] });
  const folder = await mkdtemp(join(tmpdir(), "tapi-bundle-"));
  try {
    const file = await built["packages/functions/src/api/index.ts"]?.unpack(folder);
    const { handler } = (await import(pathToFileURL(file as string).href)) as { handler: Handler };
    const { ceo } = (await world.truth()).corporations[0] ?? { ceo: { characterId: 0 } };
    const browser = new Browser(through(handler));

    await browser.logIn(ceo.characterId);
    const page = await browser.logIn(ceo.characterId, "?purpose=corporation");
    const characters = await browser.get("/characters");

    expect(page).toMatch(/^\/corporations\/\d+$/);
    expect(characters.body.data).toMatchObject([{ characterId: ceo.characterId, token: { status: "valid" } }]);
  } finally {
    await rm(folder, { recursive: true });
    await world.close();
  }
});
