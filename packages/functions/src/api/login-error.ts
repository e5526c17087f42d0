import { VisibleError } from "@tapi/core/platform/error";
import { translate } from "./error.ts";

/** A person is looking at this address: what they can read about goes to the page, anything else is our bug. */
export function withError(path: string, thrown: unknown): string {
  const error = translate(thrown);
  if (!(error instanceof VisibleError)) throw thrown;
  const { returnTo = path } = (error.details ?? {}) as { returnTo?: string };
  return `${returnTo}${returnTo.includes("?") ? "&" : "?"}error=${encodeURIComponent(error.code)}`;
}
