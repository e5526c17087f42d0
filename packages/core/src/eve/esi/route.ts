export type JsonKind = "list" | "object" | "number" | "string" | "boolean";

/** What the spec says of an answer, as far as it tells an answer from anything else that may come instead. */
export interface AnswerShape {
  kind: JsonKind;
  /** Of a list: what each of its items is. */
  items?: JsonKind;
  /** Fields of the object, or of each item of a lookup's list. */
  fields?: Record<string, JsonKind>;
  /** Those of them that are always there. */
  needs?: string[];
  /** Fields, however deep, in which null has a meaning. Anywhere else it counts as absent. */
  nulls?: string[];
}

/** What the client must know of one ESI operation; generated from the spec's `x-` fields (`generated/routes.ts`). */
export interface Route {
  /** Default: GET. */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  /** Scopes that the access token must carry, all of them. */
  scopes?: string[];
  /** In-game roles, any of which suffices; none named: any member's token. */
  roles?: string[];
  /** How long an answer stays valid when its headers do not say. */
  cacheTtlSeconds?: number;
  /** Expires at 11:05 UTC, after the daily downtime. */
  daily?: boolean;
  /** Default: the whole answer at once. */
  pagination?: "x-pages" | "cursor" | "from_id";
  /** The token bucket that calls are charged to; none: the older error limit applies. */
  rateGroup?: string;
  /** Size of the bucket, as the spec promises it; the headers of an answer know better. */
  maxTokens?: number;
  windowSeconds?: number;
  answer: AnswerShape;
}
