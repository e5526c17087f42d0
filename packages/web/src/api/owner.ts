import { api } from "./client.ts";

export type OwnerKind = "corporation" | "character";

/** Whose data it is. */
export interface Owner {
  kind: OwnerKind;
  id: number;
}

export const corporationOwner = (id: number): Owner => ({ kind: "corporation", id });
export const characterOwner = (id: number): Owner => ({ kind: "character", id });

export const isSameOwner = (one: Owner, other: Owner | undefined): boolean =>
  one.kind === other?.kind && one.id === other.id;

/** What the API offers alike for every kind of owner. */
type OwnerCalls = Pick<
  (typeof api.corporations)[":corporationId"],
  "freshness" | "refresh" | "datasets" | "history" | "history.csv"
>;

const calls: Record<OwnerKind, OwnerCalls> = {
  corporation: api.corporations[":corporationId"],
  // Alike but for the name of the path's parameter.
  character: api.characters[":characterId"] as unknown as OwnerCalls,
};

/** The API's calls for an owner, and the parameters of their path. */
export function ownerPath({ kind, id }: Owner) {
  // The client fills in the one that the path of the kind has.
  return { at: calls[kind], param: { corporationId: String(id), characterId: String(id) } };
}

/** What is subscribed to for an owner. */
export const topicOf = ({ kind, id }: Owner): string => `${kind}:${id}`;

/** The owner whose topic it is; undefined for every other topic. */
export function ownerOfTopic(topic: string): Owner | undefined {
  const [, kind, id] = /^(corporation|character):(\d+)$/.exec(topic) ?? [];
  return kind && id ? { kind: kind as OwnerKind, id: Number(id) } : undefined;
}
