/*
 * A dataset that follows others is due when one of them has changed. What is remembered is the sum of their versions: a
 * version only grows, so the sum is another one whenever any of them is.
 */

/** The part of a declaration that says what a dataset follows. */
interface Following {
  detailOf?: string;
  follows?: Readonly<Record<string, number>>;
}

interface Status {
  version?: number | undefined;
  changedAt?: number | undefined;
  refreshedAt?: number | undefined;
  listVersion?: number | undefined;
}

type Statuses = ReadonlyMap<string, Status>;

/** The version of what a dataset is made from: its list's, or of all that it follows. Undefined: it follows nothing. */
export function followedVersion({ detailOf, follows }: Following, statuses: Statuses): number | undefined {
  if (detailOf !== undefined) return statuses.get(detailOf)?.version;
  if (!follows) return undefined;
  return Object.keys(follows).reduce((sum, name) => sum + (statuses.get(name)?.version ?? 0), 0);
}

/** From when a dataset is to be fetched for the sake of those that it follows. Undefined: nothing has changed in them. */
export function followAt(dataset: Following, status: Status, statuses: Statuses): number | undefined {
  const { detailOf, follows = {} } = dataset;
  const version = followedVersion(dataset, statuses);
  if (version === undefined || version === status.listVersion) return undefined;
  if (detailOf !== undefined) return statuses.get(detailOf)?.changedAt ?? 0;
  const { refreshedAt = 0 } = status;
  const changes = Object.entries(follows).flatMap(([name, seconds]) => {
    const { changedAt = 0 } = statuses.get(name) ?? {};
    return changedAt > refreshedAt ? [Math.max(changedAt, refreshedAt + seconds * 1000)] : [];
  });
  // It changed while this one was being fetched.
  const latest = refreshedAt + Math.max(0, ...Object.values(follows)) * 1000;
  return changes.length > 0 ? Math.min(...changes) : latest;
}
