import { createHash, timingSafeEqual } from "node:crypto";
import * as Config from "@tapi/core/platform/config";
import { VisibleError } from "@tapi/core/platform/error";
import * as Limit from "@tapi/core/platform/limit";
import * as Log from "@tapi/core/platform/log";
import type { Context, MiddlewareHandler } from "hono";
import type { LambdaEvent } from "hono/aws-lambda";
import { originSecretHeader, viewerAddressHeader, viewerHostHeader } from "../edge-headers.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether CloudFront passed the request on; where none stands before the API (one machine) nobody can show anything. */
function cameThroughEdge(c: Context): boolean {
  const { ORIGIN_SECRET } = Config.get();
  const shown = c.req.header(originSecretHeader);
  return ORIGIN_SECRET !== undefined && shown !== undefined && timingSafeEqual(digest(shown), digest(ORIGIN_SECRET));
}

/** What tells only whether the API is there: monitors may ask at its own address. */
const open = new Set(["/livez", "/readyz", "/health"]);

/** Refuses what went past CloudFront and its firewall, where one stands before the API. */
export const throughEdge: MiddlewareHandler = async (c, next) => {
  const { ORIGIN_SECRET, PUBLIC_URL } = Config.get();
  if (ORIGIN_SECRET === undefined || open.has(c.req.path) || cameThroughEdge(c)) return next();
  throw new VisibleError("forbidden", "request.not_through_edge", `Use the app's own address: ${PUBLIC_URL}`);
};

/**
 * One line for each request that CloudFront passed on, with the viewer's own address: API Gateway's access log knows
 * CloudFront's alone. Method and path come with each line; neither query string nor header stands in it.
 */
export const accessLog: MiddlewareHandler = async (c, next) => {
  await next();
  if (!cameThroughEdge(c)) return;
  const { event } = (c.env ?? {}) as { event?: LambdaEvent };
  const { requestId } = (event?.requestContext ?? {}) as { requestId?: string };
  const address = c.req.header(viewerAddressHeader);
  Log.info("request", { address, status: c.res.status, gatewayRequestId: requestId });
};

/** The network of whoever asks: as CloudFront saw it, else as the API's own address did. Never what a client says. */
export function clientNetwork(c: Context): string {
  const { event } = (c.env ?? {}) as { event?: LambdaEvent };
  const source = (event?.requestContext as { http?: { sourceIp?: string } } | undefined)?.http?.sourceIp;
  const seen = cameThroughEdge(c) ? c.req.header(viewerAddressHeader) : source;
  return Limit.networkOf(seen ?? "") ?? "unknown";
}

/** The host that the browser asked, without its port. Never what a client says past CloudFront. */
export function askedHost(c: Context): string | undefined {
  const { ORIGIN_SECRET } = Config.get();
  const host = c.req.header(ORIGIN_SECRET === undefined ? "host" : viewerHostHeader);
  return host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}
