import { z } from "zod";
import { random } from "../random.ts";

const kinds = [
  "latency",
  "status",
  "rate_limited",
  "error_limited",
  "timeout",
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
  "clock_skew",
  "wrong_body",
  "null_fields",
  "encoding",
  "redirect",
  "header",
  "field",
] as const;

/** Bodies that are none: see `deform.ts`. */
export const wrongBodies = [
  "null",
  "object",
  "list",
  "text",
  "number",
  "error",
  "null_item",
  "html",
  "empty",
  "no_content",
  "byte_order_mark",
] as const;

export const encodings = ["GZIP", "x-gzip", "deflate", "br", "identity", "gzip, br", "unknown", "bomb"] as const;

export const faultInput = z.object({
  /** ESI's operation id, or one of SsoToken, SsoJwks, SsoMetadata, SsoAuthorize, SsoRevoke. Default: all of ESI. */
  operationId: z.string().optional(),
  /** Tested against the path. */
  pathRegex: z
    .string()
    .refine((text) => isPattern(text), "Not a regular expression.")
    .optional(),
  corporationId: z.number().int().optional(),
  /** Whose token the request carries. */
  characterId: z.number().int().optional(),
  /** Strikes only what asks for one of these: an id of the path or of the list that is posted. */
  ids: z.array(z.number().int()).optional(),
  kind: z.enum(kinds),
  /** Only requests for a later page, or for what lies behind a cursor or a record. */
  onlyLater: z.boolean().default(false),
  /** For kind status. */
  status: z.number().int().min(400).max(599).default(500),
  /** For kind status at the SSO: the `error` of the body; `invalid_grant` with status 400 is its final no. */
  error: z.string().default("server_error"),
  probability: z.number().min(0).max(1).default(1),
  /** How often it strikes before it is used up; default: always. */
  times: z.number().int().min(1).optional(),
  /** For kind latency, real milliseconds. */
  latencyMs: z.number().min(0).default(1000),
  /** For rate_limited and error_limited. */
  retryAfterSeconds: z.number().int().min(1).default(10),
  /** False: a 429 without any headers, as ESI's inner limiter sends. */
  headers: z.boolean().default(true),
  /** For wrong_body: what comes in place of what the spec has, with status 200 (no_content: 204). */
  body: z.enum(wrongBodies).default("error"),
  /** For encoding: as Content-Encoding names it; `bomb` unpacks to 64 MB. */
  encoding: z.enum(encodings).default("GZIP"),
  /** For redirect: where it leads. `{self}` is the request's own address, `{path}` its path. */
  location: z.string().default("{self}"),
  /** For redirect: from 307 on the form is to be sent again. */
  redirectStatus: z.literal([301, 302, 303, 307, 308]).default(301),
  /** For header: what is sent under this name; null leaves it out. */
  header: z.object({ name: z.string(), value: z.string().nullable() }).default({ name: "X-Pages", value: null }),
  /** For field: what an object's field of this name is, e.g. `expires_in`; without a value it is left out. */
  field: z.object({ name: z.string(), value: z.unknown().optional() }).default({ name: "expires_in", value: "soon" }),
  /** For clock_skew: how far ESI's own clock is ahead. */
  skewSeconds: z.number().default(300),
});

export type FaultInput = z.input<typeof faultInput>;
export type Fault = z.infer<typeof faultInput> & { id: string; left: number; struck: number };

interface Target {
  operationId: string;
  path: string;
  corporationId?: number | undefined;
  characterId?: number | undefined;
  /** What it asks for by id. */
  ids?: readonly number[];
  /** The request asks for a later page, or in the middle of a set. */
  page?: number;
  isConditional?: boolean;
  isCursor?: boolean;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a fault of this kind can show at all in the answer to such a request. */
function canStrike({ kind, onlyLater }: Fault, target: Target): boolean {
  const page = target.page ?? 1;
  if (onlyLater && page === 1 && !target.isCursor) return false;
  if (kind === "page_shift" || kind === "page_count") return page > 1;
  if (kind === "partial_304") return page % 2 === 1 && target.isConditional === true;
  if (kind === "cursor_loop") return target.isCursor === true;
  return true;
}

/** What goes wrong on purpose. */
export class Faults {
  readonly #byId = new Map<string, Fault>();
  #serial = 0;

  add(input: FaultInput): Fault {
    this.#serial += 1;
    const parsed = faultInput.parse(input);
    const fault: Fault = {
      ...parsed,
      id: `fault-${this.#serial}`,
      left: parsed.times ?? Number.POSITIVE_INFINITY,
      struck: 0,
    };
    this.#byId.set(fault.id, fault);
    return fault;
  }

  list(): Fault[] {
    return [...this.#byId.values()];
  }

  remove(id: string): boolean {
    return this.#byId.delete(id);
  }

  clear(): void {
    this.#byId.clear();
  }

  /** The faults that strike this request; each is used up by one. Chances are drawn by number of tries: repeatable. */
  strike(target: Target): Fault[] {
    if (this.#byId.size === 0) return [];
    return this.list().filter((fault) => {
      if (!matches(fault, target) || !canStrike(fault, target)) return false;
      if (fault.left <= 0) return false;
      fault.struck += 1;
      if (!random("fault", fault.id, fault.struck).chance(fault.probability)) return false;
      fault.left -= 1;
      return true;
    });
  }
}

function matches(fault: Fault, { operationId, path, corporationId, characterId, ids = [] }: Target): boolean {
  if (fault.operationId !== undefined && fault.operationId !== operationId) return false;
  // A fault that names nothing hits the data, not the login.
  if (fault.operationId === undefined && fault.pathRegex === undefined && operationId.startsWith("Sso")) return false;
  if (fault.pathRegex !== undefined && !new RegExp(fault.pathRegex).test(path)) return false;
  if (fault.ids !== undefined && !ids.some((id) => fault.ids?.includes(id))) return false;
  if (fault.corporationId !== undefined && fault.corporationId !== corporationId) return false;
  return fault.characterId === undefined || fault.characterId === characterId;
}
