import { learnServerTime } from "./clock.ts";

const BASE = "/api/v1";

/** A failed call. Branch on `code`; `message` is written for people. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly details: unknown;

  constructor(failure: { status: number; code: string; message: string; requestId?: string; details?: unknown }) {
    super(failure.message);
    this.status = failure.status;
    this.code = failure.code;
    this.requestId = failure.requestId;
    this.details = failure.details;
  }
}

export interface Answer<Data, Meta = undefined> {
  data: Data;
  meta: Meta;
}

export type Query = Record<string, string | number | undefined>;

export function apiUrl(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(key, String(value));
  }
  const text = search.toString();
  return `${BASE}${path}${text ? `?${text}` : ""}`;
}

export async function get<Data, Meta = undefined>(
  path: string,
  options: { query?: Query; signal?: AbortSignal } = {},
): Promise<Answer<Data, Meta>> {
  return send("GET", apiUrl(path, options.query), undefined, options.signal);
}

export async function write<Data = undefined>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Data> {
  return (await send<Data, undefined>(method, apiUrl(path), body)).data;
}

async function send<Data, Meta>(
  method: string,
  url: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer<Data, Meta>> {
  const response = await fetch(url, {
    method,
    credentials: "same-origin",
    headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((cause) => {
    if (signal?.aborted) throw cause;
    throw new ApiError({ status: 0, code: "network.unreachable", message: "The server cannot be reached." });
  });
  return unwrap<Data, Meta>(response);
}

/** Opens the envelope `{ data, meta? }` or throws the `{ error }` in it, and learns the server's time on the way. */
export async function unwrap<Data, Meta = undefined>(response: Response): Promise<Answer<Data, Meta>> {
  learnServerTime(Date.parse(response.headers.get("date") ?? ""));
  if (response.status === 204) return { data: undefined as Data, meta: undefined as Meta };
  const body = (await response.json().catch(() => undefined)) as Envelope<Data, Meta> | undefined;
  if (response.ok && body && "data" in body) return { data: body.data, meta: body.meta as Meta };
  const error = body && "error" in body ? body.error : undefined;
  const requestId = error?.requestId ?? response.headers.get("x-request-id") ?? undefined;
  throw new ApiError({
    status: response.status,
    code: error?.code ?? "http.unreadable",
    message: error?.message ?? `The server answered ${response.status} without saying why.`,
    ...(requestId ? { requestId } : {}),
    details: error?.details,
  });
}

type Envelope<Data, Meta> =
  | { data: Data; meta?: Meta }
  | { error: { code: string; message: string; requestId?: string; details?: unknown } };
