import type { Progress } from "../data-folder/archive.ts";

const everyMs = 2_000;
/** What is smaller is done before anybody wonders. */
const worthTellingBytes = 32 * 1024 * 1024;

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024).toLocaleString("en-US")} MB`;

/** Tells how far something large has come. */
export function telling(verb: string, say: (text: string) => void): Progress {
  let toldAt = performance.now();
  return (done, of) => {
    if (of < worthTellingBytes || performance.now() - toldAt < everyMs) return;
    toldAt = performance.now();
    say(`${verb} ${megabytes(done)} of ${megabytes(of)}`);
  };
}
