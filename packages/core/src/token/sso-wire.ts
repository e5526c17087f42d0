import * as Config from "../config/index.ts";
import { eveClientSecret } from "../config/secret.ts";
import { userAgent } from "../config/user-agent.ts";

/** No usable answer: 5xx, timeout, broken JSON, or our own client credentials refused. Says nothing about the grant. */
export class SsoUnavailableError extends Error {
  override readonly name = "SsoUnavailableError";
}

/** To the end of the body. Shorter than a refresh lock's life, so that a slow SSO cannot outlast the lock it is asked under. */
const timeoutMs = 10_000;

/** Many times what tokens with every scope there is take. */
const mostBytes = 128 * 1024;

export interface SsoAnswer {
  status: number;
  /** The body was empty. */
  isEmpty: boolean;
  /** What the body says, undefined if that is not JSON. */
  body: unknown;
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > mostBytes) throw new SsoUnavailableError("EVE SSO's answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Sends a form with the application's secret. A redirect is an answer like any other that says nothing: to follow it
 * would hand the secret and the refresh token to whoever it names. Throws SsoUnavailableError unless the answer came whole.
 */
export async function post(path: string, form: Record<string, string>): Promise<SsoAnswer> {
  const { SSO_BASE_URL, EVE_CLIENT_ID } = Config.get();
  const credentials = Buffer.from(`${EVE_CLIENT_ID}:${await eveClientSecret()}`).toString("base64");
  const attempt = new AbortController();
  const timer = setTimeout(() => attempt.abort(), timeoutMs);
  try {
    const response = await fetch(`${SSO_BASE_URL}${path}`, {
      method: "POST",
      redirect: "manual",
      headers: {
        accept: "application/json",
        authorization: `Basic ${credentials}`,
        "user-agent": userAgent(),
      },
      body: new URLSearchParams(form),
      signal: attempt.signal,
    });
    const text = await textOf(response);
    return { status: response.status, isEmpty: text.trim() === "", body: jsonOf(text) };
  } catch (error) {
    if (error instanceof SsoUnavailableError) throw error;
    throw new SsoUnavailableError("EVE SSO does not answer", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
