import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, write } from "../api/client.ts";
import type { Character, TokenUse } from "../api/contract.ts";

export const charactersQuery = queryOptions({
  queryKey: ["characters"],
  queryFn: async ({ signal }) => (await get<Character[]>("/characters", { signal })).data,
});

export const tokenUsesQuery = (characterId: number) =>
  infiniteQueryOptions({
    queryKey: ["characters", characterId, "token-uses"],
    queryFn: ({ pageParam, signal }) =>
      get<TokenUse[], { nextCursor?: string } | undefined>(`/characters/${characterId}/token-uses`, {
        query: { cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta?.nextCursor,
    staleTime: 0,
  });

export const setMain = (characterId: number) => write("PUT", `/characters/${characterId}/main`);
export const removeCharacter = (characterId: number) => write("DELETE", `/characters/${characterId}`);
