import { mkdirSync } from "node:fs";
import { type FileHandle, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

interface JournalOptions {
  file: string;
  /** The whole state as lines, taken when the file is written anew. */
  snapshot: () => string[];
  /** It could not be written, and takes nothing more. */
  onFailure?: ((error: unknown) => void) | undefined;
}

interface Waiting {
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** The file is written anew when it has grown to this many times the state that it began with, and past this size. */
const growth = 4;
const compactAboveBytes = 16 * 1024 * 1024;

/** Lines joined per write when the whole state is written. */
const chunkLines = 1_000;

/** Syncs the folder, so that a rename in it survives a power cut; Windows cannot and need not. */
async function syncFolder(file: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(dirname(file), "r");
  await folder.sync();
  await folder.close();
}

/**
 * An append-only file of lines. What is appended while a sync runs goes out with the next one (group commit), so that
 * the disk's latency is paid once for many callers. `append` resolves when the line is on the disk.
 */
export class Journal {
  readonly #options: JournalOptions;
  #handle: FileHandle | undefined;
  #pending: string[] = [];
  #waiting: Waiting[] = [];
  #bytes = 0;
  #baseBytes = 0;
  #writing: Promise<void> | undefined;
  #failure: unknown;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** The lines of the last run. A line torn by a crash was never acknowledged; it and what follows are left out. */
  static async read(file: string, apply: (line: string) => void): Promise<void> {
    mkdirSync(dirname(file), { recursive: true });
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    const lines = text.split("\n");
    // After the last line break: empty, or what a crash cut off.
    lines.pop();
    for (const [index, line] of lines.entries()) {
      try {
        apply(line);
      } catch (cause) {
        const aside = `${file}.damaged`;
        await rename(file, aside);
        console.error(
          `The queue journal is damaged at line ${index + 1} of ${lines.length}; a copy is kept in ${aside}`,
          cause,
        );
        return;
      }
    }
  }

  /** Writes the state that `read` gave into a new file; from here on lines are appended to it. */
  async start(): Promise<void> {
    await this.#rewrite();
  }

  append(line: string): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#pending.push(line);
    const written = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#writing ??= this.#drain();
    return written;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle?.close();
  }

  async #drain(): Promise<void> {
    // The requests of this turn of the event loop join the first batch.
    await nextTurn();
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#bytes > Math.max(compactAboveBytes, growth * this.#baseBytes)) await this.#rewrite();
        else await this.#flush();
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        // What the file holds is unknown now: nothing more may be acknowledged.
        this.#failure = error;
        for (const { reject } of [...waiting, ...this.#waiting]) reject(error);
        this.#waiting = [];
        this.#options.onFailure?.(error);
      }
    }
    this.#writing = undefined;
  }

  async #flush(): Promise<void> {
    const block = Buffer.from(`${this.#pending.join("\n")}\n`);
    this.#pending = [];
    await this.#handle?.appendFile(block);
    await this.#handle?.datasync();
    this.#bytes += block.length;
  }

  /** Lines pending now are in the snapshot already: state changes before its line is appended. */
  async #rewrite(): Promise<void> {
    const lines = this.#options.snapshot();
    this.#pending = [];
    const draft = `${this.#options.file}.new`;
    const handle = await open(draft, "w");
    this.#bytes = 0;
    for (let start = 0; start < lines.length; start += chunkLines) {
      const block = Buffer.from(`${lines.slice(start, start + chunkLines).join("\n")}\n`);
      await handle.appendFile(block);
      this.#bytes += block.length;
    }
    await handle.sync();
    await rename(draft, this.#options.file);
    await syncFolder(this.#options.file);
    await this.#handle?.close();
    this.#handle = handle;
    this.#baseBytes = this.#bytes;
  }
}
