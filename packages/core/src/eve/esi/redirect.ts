import { type AnswerOnWire, exchange, WireRequest } from "./wire.ts";

/** More is a loop, or somebody's trap. */
const mostRedirects = 2;

const redirecting: readonly number[] = [301, 302, 303, 307, 308];

const routeOf = ({ pathname }: URL): string => pathname.replace(/\/+$/, "");

/**
 * Where a redirect of `from` leads, if that is the same question to the same server: same scheme, host, port and path, so that a
 * token never goes anywhere else and no other owner's answer comes back. What the question named in its query stays named.
 */
function targetOf({ url, method }: WireRequest, from: URL, location: string | null): URL | undefined {
  if (method !== "GET" || !location || !URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from.href);
  const isSame = target.origin === url.origin && routeOf(target) === routeOf(url);
  if (!isSame || target.username || target.password) return undefined;
  for (const name of new Set(url.searchParams.keys())) {
    target.searchParams.delete(name);
    for (const value of url.searchParams.getAll(name)) target.searchParams.append(name, value);
  }
  return target;
}

/** As `exchange`, but follows a redirect that stays at home; any other one is the answer. */
export async function exchangeFollowing(request: WireRequest): Promise<AnswerOnWire & { redirects: number }> {
  let current = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await exchange(current);
    const target =
      redirects < mostRedirects && redirecting.includes(answer.status)
        ? targetOf(request, current.url, answer.headers.get("location"))
        : undefined;
    if (!target) return { ...answer, redirects };
    const { method, headers, signal } = current;
    current = new WireRequest(target.href, { method, headers, signal });
  }
}
