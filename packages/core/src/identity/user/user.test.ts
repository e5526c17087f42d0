import { expect, test } from "vitest";
import * as Actor from "../../platform/actor/index.ts";
import * as User from "./index.ts";

test.each<Actor.Actor>([
  { type: "user", userId: crypto.randomUUID(), sessionId: crypto.randomUUID() },
  { type: "public" },
  { type: "system", name: "test" },
])("an actor who is no user, or a deleted one (%j), is asked to log in", async (actor) => {
  const attempt = Actor.provide(actor, () => User.current());

  await expect(attempt).rejects.toThrow(actor.type === "user" ? "Log in first." : /Log in|user actor required/);
});
