import * as Session from "@tapi/core/identity/session";
import * as Corporation from "@tapi/core/owners/corporation";
import { Datasets } from "@tapi/core/owners/corporation";
import * as Actor from "@tapi/core/platform/actor";
import * as Login from "@tapi/core/product/login";

/** Chooses a pilot on New Eden's authorize page and returns what EVE SSO sends back to the callback. */
async function choose(url: string, characterId: number): Promise<{ code: string; state: string }> {
  const { origin, search } = new URL(url);
  const response = await fetch(`${origin}/v2/oauth/authorize${search}`, {
    method: "POST",
    body: new URLSearchParams({ character_id: String(characterId) }),
    redirect: "manual",
  });
  const callback = new URL(response.headers.get("location") ?? "");
  return { code: callback.searchParams.get("code") ?? "", state: callback.searchParams.get("state") ?? "" };
}

const cookieValue = (setCookie: string): string => setCookie.slice(setCookie.indexOf("=") + 1).split(";")[0] ?? "";

async function logIn(characterId: number, purpose: "login" | "corporation", scopes: string[] = []) {
  const { url, setCookies } = await Login.begin({ purpose, scopes });
  return Login.complete({ ...(await choose(url, characterId)), cookie: cookieValue(setCookies[0] ?? "") });
}

/** A pilot who logged in and granted what a director grants. */
export interface Pilot {
  userId: string;
  characterId: number;
  /** Runs `body` as this pilot's user. */
  as: <T>(body: () => T) => T;
}

export async function directorOf(characterId: number): Promise<Pilot> {
  const { userId } = await logIn(characterId, "login");
  const as: Pilot["as"] = (body) => Actor.provide({ type: "user", userId, sessionId: "test" }, body);
  await as(() => logIn(characterId, "corporation", Datasets.directorScopes()));
  return { userId, characterId, as };
}

/** A director whose corporation has been added. */
export async function corporationOf(characterId: number): Promise<Pilot & { corporationId: number }> {
  const pilot = await directorOf(characterId);
  const { corporationId } = await pilot.as(() => Corporation.add({ characterId }));
  return { ...pilot, corporationId };
}

/** A session cookie's value, as the browser would hold it after this pilot's login. */
export async function sessionCookieOf(characterId: number): Promise<string> {
  const { setCookies } = await logIn(characterId, "login");
  const header = setCookies.find((each) => each.startsWith(`${Session.sessionCookie()}=`));
  return cookieValue(header ?? "");
}
