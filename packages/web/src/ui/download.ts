import { ApiError, unwrap } from "../api/envelope.ts";

/** How often a part is asked for before the file is given up. */
const attempts = 4;
const pauseMs = 1_000;

interface Asking {
  signal: AbortSignal;
  /** Bytes that have arrived. */
  onProgress: (bytes: number) => void;
  fetch?: typeof globalThis.fetch;
  /** Waits before another attempt. */
  pause?: (ms: number) => Promise<void>;
}

const waited = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A refusal stays one; too many requests, a failure on the way or on the server may be over in a moment. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500;

async function askOnce(
  url: URL,
  { signal, fetch = globalThis.fetch }: Asking,
): Promise<{ part: Blob; next: string | null }> {
  const response = await fetch(url, { signal, credentials: "same-origin" });
  if (!response.ok) await unwrap(response);
  return { part: await response.blob(), next: response.headers.get("next-cursor") };
}

async function ask(url: URL, asking: Asking) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await askOnce(url, asking);
    } catch (error) {
      if (asking.signal.aborted || attempt === attempts || !mayPass(error)) throw error;
      const wait = (error instanceof ApiError && error.retryAfterMs) || pauseMs * 2 ** (attempt - 1);
      await (asking.pause ?? waited)(wait);
    }
  }
}

/** A CSV file that the API answers in parts, as one. Begins again at the part that failed; rejects when it is aborted. */
export async function readFile(address: string, asking: Asking): Promise<Blob> {
  const url = new URL(address);
  url.searchParams.set("bom", "true");
  const parts: Blob[] = [];
  let bytes = 0;
  for (let next: string | null = ""; next !== null; ) {
    if (next) url.searchParams.set("cursor", next);
    const answer = await ask(url, asking);
    parts.push(answer.part);
    bytes += answer.part.size;
    asking.onProgress(bytes);
    next = answer.next;
  }
  return new Blob(parts, { type: "text/csv;charset=utf-8" });
}

/** Hands a file to the browser's downloads. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
