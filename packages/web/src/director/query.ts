import { queryOptions } from "@tanstack/react-query";
import { api, done, read, until } from "../api/client.ts";
import type { Director } from "../api/contract.ts";

const { directors } = api.corporations[":corporationId"];
const by = (corporationId: number, characterId: number) => ({
  param: { corporationId: String(corporationId), characterId: String(characterId) },
});

export const directorsQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "directors"],
    queryFn: ({ signal }) => read(directors.$get({ param: { corporationId: String(corporationId) } }, until(signal))),
    staleTime: 15_000,
    refetchInterval: 60_000,
  });

export const preferDirector = (
  corporationId: number,
  { characterId, preference }: Pick<Director, "characterId" | "preference">,
) => done(directors[":characterId"].$patch({ ...by(corporationId, characterId), json: { preference } }));

export const removeDirector = (corporationId: number, characterId: number) =>
  done(directors[":characterId"].$delete(by(corporationId, characterId)));
