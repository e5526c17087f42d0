const retryable = {
  unauthorized: false,
  forbidden: false,
  not_found: false,
  bad_request: false,
  rate_limited: true,
  error_limited: true,
  server: true,
  timeout: true,
  network: true,
  malformed: true,
  torn: true,
  downtime: true,
} as const;

export type EsiErrorKind = keyof typeof retryable;

/**
 * Why ESI gave no usable answer. `retryAt` (ms since the epoch) is the earliest moment at which another try makes sense;
 * the message names the operation only: never a URL, a query or a token.
 */
export class EsiError extends Error {
  override readonly name = "EsiError";
  readonly kind: EsiErrorKind;
  readonly operation: string;
  /** In a few words of ours: never anything that ESI has written. */
  readonly why: string;
  readonly status: number | undefined;
  readonly retryAt: number | undefined;
  readonly retryable: boolean;

  constructor(kind: EsiErrorKind, operation: string, why: string, details: { status?: number; retryAt?: number } = {}) {
    super(`ESI ${operation}: ${why}`);
    this.kind = kind;
    this.operation = operation;
    this.why = why;
    this.status = details.status;
    this.retryAt = details.retryAt;
    this.retryable = retryable[kind];
  }
}

/** For what is caught around calls of ESI: anything but ESI's own errors is a mistake of ours, and thrown on. */
export function esiErrorOf(error: unknown): EsiError {
  if (error instanceof EsiError) return error;
  throw error;
}

const kindOfStatus: Record<number, EsiErrorKind> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  420: "error_limited",
  429: "rate_limited",
};

/** A status that is neither 2xx nor 304, by number alone: ESI's wording changes. */
export function kindOf(status: number): EsiErrorKind {
  if (status >= 500) return "server";
  return kindOfStatus[status] ?? "bad_request";
}

const words: Record<EsiErrorKind, string> = {
  unauthorized: "ESI does not accept the token.",
  forbidden: "ESI says that the character lacks the in-game role, or has left the corporation.",
  not_found: "ESI does not know what was asked for.",
  bad_request: "ESI does not accept the request. This is a fault of the application.",
  rate_limited: "The ESI budget for this is used up. It goes on when the budget has refilled.",
  error_limited: "ESI has paused all calls after too many errors. It goes on by itself.",
  server: "ESI answers with errors. It is tried again.",
  timeout: "ESI did not answer in time. It is tried again.",
  network: "ESI could not be reached. It is tried again.",
  malformed: "ESI gave an answer that cannot be read. It is tried again.",
  torn: "ESI changed the data while they were being read. They are read again.",
  downtime: "EVE is in its daily downtime. It goes on right after.",
};

/** The error in words for the people whose data it concerns. */
export const explain = ({ kind, why }: EsiError): string =>
  kind === "malformed" ? `${words.malformed} What is wrong with it: ${why}.` : words[kind];
