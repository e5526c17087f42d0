import type { IncomingHttpHeaders } from "node:http";

const names = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a request names this machine by its own name: a name that was rebound to it is another. */
export function namesThisMachine(host: string | undefined, publicUrl?: string): boolean {
  if (publicUrl !== undefined && host === new URL(publicUrl).host) return true;
  const [, name = ""] = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(host ?? "") ?? [];
  return names.has(name.toLowerCase()) || /^127\.\d+\.\d+\.\d+$/.test(name);
}

/** Whether a browser's page may ask: one that was had from the very address that it asks. */
export function comesFromOwnPage({ host, origin, ...headers }: IncomingHttpHeaders, publicUrl?: string): boolean {
  if (headers["sec-fetch-site"] === "cross-site" && headers["sec-fetch-mode"] !== "navigate") return false;
  return origin === undefined || origin === `http://${host}` || origin === publicUrl;
}

/** Servers that only our own processes ask: none of them is a browser, which names the page's origin on each write. */
export const comesFromNoPage = ({ host, origin, ...headers }: IncomingHttpHeaders): boolean =>
  namesThisMachine(host) && origin === undefined && headers["sec-fetch-site"] === undefined;
