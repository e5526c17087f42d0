import * as Freshness from "@tapi/core/engine/freshness";
import * as Refresh from "@tapi/core/engine/refresh";
import type { Owner } from "@tapi/core/owner";
import { Hono } from "hono";
import * as z from "zod";
import { describe } from "./describe.ts";
import { historyOf } from "./history.ts";
import { paramsOf } from "./owner-params.ts";
import { rowsOf } from "./rows.ts";
import { validate } from "./validate.ts";

/** What every kind of owner offers of its datasets: freshness, refreshing, rows and history. */
export function ownedRoutes(kind: Owner["kind"]) {
  const params = paramsOf(kind);
  return new Hono()
    .get(
      "/freshness",
      describe("How fresh each dataset is, and why not fresher", z.array(Freshness.Freshness)),
      validate("param", params.Owned),
      async (c) => c.json({ data: await Freshness.board(c.req.valid("param")) }),
    )
    .post(
      "/refresh",
      describe("Refresh every dataset now of which ESI may have something newer, or which failed", Refresh.Refreshed),
      validate("param", params.Owned),
      async (c) => {
        const data = await Refresh.requestAll(c.req.valid("param"));
        return c.json({ data }, data.status === "queued" ? 202 : 200);
      },
    )
    .post(
      "/datasets/:dataset/refresh",
      describe("Refresh now, if ESI may have something newer", Refresh.Refreshed),
      validate("param", params.OwnedDataset),
      async (c) => {
        const data = await Refresh.request(c.req.valid("param"));
        return c.json({ data }, data.status === "queued" ? 202 : 200);
      },
    )
    .route("/", rowsOf(params))
    .route("/", historyOf(params));
}
