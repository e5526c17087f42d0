import type { Fetched } from "../dataset/index.ts";
import type { Fetcher } from "../kind/index.ts";
import type { Validators } from "../state/validators.ts";
import type { Failure } from "./failure.ts";

/** What a fetch has brought, and with whose token. */
export interface Done {
  fetched: Fetched;
  validators: Validators;
  fetcher?: Fetcher;
}

export type Result = { done: Done; failure?: undefined } | { done?: undefined; failure: Failure };
