import { queryOptions } from "@tanstack/react-query";
import { get, write } from "../api/client.ts";
import type { Corporation, CorporationSummary, Director, Freshness, RefreshAnswer } from "../api/contract.ts";

export const corporationsQuery = queryOptions({
  queryKey: ["corporations"],
  queryFn: async ({ signal }) => (await get<CorporationSummary[]>("/corporations", { signal })).data,
});

export const corporationQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId],
    queryFn: async ({ signal }) => (await get<Corporation>(`/corporations/${corporationId}`, { signal })).data,
    meta: { corporationId, datasets: ["public-info", "members"] },
  });

export const directorsQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "directors"],
    queryFn: async ({ signal }) => (await get<Director[]>(`/corporations/${corporationId}/directors`, { signal })).data,
    staleTime: 15_000,
    refetchInterval: 60_000,
  });

export const freshnessKey = (corporationId: number) => ["corporation", corporationId, "freshness"] as const;

export const freshnessQuery = (corporationId: number) =>
  queryOptions({
    queryKey: freshnessKey(corporationId),
    queryFn: async ({ signal }) =>
      (await get<Freshness[]>(`/corporations/${corporationId}/freshness`, { signal })).data,
    // The socket brings every change; this catches what got lost, and states that change by the mere passing of time.
    refetchInterval: 60_000,
  });

export const addCorporation = (characterId: number) =>
  write<CorporationSummary>("POST", "/corporations", { characterId });

export const removeCorporation = (corporationId: number) => write("DELETE", `/corporations/${corporationId}`);

export const removeDirector = (corporationId: number, characterId: number) =>
  write("DELETE", `/corporations/${corporationId}/directors/${characterId}`);

export const refreshDataset = (corporationId: number, dataset: string) =>
  write<RefreshAnswer>("POST", `/corporations/${corporationId}/datasets/${dataset}/refresh`);
