import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What outlives a `kill -9`: small files replaced whole, and logs that only grow. Without a folder it is memory. */
export class Store {
  readonly #dir: string | undefined;

  constructor(dir?: string) {
    this.#dir = dir;
    if (dir) mkdirSync(dir, { recursive: true, mode: 0o700 });
  }

  /** Whether anything outlives the process. */
  get isKept(): boolean {
    return this.#dir !== undefined;
  }

  read<Value>(name: string): Value | undefined {
    const text = this.#text(name);
    return text === undefined ? undefined : (JSON.parse(text) as Value);
  }

  write(name: string, value: unknown): void {
    this.#replace(name, `${JSON.stringify(value)}\n`);
  }

  /** All whole lines of a log; one that a crash cut short was never acknowledged and is dropped. */
  lines<Value>(name: string): Value[] {
    const text = this.#text(name) ?? "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (whole.length < text.length) this.#replace(name, whole);
    return whole
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Value);
  }

  append(name: string, value: unknown): void {
    if (this.#dir) appendFileSync(join(this.#dir, name), `${JSON.stringify(value)}\n`, { mode: 0o600 });
  }

  /** Puts these lines in place of the whole log. */
  rewrite(name: string, values: readonly unknown[]): void {
    this.#replace(name, values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  }

  #text(name: string): string | undefined {
    if (!this.#dir) return undefined;
    try {
      return readFileSync(join(this.#dir, name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  #replace(name: string, text: string): void {
    if (!this.#dir) return;
    const path = join(this.#dir, name);
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}
