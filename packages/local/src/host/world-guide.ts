/** Whom a person can log in as, from New Eden's own description of its world. */
export interface WorldGuide {
  pilots: { characterId: number; name: string; corporation: string; ticker: string; members: number }[];
}

interface World {
  corporations: {
    name: string;
    ticker: string;
    memberCount: number;
    ceo: { characterId: number; name: string };
  }[];
}

/** The CEOs, the one of the largest corporation first. */
export async function readWorldGuide(newEdenUrl: string): Promise<WorldGuide> {
  const response = await fetch(`${newEdenUrl}/_control/world`);
  if (!response.ok) throw new Error(`New Eden does not describe its world: ${response.status}`);
  const { corporations } = (await response.json()) as World;
  const pilots = corporations
    .toSorted((a, b) => b.memberCount - a.memberCount)
    .map(({ ceo, name, ticker, memberCount }) => ({ ...ceo, corporation: name, ticker, members: memberCount }));
  return { pilots };
}
