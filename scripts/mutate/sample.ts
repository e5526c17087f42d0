import { createHash } from "node:crypto";
import type { Mutant } from "./mutators.ts";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * So many of the mutants, chosen by the seed: each has a number of its own from seed, file and text, and the lowest are
 * taken, so that a sample hardly changes when another file does.
 */
export function sample<Taken extends Mutant>(mutants: readonly Taken[], seed: string, size: number): Taken[] {
  const numbered = mutants.map((mutant) => {
    const { file, mutator, original, start } = mutant;
    return { mutant, number: hash([seed, file, mutator, original, start].join("\0")) };
  });
  numbered.sort((a, b) => (a.number < b.number ? -1 : 1));
  return numbered.slice(0, size).map(({ mutant }) => mutant);
}
