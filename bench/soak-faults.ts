import { Datasets } from "@tapi/core/owners/corporation";
import type { Chance } from "./chance.ts";
import type { SoakStack } from "./soak-stack.ts";

const statuses = [401, 403, 404, 500, 502, 503, 504, 520];
/** `timeout` is left out: it would wait for real seconds. */
const kinds = [
  "latency",
  "rate_limited",
  "error_limited",
  "reset",
  "truncated",
  "malformed",
  "bad_row",
  "page_shift",
  "page_count",
  "duplicate_ids",
  "empty",
  "partial_304",
  "cursor_loop",
  "wrong_body",
  "encoding",
  "redirect",
];
const bodies = ["null", "object", "list", "text", "number", "error", "null_item", "html", "empty", "no_content"];
const encodings = ["GZIP", "x-gzip", "deflate", "br", "gzip, br", "unknown"];

const operations = [...new Set(Datasets.datasets.flatMap((dataset) => dataset.operations))];

/** Answers of the login server that cost no token. One whose new refresh token is lost on the way may cost the director. */
async function injectLoginFault({ control }: SoakStack, chance: Chance): Promise<void> {
  await control("faults", {
    operationId: "SsoToken",
    ...(chance.next() < 0.5
      ? { kind: "status", status: chance.pick([401, 403, 429, 500, 503]), error: "invalid_grant" }
      : { kind: "field", field: { name: "expires_in", value: chance.pick(["soon", null, 0, -1, 1e12]) } }),
    times: 1 + Math.floor(chance.next() * 6),
  });
}

/** Something goes wrong for a while: with one route, one corporation, or both; one to six times. */
export async function injectFault(stack: SoakStack, chance: Chance): Promise<void> {
  if (chance.next() < 0.04) return injectLoginFault(stack, chance);
  const { control, owners } = stack;
  const { corporationId } = chance.pick(owners);
  const scope = chance.next();
  const kind = chance.next() < 0.4 ? "status" : chance.pick(kinds);
  await control("faults", {
    kind,
    ...(kind === "status" ? { status: chance.pick(statuses) } : {}),
    ...(scope < 0.8 ? { operationId: chance.pick(operations) } : {}),
    ...(scope > 0.3 ? { corporationId } : {}),
    headers: chance.next() < 0.5,
    retryAfterSeconds: 1 + Math.floor(chance.next() * 120),
    latencyMs: 50,
    body: chance.pick(bodies),
    encoding: chance.pick(encodings),
    location: "http://127.0.0.1:1{path}",
    times: 1 + Math.floor(chance.next() * 6),
  });
}
