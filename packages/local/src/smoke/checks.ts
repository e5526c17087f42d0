import { securityHeaders } from "@tapi/functions/site-headers";
import { socketStage } from "@tapi/functions/topology";
import { WebSocket } from "ws";
import { socketPath } from "../host/environment.ts";

export interface Target {
  /** The app's own address, without a slash at its end. */
  url: string;
  /** Where logins have to lead. */
  ssoUrl: string;
  /** Where browsers open their sockets; read from the start page's policy if it is not given. */
  socketUrl?: string | undefined;
}

/** Says what is right, or throws what is wrong with its remedy. */
export type Check = (target: Target) => Promise<string>;

/** A cold start takes a few seconds; whoever takes longer is not well. */
const timeoutMs = 20_000;

async function ask(target: Target, path: string): Promise<Response> {
  try {
    return await fetch(`${target.url}${path}`, { redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const { cause } = error as { cause?: { code?: string; message?: string } };
    const reason = cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
    throw new Error(`${target.url}${path} does not answer (${reason}). Is the address right, and the app running?`);
  }
}

/** The one WebSocket origin that the page's policy lets it connect to. */
const socketOriginIn = (policy: string | null): string | undefined =>
  /connect-src 'self' (wss?:\/\/[^\s;]+)/.exec(policy ?? "")?.[1];

const startPage: Check = async (target) => {
  const response = await ask(target, "/");
  const type = response.headers.get("content-type") ?? "no type";
  const text = await response.text();
  if (response.status !== 200 || !type.startsWith("text/html")) {
    throw new Error(`The start page answers ${response.status} with ${type}. Was the web app built and uploaded?`);
  }
  if (!/<script[^>]+src="\/assets\//.test(text)) {
    throw new Error("The start page loads no script of the web app. Another site may answer at this address.");
  }
  const socketOrigin = socketOriginIn(response.headers.get("content-security-policy")) ?? "wss://…";
  const wrong = Object.entries(securityHeaders(socketOrigin)).filter(
    ([name, value]) => response.headers.get(name) !== value,
  );
  if (wrong.length === 0) return "The start page answers with the app and every security header.";
  const names = wrong.map(([name]) => name).join(", ");
  throw new Error(`Of the start page's headers ${names} is missing or changed. Does a proxy rewrite headers?`);
};

const health: Check = async (target) => {
  const response = await ask(target, "/health");
  const body = (await response.json().catch(() => undefined)) as { data?: { status?: string } } | undefined;
  if (response.status === 200 && body?.data?.status === "ok") return "The API says that all its parts are well.";
  throw new Error(
    `/health answers ${response.status}: ${JSON.stringify(body?.data) ?? "no JSON"}. Read the API's log.`,
  );
};

const anonymous: Check = async (target) => {
  const response = await ask(target, "/api/v1/corporations");
  const body = (await response.json().catch(() => undefined)) as { error?: { code?: string } } | undefined;
  if (response.status === 401 && body?.error?.code) return "Data are refused to whoever is not logged in (401).";
  throw new Error(
    `Without a login /api/v1/corporations answers ${response.status} (${body?.error?.code ?? "no error code"}), not 401.`,
  );
};

const login: Check = async (target) => {
  const response = await ask(target, "/api/v1/auth/login");
  const location = response.headers.get("location") ?? "";
  if (response.status !== 302 || !URL.canParse(location, target.url)) {
    throw new Error(`/api/v1/auth/login answers ${response.status} in place of a redirect to EVE.`);
  }
  const { origin, pathname, searchParams } = new URL(location, target.url);
  if (pathname === "/api/v1/auth/login") {
    throw new Error(
      `The app's own address is ${origin}, not ${target.url}. Set TAPI_DOMAIN or PUBLIC_URL, or test that one.`,
    );
  }
  if (`${origin}${pathname}` !== `${target.ssoUrl}/v2/oauth/authorize`) {
    throw new Error(`A login leads to ${origin}${pathname}, not to ${target.ssoUrl} (--sso names another one).`);
  }
  const callback = `${target.url}/api/v1/auth/callback`;
  if (searchParams.get("redirect_uri") !== callback) {
    throw new Error(`A login comes back to ${searchParams.get("redirect_uri")}, not to ${callback}.`);
  }
  const asked = { response_type: "code", scope: "publicData", code_challenge_method: "S256" };
  const wrong = Object.entries(asked).filter(([name, value]) => searchParams.get(name) !== value);
  for (const name of ["client_id", "state", "code_challenge"]) if (!searchParams.get(name)) wrong.push([name, "set"]);
  if (wrong.length > 0) throw new Error(`A login asks EVE without ${wrong.map((each) => each.join(" ")).join(", ")}.`);
  return `A login leads to EVE and comes back to ${callback}.`;
};

async function socketUrlOf(target: Target): Promise<string> {
  if (target.socketUrl) return target.socketUrl;
  const origin = socketOriginIn((await ask(target, "/")).headers.get("content-security-policy"));
  if (!origin) throw new Error("The start page's policy names no WebSocket address. Name it with --socket.");
  return `${origin}${origin === target.url.replace(/^http/, "ws") ? socketPath : `/${socketStage}`}`;
}

/** The status that a handshake without a ticket is refused with. */
function handshake(address: string): Promise<number | string> {
  const socket = new WebSocket(address, { handshakeTimeout: timeoutMs });
  return new Promise((resolve) => {
    socket.once("unexpected-response", (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.once("open", () => {
      resolve("open");
      socket.close();
    });
    socket.on("error", (error) => resolve(error.message));
  });
}

const socket: Check = async (target) => {
  const address = await socketUrlOf(target);
  const answered = await handshake(address);
  if (answered === 401) return `The socket at ${address} refuses whoever has no ticket (401).`;
  if (answered === "open") throw new Error(`The socket at ${address} lets in whoever has no ticket.`);
  throw new Error(`The socket at ${address} does not answer as it should without a ticket: ${answered}, not 401.`);
};

/** In the order in which a person would look. */
export const checks: Readonly<Record<string, Check>> = {
  "start page": startPage,
  health,
  "without login": anonymous,
  login,
  socket,
};
