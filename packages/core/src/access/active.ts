import * as Director from "../director/index.ts";
import * as Character from "../identity/character/index.ts";
import * as Actor from "../platform/actor/index.ts";
import { VisibleError } from "../platform/error/index.ts";

type Link = Director.DirectorLink;

/** The links whose character still belongs to the linked user. */
async function stillOwned(links: readonly Link[]): Promise<Link[]> {
  const characters = await Promise.all(links.map(({ characterId }) => Character.find(characterId)));
  return links.filter(({ userId }, index) => characters[index]?.userId === userId);
}

/**
 * The active directors among some links: ESI confirmed the role in the last four hours, outages not counted, and the
 * character still belongs to the linked user. Only they can read their corporation. One read for each link.
 */
export async function activeDirectors(links: readonly Link[]): Promise<Link[]> {
  const now = Date.now();
  return stillOwned(links.filter((link) => Director.activeUntil(link) > now));
}

/** EVE is asked about a director whose confirmation has expired no more often than this. */
const askAgainMs = 60_000;

const asking = new Map<string, Promise<Director.Answer>>();

/** What access asks of the wing above, which keeps the corporations. */
export interface Corporations {
  isRegistered: (corporationId: number) => Promise<boolean>;
  /** EVE has confirmed a director again. Runs as the system, once for all requests that share the question. */
  onConfirmed: (corporationId: number) => Promise<unknown>;
}

async function confirmAgain(link: Link, { onConfirmed }: Corporations): Promise<Director.Answer> {
  const answer = await Director.confirmMembership(link);
  if (answer.kind === "confirmed") await onConfirmed(link.corporationId);
  return answer;
}

/** Asks EVE about a director. Requests at the same time share one question: a page sends a dozen at once. */
function askOnce(link: Link, corporations: Corporations): Promise<Director.Answer> {
  const { corporationId, characterId } = link;
  const key = `${corporationId}#${characterId}`;
  const known = asking.get(key);
  if (known) return known;
  const started = Actor.provide({ type: "system", name: "director-confirm" }, () => confirmAgain(link, corporations));
  asking.set(key, started);
  return started.finally(() => asking.delete(key));
}

/**
 * Asks EVE about directors whose confirmation expired because nobody asked (the host was off, or the hourly check was
 * late), and returns those who are active again.
 */
export async function reconfirm(links: readonly Link[], corporations: Corporations): Promise<Link[]> {
  const now = Date.now();
  const expired = links.filter(
    (link) =>
      link.roles.includes("Director") &&
      Director.activeUntil(link) <= now &&
      now - (link.askedAt ?? link.rolesCheckedAt) >= askAgainMs,
  );
  const owned = await stillOwned(expired);
  const answers = await Promise.all(owned.map((link) => askOnce(link, corporations)));
  // Asking takes a while, which counts against `until`.
  const answeredAt = Date.now();
  return owned.filter((_, index) => {
    const answer = answers[index];
    return answer?.kind === "confirmed" || (answer?.kind === "unanswered" && answer.until > answeredAt);
  });
}

/**
 * Passes if EVE confirms one of these directors at this moment. Errors: `director.not_confirmed` (403); EVE's own error
 * if it answers about none of them.
 */
export async function requireConfirmed(links: readonly Link[], corporations: Corporations): Promise<void> {
  const answers: Director.Answer[] = [];
  for (const link of links) {
    const answer = await askOnce(link, corporations);
    if (answer.kind === "confirmed") return;
    answers.push(answer);
  }
  const unanswered = answers.find((answer) => answer.kind === "unanswered");
  if (unanswered) throw unanswered.error;
  const names = links.map(({ name }) => name).join(", ");
  throw new VisibleError(
    "forbidden",
    "director.not_confirmed",
    `EVE does not confirm at this moment that ${names} directs the corporation, so nothing was changed. Log in with a director again.`,
  );
}
