import type { IncomingHttpHeaders } from "node:http";

const names = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether a request names this machine by its own name, or by an address that it is known by: a name that was rebound to it
 * is another.
 */
export function namesThisMachine(host = "", origins: readonly string[] = []): boolean {
  if (origins.some((origin) => isHostOf(origin, host))) return true;
  const [, name = ""] = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(host) ?? [];
  return names.has(name.toLowerCase()) || /^127\.\d+\.\d+\.\d+$/.test(name);
}

/** In any case, with or without the port that the scheme has anyway. */
function isHostOf(origin: string, host: string): boolean {
  const { protocol, host: known } = new URL(origin);
  const asked = `${protocol}//${host}`;
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(asked) && new URL(asked).host === known;
}

/** Whether a browser's page may ask: one that was had from the very address that it asks. */
export function comesFromOwnPage(
  { host, origin, ...headers }: IncomingHttpHeaders,
  origins: readonly string[] = [],
): boolean {
  if (headers["sec-fetch-site"] === "cross-site" && headers["sec-fetch-mode"] !== "navigate") return false;
  return origin === undefined || origin === `http://${host}` || origins.includes(origin);
}

/** Servers that only our own processes ask: none of them is a browser, which names the page's origin on each write. */
export const comesFromNoPage = ({ host, origin, ...headers }: IncomingHttpHeaders): boolean =>
  namesThisMachine(host) && origin === undefined && headers["sec-fetch-site"] === undefined;
