import type { Api } from "@tapi/functions/api";
import { hc } from "hono/client";
import { ApiError, unwrap } from "./envelope.ts";

/** Every call of the API, typed by the API itself. Wrap each in `read`, `readPage` or `done`. */
export const api = hc<Api>(globalThis.location?.origin ?? "http://localhost", { fetch: reach }).api.v1;

async function reach(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(input, { ...init, credentials: "same-origin" });
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    throw new ApiError({ status: 0, code: "network.unreachable", message: "The server cannot be reached." });
  }
}

/** What a call answers with, as far as this file needs to know. */
type Call<Body> = Promise<{ json: () => Promise<Body> }>;

/** The data of an answer. */
export async function read<Data>(call: Call<{ data: Data }>): Promise<Data> {
  return (await unwrap<Data, unknown>((await call) as unknown as Response)).data;
}

/** A call that answers with nothing but its success. */
export async function done(call: Promise<unknown>): Promise<void> {
  await unwrap<undefined>((await call) as Response);
}

/** A page of a list together with what is said about the whole list. */
export async function readPage<Data, Meta>(
  call: Call<{ data: Data; meta: Meta }>,
): Promise<{ data: Data; meta: Meta }> {
  return unwrap<Data, Meta>((await call) as unknown as Response);
}

/** Options of a call that ends when its query is no longer wanted. */
export const until = (signal: AbortSignal) => ({ init: { signal } });
