import { queryOptions } from "@tanstack/react-query";
import { read, until } from "../api/client.ts";
import { type Owner, ownerPath } from "../api/owner.ts";

export const freshnessQuery = (owner: Owner) =>
  queryOptions({
    queryKey: [owner.kind, owner.id, "freshness"],
    queryFn: ({ signal }) => {
      const { at, param } = ownerPath(owner);
      return read(at.freshness.$get({ param }, until(signal)));
    },
    // The socket sends every change; this catches lost messages, and states that change with time alone.
    refetchInterval: 60_000,
  });

export function refreshAll(owner: Owner) {
  const { at, param } = ownerPath(owner);
  return read(at.refresh.$post({ param }));
}

export function refreshDataset(owner: Owner, dataset: string) {
  const { at, param } = ownerPath(owner);
  return read(at.datasets[":dataset"].refresh.$post({ param: { ...param, dataset } }));
}
