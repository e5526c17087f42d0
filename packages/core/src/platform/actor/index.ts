import { AsyncLocalStorage } from "node:async_hooks";
import { VisibleError } from "../error/index.ts";

/** Who is asking. Never taken from input: set once at the edge (session cookie, queue consumer, schedule). */
export type Actor =
  | { type: "public" }
  | { type: "user"; userId: string; sessionId: string }
  | { type: "system"; name: string };

const storage = new AsyncLocalStorage<Actor>();

export const provide = <T>(actor: Actor, body: () => T): T => storage.run(actor, body);

export const use = (): Actor => storage.getStore() ?? { type: "public" };

/** The asking user; throws `session.required` (401) for anyone else. */
export function assertUser(): Extract<Actor, { type: "user" }> {
  const actor = use();
  if (actor.type !== "user") throw new VisibleError("unauthorized", "session.required", "Log in first.");
  return actor;
}

/** Refuses everyone but our own workers and schedules; reaching it otherwise is a bug, not a person's mistake. */
export function assertSystem(): Extract<Actor, { type: "system" }> {
  const actor = use();
  if (actor.type !== "system") throw new Error(`system actor required, got ${actor.type}`);
  return actor;
}
