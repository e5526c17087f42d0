import * as Config from "@tapi/core/platform/config";
import { app } from "../src/api/index.ts";

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON, or the text; undefined where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

export interface Ask {
  json?: unknown;
  body?: string;
  headers?: Record<string, string>;
}

type Send = (path: string, init: RequestInit & { headers: Record<string, string> }) => Promise<Response>;

async function read(response: Response): Promise<unknown> {
  if (response.headers.get("content-encoding") === "gzip" || response.status === 204) return undefined;
  const text = await response.text();
  return response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text || undefined;
}

/** A browser on the app's own pages: keeps cookies, names its origin on writes, follows no redirect by itself. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #send: Send;

  /** The app in this process, unless another way to reach it is given. */
  constructor(send: Send = async (path, init) => app.request(path, init)) {
    this.#send = send;
  }

  async fetch(method: string, path: string, { json, body, headers = {} }: Ask = {}): Promise<Response> {
    const payload = json === undefined ? body : JSON.stringify(json);
    const response = await this.#send(path.startsWith("/api") ? path : `/api/v1${path}`, {
      method,
      headers: {
        ...(method === "GET" ? {} : { origin: Config.get().PUBLIC_URL }),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  }

  #keep(setCookie: string): void {
    const [pair = ""] = setCookie.split(";");
    const name = pair.slice(0, pair.indexOf("="));
    if (/Max-Age=0/.test(setCookie)) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(name.length + 1));
  }

  async ask(method: string, path: string, ask?: Ask): Promise<Answer> {
    const response = await this.fetch(method, path, ask);
    return { status: response.status, headers: response.headers, body: await read(response) };
  }

  get = (path: string, ask?: Ask) => this.ask("GET", path, ask);
  post = (path: string, json?: unknown) => this.ask("POST", path, json === undefined ? {} : { json });
  put = (path: string, json?: unknown) => this.ask("PUT", path, json === undefined ? {} : { json });
  patch = (path: string, json: unknown) => this.ask("PATCH", path, { json });
  delete = (path: string) => this.ask("DELETE", path);

  /** Begins a login and chooses a pilot on New Eden's authorize page; the address that EVE sends the browser back to. */
  async choose(characterId: number, query = ""): Promise<string> {
    const begun = await this.get(`/auth/login${query}`);
    const { origin, search } = new URL(begun.headers.get("location") ?? "");
    const chosen = await fetch(`${origin}/v2/oauth/authorize${search}`, {
      method: "POST",
      body: new URLSearchParams({ character_id: String(characterId) }),
      redirect: "manual",
    });
    const callback = new URL(chosen.headers.get("location") ?? "");
    return callback.pathname + callback.search;
  }

  /** A whole login; the page that it ends on. */
  async logIn(characterId: number, query = ""): Promise<string> {
    const back = await this.get(await this.choose(characterId, query));
    return back.headers.get("location") ?? "";
  }
}

/** A director whose corporation is added. */
export async function directorOf(characterId: number): Promise<Browser> {
  const browser = new Browser();
  await browser.logIn(characterId);
  await browser.logIn(characterId, "?purpose=corporation");
  return browser;
}
