import { queryOptions } from "@tanstack/react-query";
import { api, done, read, until } from "../api/client.ts";
import type { Director } from "../api/contract.ts";

type DirectorPreference = Pick<Director, "characterId" | "preference">;

const one = api.corporations[":corporationId"];
const by = (corporationId: number) => ({ param: { corporationId: String(corporationId) } });

export const corporationsQuery = queryOptions({
  queryKey: ["corporations"],
  queryFn: ({ signal }) => read(api.corporations.$get({}, until(signal))),
});

export const corporationQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId],
    queryFn: ({ signal }) => read(one.$get(by(corporationId), until(signal))),
    meta: { corporationId, datasets: ["public-info", "members"] },
  });

export const directorsQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "directors"],
    queryFn: ({ signal }) => read(one.directors.$get(by(corporationId), until(signal))),
    staleTime: 15_000,
    refetchInterval: 60_000,
  });

export const freshnessQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "freshness"],
    queryFn: ({ signal }) => read(one.freshness.$get(by(corporationId), until(signal))),
    // The socket brings every change; this catches what got lost, and states that change by the mere passing of time.
    refetchInterval: 60_000,
  });

export const addCorporation = (characterId: number) => read(api.corporations.$post({ json: { characterId } }));

export const removeCorporation = (corporationId: number) => done(one.$delete(by(corporationId)));

export const preferDirector = (corporationId: number, { characterId, preference }: DirectorPreference) =>
  done(
    one.directors[":characterId"].$patch({
      param: { corporationId: String(corporationId), characterId: String(characterId) },
      json: { preference },
    }),
  );

export const removeDirector = (corporationId: number, characterId: number) =>
  done(
    one.directors[":characterId"].$delete({
      param: { corporationId: String(corporationId), characterId: String(characterId) },
    }),
  );

export const refreshAll = (corporationId: number) =>
  read(one.refresh.$post({ param: { corporationId: String(corporationId) } }));

export const refreshDataset = (corporationId: number, dataset: string) =>
  read(one.datasets[":dataset"].refresh.$post({ param: { corporationId: String(corporationId), dataset } }));
