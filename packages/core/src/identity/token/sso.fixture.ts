import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import * as Config from "../../platform/config/index.ts";

export interface ScriptedAnswer {
  status: number;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  text?: string | Buffer;
  headers?: Record<string, string>;
}

/** `silence`: no answer. `endless`: a body without an end. */
type Scripted = ScriptedAnswer | "silence" | "endless";

/** An SSO that says exactly what a test wants, where New Eden would only say the truth: forged keys, chosen refusals. */
export interface ScriptedSso {
  url: string;
  /** Form bodies of the token endpoint, in order. */
  asked: URLSearchParams[];
  revoked: string[];
  /** How often the keys were fetched. */
  keyFetches: number;
  /** Answers the token endpoint; absent, it grants `refresh-1`, `refresh-2`, ... to the given pilot. */
  answer: ((form: URLSearchParams) => Scripted | Promise<Scripted>) | undefined;
  /** Answers the revocation endpoint; absent, with 200. */
  revocation: Scripted | undefined;
  pilot: { characterId: number; name: string; owner: string; scp?: string | string[] };
  keysDown: boolean;
  /** Ids of keys that are not published. */
  withdrawn: Set<string>;
  sign(claims?: Record<string, unknown>, header?: { alg?: "RS256" | "ES256"; kid?: string }): Promise<string>;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
};

const send = (response: ServerResponse, { status, body, text, headers }: ScriptedAnswer) =>
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(text ?? (body === undefined ? "" : JSON.stringify(body)));

/** Spaces, which no JSON is too long for. */
function stream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  const write = () => response.write(" ".repeat(64 * 1024));
  response.on("drain", write);
  while (write());
}

function play(response: ServerResponse, scripted: Scripted): void {
  if (scripted === "silence") return;
  if (scripted === "endless") stream(response);
  else send(response, scripted);
}

export async function startScriptedSso(pilot: ScriptedSso["pilot"]): Promise<ScriptedSso> {
  const pairs = { RS256: await generateKeyPair("RS256"), ES256: await generateKeyPair("ES256") };
  const keys = await Promise.all(
    Object.entries(pairs).map(async ([alg, { publicKey }]) => ({
      ...(await exportJWK(publicKey)),
      alg,
      kid: `key-${alg}`,
      use: "sig",
    })),
  );
  const sso: ScriptedSso = {
    url: "",
    asked: [],
    revoked: [],
    keyFetches: 0,
    answer: undefined,
    revocation: undefined,
    pilot,
    keysDown: false,
    withdrawn: new Set(),
    sign: (claims = {}, { alg = "RS256", kid = `key-${alg}` } = {}) => {
      const seconds = Math.floor(Date.now() / 1000);
      const { characterId, name, owner, scp } = sso.pilot;
      return new SignJWT({
        sub: `CHARACTER:EVE:${characterId}`,
        name,
        owner,
        scp: scp ?? ["publicData"],
        iss: sso.url,
        aud: [Config.get().EVE_CLIENT_ID, "EVE Online"],
        azp: Config.get().EVE_CLIENT_ID,
        iat: seconds,
        exp: seconds + 1200,
        ...claims,
      })
        .setProtectedHeader({ alg, kid })
        .sign(pairs[alg].privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const grant = async () => ({
    status: 200,
    body: { access_token: await sso.sign(), refresh_token: `refresh-${sso.asked.length}`, expires_in: 1199 },
  });
  const server = createServer(async (request, response) => {
    if (request.url === "/oauth/jwks") {
      sso.keyFetches += 1;
      const published = keys.filter(({ kid }) => !sso.withdrawn.has(kid));
      return send(response, { status: sso.keysDown ? 503 : 200, body: { keys: published } });
    }
    const form = await bodyOf(request);
    if (!request.url?.startsWith("/v2/oauth/")) return send(response, { status: 404, body: {} });
    if (request.url === "/v2/oauth/revoke") {
      sso.revoked.push(form.get("token") ?? "");
      return play(response, sso.revocation ?? { status: 200, body: {} });
    }
    sso.asked.push(form);
    return play(response, await (sso.answer ?? grant)(form));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  sso.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return sso;
}
