import { cell, dateCell, lineOf, Part, type Profile } from "../../platform/csv/index.ts";
import type { Entry } from "./entry.ts";

/** Entries of a part at most: telling them takes more time than their bytes. */
const mostEntries = 10_000;

type Column = readonly [title: string, cell: (entry: Entry, profile: Profile) => string];

const columns: Readonly<Record<"at" | "dataset" | "kind" | "change" | "text", Column>> = {
  at: ["Time", ({ at }) => dateCell(at)],
  dataset: ["Dataset", ({ dataset, title }, profile) => cell(profile === "raw" ? dataset : title, profile)],
  kind: ["Kind", ({ kind }, profile) => cell(kind, profile)],
  change: ["Change", ({ change }, profile) => cell(change, profile)],
  text: ["What happened", ({ text }, profile) => cell(text, profile)],
};

const headingsOf = (profile: Profile): string =>
  lineOf(Object.entries(columns).map(([key, [title]]) => (profile === "raw" ? key : title)));

/** A part of a file of entries. */
export class EntryFile {
  readonly #profile: Profile;
  readonly #part: Part;
  readonly #isFirst: boolean;
  entries = 0;

  constructor({ cursor, profile }: { cursor?: string | undefined; profile: Profile }) {
    this.#profile = profile;
    this.#isFirst = cursor === undefined;
    this.#part = new Part(this.#isFirst ? headingsOf(profile) : undefined);
  }

  get isFull(): boolean {
    return this.entries >= mostEntries;
  }

  /** Adds these entries, or none of them where there is no room. */
  add(entries: readonly Entry[]): boolean {
    const cells = Object.values(columns);
    const lines = entries.map((entry) => lineOf(cells.map(([, write]) => write(entry, this.#profile))));
    const hasRoom = this.#part.add(...lines);
    if (hasRoom) this.entries += lines.length;
    return hasRoom;
  }

  text(bom: boolean): string {
    return this.#part.text({ bom: bom && this.#isFirst });
  }
}
