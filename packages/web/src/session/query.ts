import { queryOptions } from "@tanstack/react-query";
import { get, write } from "../api/client.ts";
import type { Session } from "../api/contract.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => (await get<Session>("/session", { signal })).data,
  staleTime: 5 * 60_000,
});

/** Where the browser goes to log in, or to give a character's or a corporation's scopes. */
export function loginUrl(purpose: "login" | "character" | "corporation", returnTo: string): string {
  return `/api/v1/auth/login?${new URLSearchParams({ purpose, returnTo })}`;
}

export const logout = () => write("POST", "/auth/logout");
export const logoutEverywhere = () => write("POST", "/auth/logout-everywhere");
