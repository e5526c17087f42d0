import { type Affiliations, affiliationsOf } from "../eve/affiliation/index.ts";
import * as Actor from "../platform/actor/index.ts";
import * as Log from "../platform/log/index.ts";
import { confirm, extendForOutage, isOutage, recordUnconfirmed } from "./confirm.ts";
import type { DirectorLink } from "./rows.ts";

/** The directors' current corporations, as far as EVE answers. */
async function affiliationsIfKnown(links: readonly DirectorLink[]): Promise<Affiliations> {
  try {
    return await affiliationsOf(links.map(({ characterId }) => characterId));
  } catch (error) {
    if (!isOutage(error)) throw error;
    Log.info("directors not checked: EVE does not answer", { corporationId: links[0]?.corporationId, error });
    return { known: new Map(), refused: new Set() };
  }
}

/**
 * Checks one director. Without EVE's answer the confirmation is extended; a character unknown to EVE is not confirmed.
 * Returns whether EVE answered.
 */
async function checkMember(link: DirectorLink, { known, refused }: Affiliations): Promise<boolean> {
  if (known.has(link.characterId)) return (await confirm(link)).kind !== "unanswered";
  if (refused.has(link.characterId)) {
    await recordUnconfirmed(link);
    return true;
  }
  await extendForOutage(link);
  return false;
}

export interface Check {
  checked: number;
  left: number;
  /** EVE answered about every director. */
  isAnswered: boolean;
}

/**
 * Asks EVE about every director of a corporation and stores their current roles. Calls `unlink` first for those who have
 * left the corporation, so that an error about another director does not keep them linked.
 */
export async function checkAll(
  links: readonly DirectorLink[],
  unlink: (link: DirectorLink) => Promise<void>,
): Promise<Check> {
  Actor.assertSystem();
  const affiliations = await affiliationsIfKnown(links);
  const hasLeft = ({ characterId, corporationId }: DirectorLink) =>
    (affiliations.known.get(characterId)?.corporation_id ?? corporationId) !== corporationId;
  const left = links.filter(hasLeft);
  for (const link of left) await unlink(link);
  let isAnswered = true;
  for (const link of links) {
    if (!hasLeft(link) && !(await checkMember(link, affiliations))) isAnswered = false;
  }
  return { checked: links.length, left: left.length, isAnswered };
}
