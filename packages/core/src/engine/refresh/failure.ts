import * as Esi from "../../eve/esi/index.ts";
import { TokenUnavailableError } from "../kind/index.ts";

/** Why a dataset could not be fetched, and from when it makes sense to try again. */
export interface Failure {
  code: string;
  message: string;
  retryAt?: number;
  /** Nobody can fetch it: only a person can mend it. */
  blocked: boolean;
}

export const ofEsi = (error: Esi.EsiError): Failure => ({
  code: `esi.${error.kind}`,
  message: Esi.explain(error),
  blocked: false,
  ...(error.retryAt === undefined ? {} : { retryAt: error.retryAt }),
});

/** What an error says of a fetch; undefined: it is none of ESI's or the login service's, and goes on. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof Esi.EsiError) return ofEsi(error);
  if (error instanceof TokenUnavailableError) {
    return { code: "token.unavailable", message: "EVE's login service does not answer just now.", blocked: false };
  }
  return undefined;
}
