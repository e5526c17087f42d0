import { type Context, Hono } from "hono";
import { z } from "zod";
import { secondMs } from "../clock.ts";
import type { EsiParts } from "../esi/gateway.ts";
import { faultInput } from "../fault/index.ts";
import type { Confidences } from "../sso/confidences.ts";
import type { Grants } from "../sso/grants.ts";
import { type Command, commands, UnknownTarget } from "../world/command.ts";
import { summary } from "./summary.ts";
import { truth, type Wanted } from "./truth.ts";

const advance = z.object({ advanceSeconds: z.number().min(0) });
const pilot = z.object({ characterId: z.number().int() });
const owner = z.union([z.object({ corporationId: z.number().int() }), z.object({ characterId: z.number().int() })]);
const lost = z.intersection(owner, z.object({ operationIds: z.array(z.string()) }));
const downtime = z.object({ durationSeconds: z.number().min(0) });

async function read<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.output<Schema>> {
  return schema.parse(await c.req.json().catch(() => undefined));
}

/** What only a simulator has: look at everything, move time, change the world, make things go wrong. */
export function controlRoutes(parts: EsiParts, grants: Grants, confidences: Confidences): Hono {
  const { simulation, faults, stats, snapshots, readings, buckets, downtime: outage, accessTokens } = parts;
  const { clock } = simulation;
  const clockState = () => ({ now: new Date(clock.now()).toISOString(), offsetMs: clock.offsetMs });

  const told = (c: Context, wanted: Wanted) => {
    const rows = truth(simulation, snapshots, wanted, c.req.query());
    return rows === undefined ? c.json({ error: "No such owner or dataset." }, 404) : c.json(rows as object);
  };

  const app = new Hono();
  app.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
    if (error instanceof UnknownTarget) return c.json({ error: error.message }, 404);
    throw error;
  });

  app.get("/world", (c) => c.json(summary(simulation)));
  app.get("/truth/:corporationId/:dataset", (c) => {
    const { corporationId, dataset } = c.req.param();
    return told(c, { corporationId: Number(corporationId), dataset });
  });
  app.get("/truth/character/:characterId/:dataset", (c) => {
    const { characterId, dataset } = c.req.param();
    return told(c, { characterId: Number(characterId), dataset });
  });

  app.get("/clock", (c) => c.json(clockState()));
  app.post("/clock", async (c) => {
    clock.advance(Math.round((await read(c, advance)).advanceSeconds * secondMs));
    return c.json(clockState());
  });

  app.get("/faults", (c) => c.json(faults.list()));
  app.post("/faults", async (c) => c.json({ id: faults.add(await read(c, faultInput)).id }, 201));
  app.delete("/faults", (c) => {
    faults.clear();
    return c.body(null, 204);
  });
  app.delete("/faults/:id", (c) => c.body(null, faults.remove(c.req.param("id")) ? 204 : 404));

  app.get("/confidences", (c) => c.json(confidences.list()));
  app.post("/tokens/revoke", async (c) => {
    const { characterId } = await read(c, pilot);
    grants.revokeCharacter(characterId);
    accessTokens.revoke(characterId, clock.now());
    return c.body(null, 204);
  });
  app.post("/downtime", async (c) => {
    outage.start(clock.now(), (await read(c, downtime)).durationSeconds);
    return c.body(null, 204);
  });
  app.post("/readings/forget", async (c) => {
    const { operationIds, ...owner } = await read(c, lost);
    readings.forget(owner, operationIds);
    return c.body(null, 204);
  });
  for (const [kind, schema] of Object.entries(commands)) {
    app.post(`/${kind}`, async (c) => {
      const body = (await c.req.json().catch(() => undefined)) as object | undefined;
      simulation.do(schema.parse({ ...body, kind }) as Command);
      return c.body(null, 204);
    });
  }

  app.get("/stats", (c) =>
    c.json({
      requests: stats.requests,
      sent429: stats.sent429,
      sent420: stats.sent420,
      earlyFetches: readings.early,
      earlyExamples: readings.examples,
      tokensSpent: buckets.tokensSpent,
    }),
  );
  app.delete("/stats", (c) => {
    stats.reset();
    readings.reset();
    buckets.tokensSpent = 0;
    return c.body(null, 204);
  });
  return app;
}
