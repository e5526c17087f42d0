import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { cache } from "./cache.ts";

/** Frees at once what nothing holds any more, and lets those who wait for it act. */
async function collectGarbage() {
  setFlagsFromString("--expose_gc");
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 3; round++) {
    collect();
    await turn();
  }
}

const answering = () =>
  new Hono()
    .use(async (_, next) => {
      await next();
      await collectGarbage();
    })
    .use(cache)
    .get("/api/v1/corporations", (c) => c.json({ data: [1, 2, 3] }));

test("an answer outlives a collection of garbage between its tag and its way out", async () => {
  const answer = await answering().request("/api/v1/corporations");

  expect(await answer.json()).toEqual({ data: [1, 2, 3] });
});

test("who shows the tag of an unchanged answer gets 304 and no body", async () => {
  const app = answering();
  const first = await app.request("/api/v1/corporations");
  const tag = first.headers.get("etag") ?? "";

  const again = await app.request("/api/v1/corporations", { headers: { "if-none-match": tag } });

  expect(first.status).toBe(200);
  expect(first.headers.get("content-type")).toBe("application/json");
  expect(again.status).toBe(304);
  expect(again.headers.get("etag")).toBe(tag);
  expect(await again.text()).toBe("");
});
