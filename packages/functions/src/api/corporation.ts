import * as Freshness from "@tapi/core/engine/freshness";
import * as Owner from "@tapi/core/owner";
import * as Corporation from "@tapi/core/owners/corporation";
import * as Log from "@tapi/core/platform/log";
import * as Assets from "@tapi/core/product/assets";
import * as Wallet from "@tapi/core/product/wallet";
import { Hono } from "hono";
import * as z from "zod";
import { describe } from "./describe.ts";
import { ownedRoutes } from "./owned.ts";
import { validate } from "./validate.ts";

const Id = z.object({ corporationId: z.coerce.number().int().positive() });
const DirectorId = Id.extend({ characterId: z.coerce.number().int().positive() });
const Summary = Corporation.Info.extend({
  fresh: z.int(),
  due: z.int(),
  stale: z.int(),
  blocked: z.int(),
  total: z.int(),
  /** Nobody had looked for days before this answer. */
  slowed: z.boolean(),
  /** What is stored of its datasets could not be read just now: nothing is counted. */
  unread: z.boolean(),
});
const Details = Corporation.Info.extend({ directors: z.array(Corporation.Director) });

type Status = Freshness.Freshness["status"];

/** How many datasets are as new as EVE gives them, due within what their tier promises, behind, and stuck. */
async function freshnessCounts(corporationId: number) {
  const board = await Freshness.board({ owner: Owner.corporation(corporationId) });
  const count = (...statuses: Status[]) => board.filter((each) => statuses.includes(each.status)).length;
  return {
    fresh: count("fresh", "running"),
    due: count("due", "queued"),
    stale: count("stale", "failed", "never"),
    blocked: count("blocked"),
    total: board.length,
    slowed: board.some((each) => each.slowed),
    unread: false,
  };
}

const uncounted = { fresh: 0, due: 0, stale: 0, blocked: 0, total: 0, slowed: false, unread: true };

/** One corporation that cannot be read leaves the others; where none can be, that is the answer. */
async function summaries() {
  const all = await Corporation.list();
  const counts = await Promise.allSettled(all.map(({ corporationId }) => freshnessCounts(corporationId)));
  const failed = counts.filter((each) => each.status === "rejected");
  if (failed[0] && failed.length === all.length) throw failed[0].reason;
  for (const { reason } of failed) Log.error("corporation not counted", { error: reason });
  return all.map((each, index) => {
    const counted = counts[index];
    return { ...each, ...(counted?.status === "fulfilled" ? counted.value : uncounted) };
  });
}

export const corporation = new Hono()
  .get("/", describe("The corporations that the user can see", z.array(Summary)), async (c) =>
    c.json({ data: await summaries() }),
  )
  .post(
    "/",
    describe("Add a corporation by one of its directors", Corporation.Info, { status: 201 }),
    validate("json", Corporation.add.schema),
    async (c) => c.json({ data: await Corporation.add(c.req.valid("json")) }, 201),
  )
  .get("/:corporationId", describe("A corporation and its directors", Details), validate("param", Id), async (c) => {
    const id = c.req.valid("param");
    const [info, directors] = await Promise.all([Corporation.get(id), Corporation.listDirectors(id)]);
    return c.json({ data: { ...info, directors } });
  })
  .delete(
    "/:corporationId",
    describe("Stop following it; with its last director its data is deleted"),
    validate("param", Id),
    async (c) => {
      await Corporation.remove(c.req.valid("param"));
      return c.body(null, 204);
    },
  )
  .get(
    "/:corporationId/directors",
    describe("Its directors: health, roles, budgets", z.array(Corporation.Director)),
    validate("param", Id),
    async (c) => c.json({ data: await Corporation.listDirectors(c.req.valid("param")) }),
  )
  .patch(
    "/:corporationId/directors/:characterId",
    describe("Say when a director is asked: before the others, in turn, or last"),
    validate("param", DirectorId),
    validate("json", Corporation.preferDirector.schema.pick({ preference: true })),
    async (c) => {
      await Corporation.preferDirector({ ...c.req.valid("param"), ...c.req.valid("json") });
      return c.body(null, 204);
    },
  )
  .delete(
    "/:corporationId/directors/:characterId",
    describe("Take a director out"),
    validate("param", DirectorId),
    async (c) => {
      await Corporation.removeDirector(c.req.valid("param"));
      return c.body(null, 204);
    },
  )
  .get(
    "/:corporationId/wallet/summary",
    describe("Balances by division and how they moved", Wallet.Summary),
    validate("param", Id),
    validate("query", Wallet.summary.schema.pick({ days: true })),
    async (c) => c.json({ data: await Wallet.summary({ ...c.req.valid("param"), ...c.req.valid("query") }) }),
  )
  .get(
    "/:corporationId/assets/summary",
    describe("Totals by station, type and hangar", Assets.Summary),
    validate("param", Id),
    async (c) => c.json({ data: await Assets.summary(c.req.valid("param")) }),
  )
  .route("/:corporationId", ownedRoutes("corporation"));
