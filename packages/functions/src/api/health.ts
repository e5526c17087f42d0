import * as Health from "@tapi/core/platform/health";
import { Hono } from "hono";
import { declaredQuery } from "./declared-query.ts";

/** For load balancers and people: alive; able to serve; and what each part says. */
export const health = new Hono()
  .get("/livez", declaredQuery, (c) => c.json({ data: { status: "ok" } }))
  .get("/readyz", declaredQuery, async (c) => {
    const report = await Health.check();
    return c.json({ data: { status: report.status } }, report.status === "ok" ? 200 : 503);
  })
  .get("/health", declaredQuery, async (c) => {
    const report = await Health.check();
    return c.json({ data: report }, report.status === "ok" ? 200 : 503);
  });
