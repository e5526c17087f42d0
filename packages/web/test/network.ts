import { beforeEach, vi } from "vitest";

/** What the server answers: the data of a success, or what `failure` and `page` make. */
type Answer = unknown | ((url: URL, body: unknown) => unknown);

class Scripted {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

export const failure = (status: number, code: string, message = "It failed."): unknown =>
  new Scripted(status, { error: { code, message, requestId: "request-1" } });

export const page = (data: unknown[], meta: object = { matched: data.length, total: data.length }): unknown =>
  new Scripted(200, { data, meta });

export const nothing = (): unknown => new Scripted(204, undefined);

/** Never answers. */
export const silence = (): unknown => new Promise<never>(() => undefined);

/** The server behind the pages under test, scripted call by call: what is not scripted does not exist. */
export interface Network {
  /** `GET /corporations/1/freshness`, without the API's prefix and without a query. */
  answer: (call: string, answer: Answer) => void;
  /** Calls made so far, with their query. */
  calls: string[];
  bodies: Record<string, unknown>;
}

const prefix = "/api/v1";

export function scriptedNetwork(): Network {
  const answers = new Map<string, Answer>();
  const network: Network = {
    answer: (call, answer) => void answers.set(call, answer),
    calls: [],
    bodies: {},
  };
  const respond = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input, location.origin);
    const call = `${init.method ?? "GET"} ${url.pathname.replace(prefix, "")}`;
    const sent = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    network.calls.push(`${call}${decodeURIComponent(url.search)}`);
    network.bodies[call] = sent;
    const scripted = answers.get(call);
    const made = typeof scripted === "function" ? scripted(url, sent) : scripted;
    const data = await made;
    const { status, body } =
      data instanceof Scripted
        ? data
        : answers.has(call)
          ? new Scripted(200, { data })
          : new Scripted(404, { error: { code: "test.not_scripted", message: `${call} is not scripted.` } });
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  };
  beforeEach(() => {
    answers.clear();
    network.calls.length = 0;
    network.bodies = {};
    // For the whole file: a page that is gone may still have been about to ask for something.
    vi.stubGlobal("fetch", respond);
  });
  return network;
}
