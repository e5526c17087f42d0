import type { Mutant } from "./mutators.ts";

/** A change that no test can notice, with the reason. Found by its text, so that it survives a move within the file. */
interface Equivalent extends Pick<Mutant, "file" | "mutator" | "original"> {
  why: string;
}

export const equivalents: readonly Equivalent[] = [];

export const whyEquivalent = ({ file, mutator, original }: Mutant): string | undefined =>
  equivalents.find((each) => each.file === file && each.mutator === mutator && each.original === original)?.why;
