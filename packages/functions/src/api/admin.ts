import * as Access from "@tapi/core/access";
import * as Audit from "@tapi/core/audit";
import { kinds } from "@tapi/core/owner";
import * as Corporation from "@tapi/core/owners/corporation";
import * as DeadLetter from "@tapi/core/product/dead-letter";
import * as Tier from "@tapi/core/product/tier";
import { Hono } from "hono";
import * as z from "zod";
import { describe } from "./describe.ts";
import { validate } from "./validate.ts";

const OwnerId = z.object({ kind: z.enum(kinds), id: z.coerce.number().int().positive() });
const Meta = z.object({ nextCursor: z.string().optional() });

export const admin = new Hono()
  // Before anything is parsed: to everyone else none of these addresses exists.
  .use(async (_, next) => {
    await Access.requireAdmin();
    await next();
  })
  .get("/queues", describe("How full each queue is", z.array(DeadLetter.QueueState)), async (c) =>
    c.json({ data: await DeadLetter.queueStates() }),
  )
  .get(
    "/corporations",
    describe(
      "Corporations of which nothing is fetched any more, and when their data goes",
      z.array(Corporation.Inactive),
    ),
    async (c) => c.json({ data: await Corporation.listInactive() }),
  )
  .get("/owners", describe("Every enrolled owner and its tier", z.array(Tier.Enrolled)), async (c) =>
    c.json({ data: await Tier.list() }),
  )
  .put(
    "/owners/:kind/:id/tier",
    describe("Set how soon an owner's datasets are refreshed after they expire"),
    validate("param", OwnerId),
    validate("json", Tier.set.schema.pick({ tier: true })),
    async (c) => {
      await Tier.set({ owner: c.req.valid("param"), ...c.req.valid("json") });
      return c.body(null, 204);
    },
  )
  .get(
    "/dead-letters",
    describe("Messages that failed for good, newest first", z.array(DeadLetter.Letter), {
      meta: Meta.extend({ total: z.int(), oldestSentAt: z.iso.datetime().optional() }),
    }),
    validate("query", DeadLetter.list.schema),
    async (c) => {
      const { letters, ...meta } = await DeadLetter.list(c.req.valid("query"));
      return c.json({ data: letters, meta });
    },
  )
  .post(
    "/dead-letters/redrive",
    describe("Send one message, or all of a queue, back to be tried again", z.object({ redriven: z.int() })),
    validate("json", DeadLetter.redrive.schema),
    async (c) => c.json({ data: await DeadLetter.redrive(c.req.valid("json")) }),
  )
  .post(
    "/dead-letters/discard",
    describe("Delete one message, or all of a queue, for a reason that is kept", z.object({ discarded: z.int() })),
    validate("json", DeadLetter.discard.schema),
    async (c) => c.json({ data: await DeadLetter.discard(c.req.valid("json")) }),
  )
  .get(
    "/audit",
    describe("Who destroyed what and changed who sees it, newest first", z.array(Audit.Entry), { meta: Meta }),
    validate("query", Audit.list.schema),
    async (c) => {
      const { entries, ...meta } = await Audit.list(c.req.valid("query"));
      return c.json({ data: entries, meta });
    },
  );
