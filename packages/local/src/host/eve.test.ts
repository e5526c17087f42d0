import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applicationScopes } from "./application.ts";
import { readEve, refuseUnusedSettings } from "./eve.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tapi-eve-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const application = { EVE_CLIENT_ID: "id", EVE_CLIENT_SECRET: "secret", CONTACT: "me@example.org" };
const scopes = async () => ["publicData", "esi-one.two.v1"];
const settings = (environment: Record<string, string>, listen = "127.0.0.1") =>
  readEve({ root, environment, port: 4000, listen, scopes });

test("the real EVE is served where no other address is set", async () => {
  await expect(settings(application)).resolves.toEqual({
    clientId: "id",
    clientSecret: "secret",
    contact: "me@example.org",
    esiBaseUrl: "https://esi.evetech.net",
    ssoBaseUrl: "https://login.eveonline.com",
    publicUrl: undefined,
    adminCharacterIds: "",
    trustedProxies: [],
  });
});

test("settings come from .env, and the environment's win over them", async () => {
  writeFileSync(
    join(root, ".env"),
    'EVE_CLIENT_ID="from-file"\nEVE_CLIENT_SECRET=kept # comment\nCONTACT=me@example.org\n',
  );

  await expect(settings({ EVE_CLIENT_ID: "from-environment", CONTACT: "" })).resolves.toMatchObject({
    clientId: "from-environment",
    clientSecret: "kept",
    contact: "me@example.org",
  });
});

test("who has no application yet is told each missing setting, and the callback and scopes to paste", async () => {
  const refused = settings({});

  await expect(refused).rejects.toThrow("EVE_CLIENT_ID is missing");
  await expect(refused).rejects.toThrow("EVE_CLIENT_SECRET is missing");
  await expect(refused).rejects.toThrow("CONTACT is missing");
  await expect(refused).rejects.toThrow("\nhttp://localhost:4000/api/v1/auth/callback\n");
  await expect(refused).rejects.toThrow("\npublicData esi-one.two.v1\n");
});

test("the scopes to paste are a director's and a pilot's, and that of the plain login", async () => {
  await expect(applicationScopes()).resolves.toEqual(
    expect.arrayContaining(["publicData", "esi-assets.read_corporation_assets.v1", "esi-skills.read_skills.v1"]),
  );
});

test("the callback to register is at the address that browsers use", async () => {
  await expect(settings({ PUBLIC_URL: "https://tapi.example.org/" })).rejects.toThrow(
    "\nhttps://tapi.example.org/api/v1/auth/callback\n",
  );
});

test.each([
  ["PUBLIC_URL", "http://tapi.example.org", "takes an https:// address"],
  ["PUBLIC_URL", "https://tapi.example.org/path", "takes an origin without a path"],
  ["PUBLIC_URL", "https://user@tapi.example.org", "takes an origin without a path"],
  ["PUBLIC_URL", "tapi.example.org", "takes an address that begins with http"],
  ["ESI_BASE_URL", "esi.evetech.net", "takes an address that begins with http"],
  ["SSO_BASE_URL", "ftp://login.eveonline.com", "takes an address that begins with http"],
  ["ADMIN_CHARACTER_IDS", "Ann", "takes character ids separated by commas"],
  ["TRUSTED_PROXIES", "nginx", "takes addresses or networks"],
  ["ALLOW_HTTP", "true", "takes yes, or is left out"],
  ["CONTACT", "x", "takes an e-mail address or a Discord name"],
])("%s=%s names itself and what it takes", async (name, value, message) => {
  await expect(settings({ ...application, [name]: value })).rejects.toThrow(`${name} ${message}`);
});

test.each(["0.0.0.0", "::", "192.0.2.2"])("who listens at %s must say which address browsers use", async (listen) => {
  await expect(settings(application, listen)).rejects.toThrow(
    `PUBLIC_URL is missing; who listens at ${listen} must say which address browsers use`,
  );
  await expect(
    settings({ ...application, PUBLIC_URL: "HTTPS://TAPI.example.org:443/" }, listen),
  ).resolves.toMatchObject({ publicUrl: "https://tapi.example.org" });
});

test.each([
  ["http://localhost:3000", "0.0.0.0"],
  ["http://tapi.lan", "127.0.0.1"],
  ["http://tapi:8080", "::"],
  ["http://192.168.1.5:3000", "192.168.1.5"],
  ["http://100.101.102.103", "127.0.0.1"],
  ["http://[fd12::1]:3000", "::"],
])("the session's cookie goes to %s unencrypted (listening at %s) only where that is allowed", async (url, listen) => {
  const asked = { ...application, PUBLIC_URL: url };

  await expect(settings(asked, listen)).rejects.toThrow("ALLOW_HTTP=yes lets http:// pass in a network of your own");
  await expect(settings({ ...asked, ALLOW_HTTP: "yes" }, listen)).resolves.toMatchObject({ publicUrl: url });
});

test.each(["http://tapi.example.org", "http://203.0.113.7", "http://[2001:db8::1]", "http://localhost.example.org"])(
  "nothing allows the session's cookie to go to %s unencrypted",
  async (url) => {
    const refused = settings({ ...application, PUBLIC_URL: url, ALLOW_HTTP: "yes" }, "0.0.0.0");

    await expect(refused).rejects.toThrow("PUBLIC_URL takes an https:// address");
    await expect(refused).rejects.not.toThrow("ALLOW_HTTP=yes lets");
  },
);

test("a setting that only a run against EVE follows is refused without --eve, never overwritten", () => {
  expect(() => refuseUnusedSettings({ ESI_BASE_URL: "http://127.0.0.1:1", EVE_CLIENT_ID: "id" })).toThrow(
    "ESI_BASE_URL, EVE_CLIENT_ID are set, but npm start runs against New Eden",
  );
  expect(() => refuseUnusedSettings({ CONTACT: "me@example.org", ESI_BASE_URL: "" })).not.toThrow();
});
