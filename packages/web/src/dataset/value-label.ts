import { humanise } from "../ui/format.ts";

/** Divisions that nobody has named; the first wallet cannot be named. */
export const walletLabel = (division: number) => (division === 1 ? "Master wallet" : `Division ${division}`);
export const hangarLabel = (division: number) => `Hangar ${division}`;

/** ESI's own words made readable; the seven hangars of a corporation are called by number in the game. */
export function enumLabel(value: string): string {
  const hangar = /^CorpSAG([1-7])$/.exec(value);
  return hangar ? hangarLabel(Number(hangar[1])) : humanise(value);
}
