/** One corporation in ten is large, three in ten are middling, the others small: what an alliance looks like. */
export function planOf(index: number) {
  if (index % 10 === 0) return { members: 120, assets: 4_000, journalPerDay: 120, historyDays: 10 };
  if (index % 10 < 4) return { members: 30, assets: 600, journalPerDay: 30, historyDays: 10 };
  return { members: 8, assets: 60, journalPerDay: 6, historyDays: 10 };
}
