import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, done, read, readPage, until } from "../api/client.ts";

const one = api.characters[":characterId"];
const by = (characterId: number) => ({ param: { characterId: String(characterId) } });

export const charactersQuery = queryOptions({
  queryKey: ["characters"],
  queryFn: ({ signal }) => read(api.characters.$get({}, until(signal))),
});

export const tokenUsesQuery = (characterId: number) =>
  infiniteQueryOptions({
    queryKey: ["characters", characterId, "token-uses"],
    queryFn: ({ pageParam, signal }) =>
      readPage(
        one["token-uses"].$get(
          { ...by(characterId), query: { ...(pageParam ? { cursor: pageParam } : {}) } },
          until(signal),
        ),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.nextCursor,
    staleTime: 0,
  });

export const setMain = (characterId: number) => done(one.main.$put(by(characterId)));
export const removeCharacter = (characterId: number) => done(one.$delete(by(characterId)));
