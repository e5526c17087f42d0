import * as Esi from "@tapi/core/eve/esi";
import * as Token from "@tapi/core/identity/token";
import { VisibleError } from "@tapi/core/platform/error";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { onError } from "./error.ts";

/** What is answered when a route throws. */
async function answerTo(error: Error): Promise<{ status: number; code: string; message: string; details?: unknown }> {
  const app = new Hono().get("/", () => {
    throw error;
  });
  const response = await app.onError(onError).request("/");
  return {
    status: response.status,
    ...((await response.json()) as { error: { code: string; message: string } }).error,
  };
}

test.each<[Error, number, string]>([
  [new Token.TokenDeadError(1, "owner_changed"), 403, "token.dead"],
  [new Token.TokenUnavailableError(1), 503, "token.unavailable"],
  [new Esi.EsiError("downtime", "GetStatus", "is down"), 503, "esi.downtime"],
  [new Esi.EsiError("forbidden", "GetStatus", "said no"), 503, "esi.forbidden"],
  [new VisibleError("conflict", "some.code", "Some text.", { left: 1 }), 409, "some.code"],
])("%s is told to a person, with its code", async (error, status, code) => {
  expect(await answerTo(error)).toMatchObject({ status, code });
});

test("details are shown where there are some, and only there", async () => {
  const shown = await answerTo(new VisibleError("conflict", "some.code", "Some text.", { left: 1 }));
  const bare = await answerTo(new VisibleError("conflict", "some.code", "Some text."));

  expect(shown.details).toEqual({ left: 1 });
  expect(bare).not.toHaveProperty("details");
});

test("anything else is our bug, and nothing of it is shown", async () => {
  const answer = await answerTo(new Error("row 7 of table-x"));

  expect(answer).toMatchObject({ status: 500, code: "internal" });
  expect(JSON.stringify(answer)).not.toContain("row 7");
});
