import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { InferRequestType } from "hono/client";
import { api, done, read, readPage, until } from "../api/client.ts";
import type { DataOf } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";

const { admin } = api;

/** Queues send no events: they are polled while the page is open. */
const LOOK_AGAIN_MS = 10_000;

export const queuesQuery = queryOptions({
  queryKey: ["admin", "queues"],
  queryFn: ({ signal }) => read(admin.queues.$get({}, until(signal))),
  staleTime: 0,
  refetchInterval: LOOK_AGAIN_MS,
});

export const inactiveQuery = queryOptions({
  queryKey: ["admin", "corporations"],
  queryFn: ({ signal }) => read(admin.corporations.$get({}, until(signal))),
  staleTime: 0,
});

type LetterQuery = InferRequestType<(typeof admin)["dead-letters"]["$get"]>["query"];

export const lettersQuery = (queue: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["admin", "dead-letters", queue],
    queryFn: ({ pageParam, signal }) => {
      // The address may name any queue; the API refuses one that does not exist.
      const query = { limit: "50", ...(queue ? { queue } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      return readPage(admin["dead-letters"].$get({ query: query as LetterQuery }, until(signal)));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.nextCursor,
    staleTime: 0,
  });

export const auditQuery = infiniteQueryOptions({
  queryKey: ["admin", "audit"],
  queryFn: ({ pageParam, signal }) =>
    readPage(admin.audit.$get({ query: { limit: "50", ...(pageParam ? { cursor: pageParam } : {}) } }, until(signal))),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.meta.nextCursor,
  staleTime: 0,
});

type Redrive = InferRequestType<(typeof admin)["dead-letters"]["redrive"]["$post"]>["json"];
type Discard = InferRequestType<(typeof admin)["dead-letters"]["discard"]["$post"]>["json"];

export const redrive = (which: Redrive) => read(admin["dead-letters"].redrive.$post({ json: which }));
export const discard = (which: Discard) => read(admin["dead-letters"].discard.$post({ json: which }));

/** An owner whose data is fetched, as the administration sees it. */
export type AdminOwner = DataOf<(typeof owners)["$get"]>[number];

export type Tier = AdminOwner["tier"];
export const tiers: readonly Tier[] = ["P0", "P1", "P2", "P3"];

const { owners } = admin;

export const ownersQuery = queryOptions({
  queryKey: ["admin", "owners"],
  queryFn: ({ signal }) => read(owners.$get({}, until(signal))),
  staleTime: 0,
});

export const setTier = ({ kind, id }: Owner, tier: Tier) =>
  done(owners[":kind"][":id"].tier.$put({ param: { kind, id: String(id) }, json: { tier } }));
