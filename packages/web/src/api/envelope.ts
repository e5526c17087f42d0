import { learnServerTime } from "./clock.ts";

/** A failed call. Branch on `code`; `message` is written for people. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly details: unknown;
  /** How long the server wants to be left alone (ms). */
  readonly retryAfterMs: number | undefined;

  constructor(failure: {
    status: number;
    code: string;
    message: string;
    requestId?: string;
    details?: unknown;
    retryAfterMs?: number;
  }) {
    super(failure.message);
    this.status = failure.status;
    this.code = failure.code;
    this.requestId = failure.requestId;
    this.details = failure.details;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

type Envelope<Data, Meta> =
  | { data: Data; meta?: Meta }
  | { error: { code: string; message: string; requestId?: string; details?: unknown } };

/** Opens the envelope `{ data, meta? }` or throws the `{ error }` in it, and learns the server's time on the way. */
export async function unwrap<Data, Meta = undefined>(response: Response): Promise<{ data: Data; meta: Meta }> {
  learnServerTime(Date.parse(response.headers.get("date") ?? ""));
  if (response.status === 204) return { data: undefined as Data, meta: undefined as Meta };
  const body = (await response.json().catch(() => undefined)) as Envelope<Data, Meta> | undefined;
  if (response.ok && body && "data" in body) return { data: body.data, meta: body.meta as Meta };
  const error = body && "error" in body ? body.error : undefined;
  const requestId = error?.requestId ?? response.headers.get("x-request-id") ?? undefined;
  const retryAfterMs = Number(response.headers.get("retry-after") ?? Number.NaN) * 1000;
  throw new ApiError({
    status: response.status,
    code: error?.code ?? "http.unreadable",
    message: error?.message ?? `The server answered ${response.status} without saying why.`,
    ...(requestId ? { requestId } : {}),
    details: error?.details,
    ...(Number.isFinite(retryAfterMs) ? { retryAfterMs } : {}),
  });
}
