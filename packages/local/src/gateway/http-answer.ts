export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/**
 * What the HTTP API makes of a function's answer: an object with a `statusCode` is a response; anything else is the
 * JSON body of a 200. Undefined when the answer is malformed, which the gateway turns into its 500.
 */
export function toHttpAnswer(result: unknown): HttpAnswer | undefined {
  if (!isObject(result) || result.statusCode === undefined) {
    const body = typeof result === "string" ? result : JSON.stringify(result ?? null);
    return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(body) };
  }
  const status = Number(result.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const headers = readHeaders(result.headers);
  const body = readBody(result.body, result.isBase64Encoded === true);
  if (!headers || !body) return undefined;
  if (body.length > 0) headers["content-type"] ??= "text/plain;charset=UTF-8";
  const cookies = Array.isArray(result.cookies) ? result.cookies.map(String) : [];
  return { status, headers: cookies.length > 0 ? { ...headers, "set-cookie": cookies } : headers, body };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readHeaders(given: unknown): Record<string, string | string[]> | undefined {
  if (given === undefined || given === null) return {};
  if (!isObject(given)) return undefined;
  const entries = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function readBody(given: unknown, base64: boolean): Buffer | undefined {
  if (given === undefined || given === null) return Buffer.alloc(0);
  if (typeof given !== "string") return undefined;
  return Buffer.from(given, base64 ? "base64" : "utf8");
}
