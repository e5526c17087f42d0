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

/** Where the browser goes to link a character, or renew a linked one's token, with the scopes of the pilot's own data. */
export function shareUrl(returnTo: string, characterId?: number): string {
  const of = characterId ? { characterId: String(characterId) } : {};
  return api.auth.login.$url({ query: { purpose: "character", returnTo, share: "true", ...of } }).toString();
}

export const logout = () => done(api.auth.logout.$post());
export const logoutEverywhere = () => done(api.auth["logout-everywhere"].$post());
