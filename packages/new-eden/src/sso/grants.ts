import { createHash, randomBytes } from "node:crypto";
import { minuteMs } from "../clock.ts";
import type { Store } from "../store/index.ts";

/** A pilot's consent: what a refresh token stands for. */
export interface Grant {
  characterId: number;
  clientId: string;
  scopes: string[];
}

interface KeptGrant extends Grant {
  id: string;
}

type Line =
  | { issued: KeptGrant; replaces?: string; atMs?: number }
  | { retired: string; atMs: number }
  | { removed: string };

/** A rotated token still works for a moment, so that an answer lost on the way does not cost the pilot's consent. */
const graceMs = 2 * minuteMs;
const file = "grants.log";

const idOf = (token: string) => createHash("sha256").update(token).digest("base64url");

/** Refresh tokens, by their hash. Each use brings a new one; the old one dies soon after. */
export class Grants {
  readonly #byId = new Map<string, KeptGrant>();
  /** When a newer token took the place of each, oldest first. */
  readonly #retiredMs = new Map<string, number>();
  readonly #store: Store;

  constructor(store: Store, nowMs: number) {
    this.#store = store;
    for (const line of store.lines<Line>(file)) {
      if ("removed" in line) this.#byId.delete(line.removed);
      else if ("retired" in line) this.#retiredMs.set(line.retired, line.atMs);
      else this.#add(line.issued, line.replaces, line.atMs);
    }
    this.#sweep(nowMs);
    const issued = [...this.#byId.values()].map((grant): Line => ({ issued: grant }));
    const retired = [...this.#retiredMs].map(([id, atMs]): Line => ({ retired: id, atMs }));
    store.rewrite(file, [...issued, ...retired]);
  }

  issue(grant: Grant): string {
    return this.#issue(grant);
  }

  find(token: string, nowMs: number): Grant | undefined {
    this.#sweep(nowMs);
    return this.#byId.get(idOf(token));
  }

  /** Gives a new token for an old one, which dies after a short grace. */
  rotate(token: string, grant: Grant, nowMs: number): string {
    const id = idOf(token);
    return this.#issue(grant, this.#retiredMs.has(id) ? undefined : id, nowMs);
  }

  revoke(token: string): void {
    this.#remove(idOf(token));
  }

  revokeCharacter(characterId: number): void {
    for (const grant of [...this.#byId.values()]) if (grant.characterId === characterId) this.#remove(grant.id);
  }

  #issue({ characterId, clientId, scopes }: Grant, replaces?: string, atMs?: number): string {
    const token = randomBytes(48).toString("base64url");
    const issued = { id: idOf(token), characterId, clientId, scopes };
    this.#add(issued, replaces, atMs);
    this.#store.append(file, { issued, ...(replaces ? { replaces, atMs } : {}) } as Line);
    return token;
  }

  #add(issued: KeptGrant, replaces?: string, atMs = 0): void {
    this.#byId.set(issued.id, issued);
    if (replaces) this.#retiredMs.set(replaces, atMs);
  }

  #remove(id: string): void {
    if (this.#byId.delete(id)) this.#store.append(file, { removed: id } satisfies Line);
  }

  #sweep(nowMs: number): void {
    for (const [id, retiredMs] of this.#retiredMs) {
      if (retiredMs + graceMs >= nowMs) return;
      this.#retiredMs.delete(id);
      this.#byId.delete(id);
    }
  }
}
