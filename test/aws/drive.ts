import { createRequire } from "node:module";
import { Datasets as PilotDatasets } from "../../packages/core/src/owners/character/index.ts";
import { Datasets } from "../../packages/core/src/owners/corporation/index.ts";
import {
  type Difference,
  difference,
  type PilotSubject,
  pilotDifference,
  type Subject,
} from "../../packages/core/test/truth.ts";
import { Browser } from "../../packages/functions/test/browser.ts";
import { until } from "./until.ts";
import type { World } from "./world.ts";

/** The emulator calls an answer without a body JSON; API Gateway gives it no type. */
async function withoutTypeOfNothing(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  if (body.byteLength > 0) return new Response(body, response);
  const headers = new Headers(response.headers);
  headers.delete("content-type");
  return new Response(null, { status: response.status, headers });
}

/** A browser at the stage's own address: its requests pass CloudFront. */
const browserAt = (address: string): Browser =>
  new Browser(async (path, init) =>
    withoutTypeOfNothing(await fetch(`${address}${path}`, { ...init, redirect: "manual" })),
  );

/** The functions know another address of theirs, and would lead there first. */
const here = "moved=true";

interface Freshness {
  dataset: string;
  status: string;
  updatedAt?: string;
  lastError?: { code: string };
}

async function boardOf(browser: Browser, path: string): Promise<Freshness[]> {
  const { status, body } = await browser.get(`${path}/freshness`);
  if (status !== 200) throw new Error(`the board: ${status} ${JSON.stringify(body)}`);
  return body.data;
}

/** Due is what was read, and has expired since. */
const isRead = ({ status }: Freshness): boolean => status === "fresh" || status === "due";

/** Waits for the first import of an owner: every dataset has been read, none failed. */
async function untilImported(browser: Browser, path: string, seconds: number): Promise<number> {
  let last: Freshness[] = [];
  const open = () => last.filter((each) => !isRead(each));
  try {
    return await until(seconds, "the first import", async () => {
      last = await boardOf(browser, path);
      return open().length === 0 ? last.length : undefined;
    });
  } catch (error) {
    const left = open().map(({ dataset, status, lastError }) => `${dataset} ${status} ${lastError?.code ?? ""}`);
    throw new Error(`${error instanceof Error ? error.message : error}; ${left.length} open: ${left.join(", ")}`);
  }
}

async function compared(names: string[], compare: (name: string) => Promise<Difference>): Promise<number> {
  const differing: string[] = [];
  for (const name of names) {
    const { missing, extra, doubled } = await compare(name);
    if (missing.length + extra.length + doubled > 0) {
      differing.push(`${name}: ${missing.length} missing, ${extra.length} extra, ${doubled} twice`);
    }
  }
  if (differing.length > 0) throw new Error(differing.join("; "));
  return names.length;
}

const namesOf = (datasets: readonly { name: string }[]): string[] => datasets.map(({ name }) => name);

/**
 * Names what it did as the page's button does, as soon as a dataset may be refreshed: after ESI's own expiry has passed.
 */
const refreshSomething = (browser: Browser, path: string): Promise<string> =>
  until(600, "a dataset that may be refreshed", async () => {
    for (const { dataset } of await boardOf(browser, path)) {
      const { status } = await browser.post(`${path}/datasets/${dataset}/refresh`);
      if (status === 202) return dataset;
    }
    return undefined;
  });

interface Socket {
  on(event: "message", listener: (data: Buffer) => void): void;
  once(event: "open" | "close", listener: () => void): void;
  once(event: "error", listener: (error: Error) => void): void;
  send(text: string): void;
  close(): void;
}

const { WebSocket } = createRequire(new URL("../../packages/local/package.json", import.meta.url))("ws") as {
  WebSocket: new (url: string, options: { headers: Record<string, string> }) => Socket;
};

