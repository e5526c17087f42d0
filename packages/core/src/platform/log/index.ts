import { AsyncLocalStorage } from "node:async_hooks";
import { VisibleError } from "../error/index.ts";

type Fields = Record<string, unknown>;
type Level = "debug" | "info" | "warn" | "error";

const order: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };
const storage = new AsyncLocalStorage<Fields>();
let threshold: Level = "info";

export const setLevel = (level: Level): void => {
  threshold = level;
};

/** Runs `body` with `fields` (request id, corporation, dataset, ...) on each of its log lines. */
export const withFields = <T>(fields: Fields, body: () => T): T =>
  storage.run({ ...storage.getStore(), ...fields }, body);

const secretName = /token|secret|cookie|authorization|ticket|session|verifier|password/i;
const jwt = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g;

/** Random text as long as our tickets and session ids, or a refresh token. */
const randomText = /[\w-]{40,}={0,2}/g;

/** A text from anywhere (an error of a library), fit to be stored and shown: what may be a secret is struck out. */
export const redact = (text: string): string => text.replace(jwt, "[jwt]").replace(randomText, "[secret]");

/** JSON of a field with secrets struck out: by name, and wherever a JWT stands in a text. */
const replacer = (key: string, value: unknown): unknown => {
  if (typeof value === "string") return key && secretName.test(key) ? "[secret]" : value.replace(jwt, "[jwt]");
  if (value instanceof Error) return describeError(value);
  if (typeof value === "bigint") return value.toString();
  return value;
};

const describeError = (error: Error): Fields => ({
  name: error.name,
  message: error.message,
  ...(error instanceof VisibleError ? { code: error.code } : { stack: error.stack }),
  ...(error.cause === undefined ? {} : { cause: error.cause }),
});

function write(level: Level, message: string, fields?: Fields): void {
  if (order[level] < order[threshold]) return;
  const line = { level, at: new Date().toISOString(), message, ...storage.getStore(), ...fields };
  process.stdout.write(`${JSON.stringify(line, replacer)}\n`);
}

export const debug = (message: string, fields?: Fields): void => write("debug", message, fields);
export const info = (message: string, fields?: Fields): void => write("info", message, fields);
export const warn = (message: string, fields?: Fields): void => write("warn", message, fields);
export const error = (message: string, fields?: Fields): void => write("error", message, fields);
