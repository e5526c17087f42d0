export interface ChangesSearch {
  /** One dataset's changes; otherwise what is worth telling of all. */
  dataset?: string;
  /** What differs between two moments, instead of what happened one by one. */
  compare?: true;
  /** Days or moments in UTC. */
  from?: string;
  to?: string;
}

export function parseChangesSearch(search: Record<string, unknown>): ChangesSearch {
  const result: ChangesSearch = {};
  for (const key of ["dataset", "from", "to"] as const) {
    const value = search[key];
    if (typeof value === "string" && value !== "") result[key] = value;
  }
  return search.compare === true ? { ...result, compare: true } : result;
}