/** Listens to an owner, has `act` make news of it, and waits until they come; their type. */
async function hearNews(browser: Browser, topic: string, act: () => Promise<unknown>): Promise<string> {
  const { body } = await browser.post("/socket/ticket");
  // As a header of our own: the emulator does not send the handler's choice of a subprotocol back, and the client would
  // insist on one that it has offered itself.
  const offered = `tapi.v1, ticket.${body.data.ticket}`;
  const socket = new WebSocket(body.data.url, { headers: { "sec-websocket-protocol": offered } });
  const heard: string[] = [];
  socket.on("message", (data) => heard.push(data.toString()));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  try {
    socket.send(JSON.stringify({ action: "subscribe", topics: [topic] }));
    await until(30, "the answer to a subscription", async () => heard[0]);
    const before = heard.length;
    await act();
    return JSON.parse(await until(120, "news on the socket", async () => heard[before])).type;
  } finally {
    socket.close();
  }
}

/** An owner of datasets, and the browser of whoever brought it. */
export interface Guest {
  browser: Browser;
  /** The owner's addresses in the API. */
  path: string;
  name: string;
  /** Logs in and brings the owner, as a person does on the page. */
  arrive(): Promise<void>;
  /** Logs in where the owner is already. */
  logIn(): Promise<void>;
  /** The first import; how many datasets. */
  untilImported(seconds: number): Promise<number>;
  /** Throws the names of the datasets whose stored rows are not, row by row, what New Eden has; how many are. */
  equalsTruth(): Promise<number>;
  /** Has something refreshed and hears of it on a socket. */
  hearNews(): Promise<string>;
}

interface Owned {
  name: string;
  path: string;
  topic: string;
  /** The login that brings it. */
  login: string;
  compare: () => Promise<number>;
}

function guest(browser: Browser, characterId: number, { name, path, topic, login, compare }: Owned): Guest {
  const logIn = async (...logins: string[]) => {
    let page = "";
    for (const each of logins) page = await browser.logIn(characterId, `?${each}&${here}`);
    const { status, body } = await browser.get(`${path}/freshness`);
    if (status !== 200) throw new Error(`after the login ${name}: ${status} ${JSON.stringify(body)}, ${page}`);
  };
  return {
    browser,
    path,
    name,
    arrive: () => logIn("purpose=login", login),
    logIn: () => logIn("purpose=login"),
    untilImported: (seconds) => untilImported(browser, path, seconds),
    equalsTruth: compare,
    hearNews: () => hearNews(browser, topic, () => refreshSomething(browser, path)),
  };
}

/** A director who adds the corporation. */
const directorAt = (browser: Browser, subject: Subject): Guest =>
  guest(browser, subject.characterId, {
    name: `corporation ${subject.corporationId}`,
    path: `/corporations/${subject.corporationId}`,
    topic: `corporation:${subject.corporationId}`,
    login: "purpose=corporation",
    compare: () => compared(namesOf(Datasets.datasets), (name) => difference(name, subject)),
  });

/** A pilot who shares what EVE knows of the character. */
const pilotAt = (browser: Browser, subject: PilotSubject): Guest =>
  guest(browser, subject.characterId, {
    name: `character ${subject.characterId}`,
    path: `/characters/${subject.characterId}`,
    topic: `character:${subject.characterId}`,
    login: `purpose=character&share=true&characterId=${subject.characterId}`,
    compare: () => compared(namesOf(PilotDatasets.datasets), (name) => pilotDifference(name, subject)),
  });

/** Both, each with a browser at this address. */
export const guestsAt = (address: string, { corporation, pilot }: World): [Guest, Guest] => [
  directorAt(browserAt(address), corporation),
  pilotAt(browserAt(address), pilot),
];

/** Has each do something; what came of it. */
export async function each(guests: readonly Guest[], work: (guest: Guest) => Promise<unknown>): Promise<string> {
  const said: string[] = [];
  for (const guest of guests) said.push(`${guest.name} ${(await work(guest)) ?? ""}`.trim());
  return said.join(", ");
}
