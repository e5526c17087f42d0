import { humanise } from "../ui/format.ts";

/** ESI's own words made readable; the seven hangars of a corporation are called by number in the game. */
export function enumLabel(value: string): string {
  const hangar = /^CorpSAG([1-7])$/.exec(value);
  return hangar ? `Hangar ${hangar[1]}` : humanise(value);
}
