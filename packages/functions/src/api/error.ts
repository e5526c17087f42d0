import * as Esi from "@tapi/core/eve/esi";
import * as Token from "@tapi/core/identity/token";
import { statusOf, VisibleError } from "@tapi/core/platform/error";
import * as Log from "@tapi/core/platform/log";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";

/** Failures of the outside world that a person should read about rather than a bare 500. */
export function translate(error: unknown): unknown {
  if (error instanceof Token.TokenDeadError) {
    return new VisibleError("forbidden", "token.dead", Token.explain(error.reason));
  }
  if (error instanceof Token.TokenUnavailableError) {
    return new VisibleError(
      "unavailable",
      "token.unavailable",
      "EVE's login service does not answer just now. Try again in a minute.",
    );
  }
  if (error instanceof Esi.EsiError) return new VisibleError("unavailable", `esi.${error.kind}`, Esi.explain(error));
  if (error instanceof HTTPException && error.status === 400) {
    return new VisibleError("validation", "request.invalid", "The request's body is not JSON.");
  }
  return error;
}

/** The one place that turns what was thrown into an answer. Anything but a VisibleError is our bug: logged, never shown. */
export function onError(thrown: Error, c: Context): Response {
  const requestId = c.get("requestId");
  const error = translate(thrown);
  if (error instanceof VisibleError) {
    const { code, message, details, kind } = error;
    return c.json(
      { error: { code, message, ...(details === undefined ? {} : { details }), requestId } },
      statusOf[kind],
    );
  }
  Log.error("request failed", { error: thrown, requestId });
  const message = "Something went wrong on our side. Give the request id to whoever runs this.";
  return c.json({ error: { code: "internal", message, requestId } }, 500);
}

export const notFound = (c: Context): Response =>
  c.json(
    { error: { code: "request.no_such_route", message: "There is nothing here.", requestId: c.get("requestId") } },
    404,
  );
