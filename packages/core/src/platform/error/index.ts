/** HTTP status of each kind of visible error: the one table that maps them. */
export const statusOf = {
  validation: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
} as const;

export type Kind = keyof typeof statusOf;

/**
 * An error meant for the person who asked. `code` starts with its module, is listed in docs/errors.md and never changes;
 * `details` is JSON and safe to show. Anything else that is thrown is our bug and is shown as a bare 500.
 */
export class VisibleError extends Error {
  override readonly name = "VisibleError";
  readonly kind: Kind;
  readonly code: string;
  readonly details: unknown;

  constructor(kind: Kind, code: string, message: string, details?: unknown) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.details = details;
  }
}

/** Whether `error` is a refused conditional write: the way DynamoDB says that somebody else was first. */
export const isConditionFailed = (error: unknown): boolean => {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current.name === "ConditionalCheckFailedException") return true;
  }
  return false;
};

/** For `.catch` of a write that need not happen once somebody else was first. What failed otherwise is thrown on. */
export const ignoreConditionFailed = (error: unknown): void => {
  if (!isConditionFailed(error)) throw error;
};
