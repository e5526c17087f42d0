import type { InferResponseType } from "hono/client";
import type { api } from "./client.ts";

/** The data that a call answers with. Times are ISO strings in UTC. */
export type DataOf<Call> = InferResponseType<Call> extends { data: infer Data } ? Data : never;

type Corporations = typeof api.corporations;
type OneCorporation = Corporations[":corporationId"];
type RowCalls = OneCorporation["datasets"][":dataset"]["rows"];

export type User = NonNullable<DataOf<(typeof api.session)["$get"]>["user"]>;
export type Character = DataOf<(typeof api.characters)["$get"]>[number];
export type TokenUse = DataOf<(typeof api.characters)[":characterId"]["token-uses"]["$get"]>[number];
export type CorporationSummary = DataOf<Corporations["$get"]>[number];
export type CorporationInfo = Pick<
  DataOf<OneCorporation["$get"]>,
  "allianceName" | "allianceId" | "ceoName" | "inactive"
>;
export type Director = DataOf<OneCorporation["directors"]["$get"]>[number];
export type Freshness = DataOf<OneCorporation["freshness"]["$get"]>[number];
export type FreshnessStatus = Freshness["status"];
export type Dataset = DataOf<(typeof api.datasets)["$get"]>[number];
export type DatasetColumn = Dataset["columns"][number];
export type Row = DataOf<RowCalls["$get"]>[number];
export type RowsMeta = InferResponseType<RowCalls["$get"]>["meta"];
export type Facet = DataOf<RowCalls["facets"]["$get"]>[number];
export type WalletSummary = DataOf<OneCorporation["wallet"]["summary"]["$get"]>;
export type ChangeEntry = DataOf<OneCorporation["history"]["$get"]>[number];
export type QueueState = DataOf<(typeof api.admin.queues)["$get"]>[number];
export type LettersMeta = InferResponseType<(typeof api.admin)["dead-letters"]["$get"]>["meta"];
export type DeadLetter = DataOf<(typeof api.admin)["dead-letters"]["$get"]>[number];
export type InactiveCorporation = DataOf<(typeof api.admin.corporations)["$get"]>[number];
export type AuditEntry = DataOf<(typeof api.admin.audit)["$get"]>[number];
export type SocketTicket = DataOf<(typeof api.socket.ticket)["$post"]>;

interface ChangeSummary {
  added: number;
  removed: number;
  changed: number;
  total: number;
}

/** What the socket pushes. A `user:` topic's `id` is acknowledged; what is not comes again after a reconnect. */
export type SocketMessage = { id: string; topic: string; at: string } & (
  | { type: "subscribed"; data: { topics: string[]; refused: string[] } }
  | { type: "pong"; data?: unknown }
  | {
      type: "dataset.refreshed";
      data: { dataset: string; freshness: Freshness; summary: ChangeSummary };
    }
  | { type: "dataset.progress"; data: { dataset: string; freshness: Freshness } }
  | { type: "director.failed"; data: { corporationId: number; name: string; message: string } }
  | { type: "token.died"; data: { characterId: number; reason: string } }
  | { type: "notice"; data: { action: string; message: string; corporationId?: number } }
);
