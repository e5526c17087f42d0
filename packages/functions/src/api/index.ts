import "@tapi/core/owners";
import { sessionCookie } from "@tapi/core/identity/session";
import * as Config from "@tapi/core/platform/config";
import { VisibleError } from "@tapi/core/platform/error";
import * as Log from "@tapi/core/platform/log";
import * as Account from "@tapi/core/product/account";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";
import { admin } from "./admin.ts";
import { actor, sameOrigin } from "./auth.ts";
import { cache } from "./cache.ts";
import { character } from "./character.ts";
import { accessLog, throughEdge } from "./client.ts";
import { corporation } from "./corporation.ts";
import { dataset } from "./dataset.ts";
import { declaredQuery } from "./declared-query.ts";
import { docsPage } from "./docs.ts";
import { notFound, onError } from "./error.ts";
import { health } from "./health.ts";
import { limit, limitUser } from "./limit.ts";
import { generate } from "./openapi.ts";
import { auth, session, socket } from "./session.ts";

/** Larger than any body that a route takes. */
const maxBodyBytes = 100_000;

const tooLarge = () => {
  throw new VisibleError("too_large", "request.too_large", "The request's body is too large.");
};

const v1 = new Hono()
  .route("/session", session)
  .route("/auth", auth)
  .route("/socket", socket)
  .route("/characters", character)
  .route("/corporations", corporation)
  .route("/datasets", dataset)
  .route("/admin", admin);

const api = new Hono()
  // Always our own: a client could give many requests one id. Its own stands beside it in the log.
  .use(requestId({ headerName: "" }), async (c, next) => {
    await next();
    c.header("X-Request-Id", c.get("requestId"));
  })
  .use((c, next) => {
    const clientRequestId = c.req
      .header("x-request-id")
      ?.replace(/[^\w.:-]/g, "")
      .slice(0, 64);
    const { method, path } = c.req;
    return Log.withFields(
      { requestId: c.get("requestId"), method, path, ...(clientRequestId ? { clientRequestId } : {}) },
      next,
    );
  })
  // Before the answer leaves: a function is frozen after it, and what it remembers of tokens would be lost.
  .use(async (_, next) => {
    await next();
    await Account.finishTokenUses();
  })
  .use(cache)
  .use(accessLog, throughEdge, limit)
  .use("/api/*", bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge }), sameOrigin, actor, limitUser)
  .route("/api/v1", v1)
  .route("/", health)
  .notFound(notFound)
  .onError(onError);

const about = {
  title: "TAPI",
  version: "1",
  description:
    "EVE Online corporations, live. Success is `{ data, meta? }`, failure `{ error: { code, message, details?, requestId } }`. Version 1 is not frozen yet: it may still change, and freezes with release 1.0.",
};

const openApi = () => generate(v1, about, { url: `${Config.get().PUBLIC_URL}/api/v1`, cookie: sessionCookie() });

const described = api
  .get("/api/v1/openapi.json", declaredQuery, (c) => c.json(openApi()))
  .get("/api/docs", declaredQuery, (c) => c.html(docsPage(openApi())));

export const app = described;
/** The API's type, from which the web app's client is inferred. */
export type Api = typeof described;

Log.setLevel(Config.get().LOG_LEVEL);

export const handler = handle(app);
