import { createHash, randomBytes } from "node:crypto";
import { routes } from "../esi/route.ts";
import { clientId, clientSecret } from "../sso/clients.ts";

export const callback = "http://localhost:3000/api/v1/auth/callback";
export const compatibilityDate = "2026-08-18";
export const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;

const allScopes = [...new Set([...routes().values()].flatMap(({ scopes }) => scopes))];

interface TokenAnswer {
  status: number;
  body: {
    access_token: string;
    refresh_token: string;
    expires_in: number;
    token_type: string;
    error?: string;
  };
}

export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

export function proofKey() {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** Chooses a pilot on the login page; answers the code that the application gets. */
export async function chooses(url: string, characterId: number, extra: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(`${url}/v2/oauth/authorize`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({
      response_type: "code",
      client_id: clientId,
      redirect_uri: callback,
      scope: allScopes.join(" "),
      state: "state",
      character_id: String(characterId),
      ...extra,
    }),
  });
  const location = answer.headers.get("location");
  if (!location) throw new Error(`No redirect but ${answer.status}: ${await answer.text()}`);
  return new URL(location).searchParams.get("code") as string;
}

export async function token(url: string, form: Record<string, string>, authorization = basic): Promise<TokenAnswer> {
  const answer = await fetch(`${url}/v2/oauth/token`, {
    method: "POST",
    headers: { authorization },
    body: new URLSearchParams(form),
  });
  return { status: answer.status, body: (await answer.json()) as TokenAnswer["body"] };
}

/** A logged-in pilot who calls ESI as an application would. */
export class Client {
  readonly url: string;
  readonly tokens: TokenAnswer["body"];

  private constructor(url: string, tokens: TokenAnswer["body"]) {
    this.url = url;
    this.tokens = tokens;
  }

  static async login(url: string, characterId: number, scopes = allScopes): Promise<Client> {
    const code = await chooses(url, characterId, { scope: scopes.join(" ") });
    const { body } = await token(url, { grant_type: "authorization_code", code });
    return new Client(url, body);
  }

  /** `Body` is what the caller expects; an empty body is undefined. */
  async get<Body>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.#call<Body>(path, { headers });
  }

  async post<Body>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.#call<Body>(path, { method: "POST", body: JSON.stringify(body), headers: {} });
  }

  async #call<Body>(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Answer<Body>> {
    const answer = await fetch(`${this.url}${path}`, {
      ...init,
      headers: {
        "x-compatibility-date": compatibilityDate,
        authorization: `Bearer ${this.tokens.access_token}`,
        ...init.headers,
      },
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : undefined) as Body };
  }
}

/** Calls the control API; answers its JSON, if any. */
export async function control<Body>(url: string, method: string, path: string, body?: object): Promise<Body> {
  const answer = await fetch(`${url}/_control${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as Body;
}
