import { queryOptions } from "@tanstack/react-query";
import { api, done, read, until } from "../api/client.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => read(api.session.$get({}, until(signal))),
  staleTime: 5 * 60_000,
});

/**
 * Where the browser goes to log in, or to give a character's or a corporation's scopes. With a character: to renew its
 * token with everything that it could do.
 */
export function loginUrl(
  purpose: "login" | "character" | "corporation",
  returnTo: string,
  characterId?: number,
): string {
  const query = { purpose, returnTo, ...(characterId ? { characterId: String(characterId) } : {}) };
  return api.auth.login.$url({ query }).toString();
}

export const logout = () => done(api.auth.logout.$post());
export const logoutEverywhere = () => done(api.auth["logout-everywhere"].$post());
