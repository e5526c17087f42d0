import { randomBytes } from "node:crypto";
import { minuteMs } from "../clock.ts";
import type { Grant } from "./grants.ts";

interface CodeRequest extends Grant {
  redirectUri: string;
  codeChallenge: string | undefined;
}

const lifetimeMs = 5 * minuteMs;

/** Authorization codes: five minutes, one use. */
export class Codes {
  readonly #byCode = new Map<string, CodeRequest & { expiresMs: number }>();

  issue(request: CodeRequest, nowMs: number): string {
    for (const [code, { expiresMs }] of this.#byCode) if (expiresMs <= nowMs) this.#byCode.delete(code);
    const code = randomBytes(24).toString("base64url");
    this.#byCode.set(code, { ...request, expiresMs: nowMs + lifetimeMs });
    return code;
  }

  /** Takes a code out of the store: whatever comes of it, it is spent. */
  take(code: string, nowMs: number): CodeRequest | undefined {
    const request = this.#byCode.get(code);
    this.#byCode.delete(code);
    return request && request.expiresMs > nowMs ? request : undefined;
  }
}
