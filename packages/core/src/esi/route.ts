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
}
