import { isConditionFailed } from "../../platform/error/index.ts";
import { packJson, unpackJson } from "../../platform/gzip/index.ts";
import { isDue, type Unanswered, unanswered } from "../lookup/index.ts";
import { refusedIds } from "./refused.entity.ts";

export type Kind = "names" | "planets" | "moons" | "characters";

type Memory = Readonly<Record<string, Unanswered>>;

interface Stored {
  memory: Memory;
  version: number;
}

/** What one process has read is good for this long: somebody else's refusals are worth no more than one of our own. */
const freshMs = 60_000;
/** Ids remembered of a kind: far more than there can be, and still one item. */
const maxRemembered = 20_000;
const attempts = 3;

const read = new Map<Kind, Stored & { at: number }>();

async function load(kind: Kind): Promise<Stored> {
  const { data } = await refusedIds().get({ kind }).go({ consistent: true });
  const stored = data
    ? { memory: (await unpackJson([data.data as Uint8Array])) as Memory, version: data.version }
    : { memory: {}, version: 0 };
  read.set(kind, { ...stored, at: Date.now() });
  return stored;
}

async function known(kind: Kind): Promise<Stored> {
  const kept = read.get(kind);
  const age = Date.now() - (kept?.at ?? 0);
  return kept && age >= 0 && age < freshMs ? kept : load(kind);
}

/** Those of the ids that ESI has not just said to be unknown. */
export async function without(kind: Kind, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const { memory } = await known(kind);
  return ids.filter((id) => isDue(memory[id]));
}

/** Remembers ids that ESI refused. Should others write at the same time over and over, they are refused once more. */
export async function remember(kind: Kind, ids: readonly number[]): Promise<void> {
  for (let attempt = 1; ids.length > 0 && attempt <= attempts; attempt += 1) {
    const { memory, version } = await load(kind);
    const news = ids.map((id) => [String(id), unanswered(memory[id], true)] as const);
    const all = Object.entries({ ...memory, ...Object.fromEntries(news) });
    const latest = all.sort(([, a], [, b]) => b.expiresAt - a.expiresAt).slice(0, maxRemembered);
    const next = Object.fromEntries(latest);
    try {
      await refusedIds()
        .put({ kind, data: await packJson(next), version: version + 1 })
        .where((field, op) => `${op.notExists(field.version)} OR ${op.eq(field.version, version)}`)
        .go();
      read.set(kind, { memory: next, version: version + 1, at: Date.now() });
      return;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  }
}

export const reset = (): void => read.clear();
