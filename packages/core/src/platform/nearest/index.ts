/** Edits (insert, delete, replace) that turn one text into the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}

/** Longer names are cut before they are compared: nobody meant a known name by them. */
const mostCompared = 100;

const simple = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[\s_-]/g, "")
    .slice(0, mostCompared);

/** How far a name is from a known one; `filter.title` is nearly `title`, and case hardly counts. */
function farness(name: string, known: string): number {
  const whole = distance(simple(name), simple(known));
  const dot = known.lastIndexOf(".");
  if (dot < 0) return whole;
  return Math.min(whole, distance(simple(name), simple(known.slice(dot + 1))) + 0.5);
}

/** The known name that a mistyped one most likely stands for; undefined where none is known. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: { name: string; far: number } | undefined;
  for (const each of known) {
    const far = farness(name, each);
    if (!best || far < best.far) best = { name: each, far };
  }
  return best?.name;
}
