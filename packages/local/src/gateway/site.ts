import { readFileSync, statSync } from "node:fs";
import { extname, join, normalize, sep } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { codingFor } from "@tapi/functions/negotiate";
import { cacheControlOf } from "@tapi/functions/site-headers";
import type { HttpAnswer } from "./http-answer.ts";

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

const compressible = /^(text|application|image\/svg)/;

export type Site = (path: string, acceptEncoding: string) => HttpAnswer;

/** The built web app as CloudFront serves it: files by their path, `index.html` for every page of the app. */
export function createSite(webDir: string): Site {
  const compressed = new Map<string, { changedAt: number; body: Buffer }>();

  function compress(file: string, changedAt: number, body: Buffer): Buffer {
    const known = compressed.get(file);
    if (known?.changedAt === changedAt) return known.body;
    const result = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
    compressed.set(file, { changedAt, body: result });
    return result;
  }

  return (path, acceptEncoding) => {
    const wanted = locate(webDir, path);
    if (!wanted) return notFound(path);
    const changedAt = statSync(wanted).mtimeMs;
    const type = contentTypes[extname(wanted)] ?? "application/octet-stream";
    const name = wanted.slice(webDir.length).replaceAll(sep, "/");
    const headers = { "content-type": type, "cache-control": cacheControlOf(name) };
    const body = readFileSync(wanted);
    if (!compressible.test(type)) return { status: 200, headers, body };
    // Whoever keeps the answer for others must know that it depends on what was asked, also when it is plain.
    const varied = { ...headers, vary: "accept-encoding" };
    if (codingFor(acceptEncoding, ["br"]) === undefined) return { status: 200, headers: varied, body };
    return {
      status: 200,
      headers: { ...varied, "content-encoding": "br" },
      body: compress(wanted, changedAt, body),
    };
  };
}

/** The file of a path; a path without an extension is a page of the app. Undefined when there is no such file. */
function locate(webDir: string, path: string): string | undefined {
  const file = normalize(join(webDir, path));
  if (!file.startsWith(webDir + sep) || extname(file) === "") return existing(join(webDir, "index.html"));
  return existing(file);
}

const existing = (file: string) => (statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined);

function notFound(path: string): HttpAnswer {
  const built = extname(path) !== "";
  const text = built ? "Not found" : "The web app is not built yet: run `pnpm --filter @tapi/web build`.";
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  return { status: 404, headers, body: Buffer.from(text) };
}
