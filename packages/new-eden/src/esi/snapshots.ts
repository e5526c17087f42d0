import { createHash } from "node:crypto";
import { dayMs, minuteMs, secondMs } from "../clock.ts";
import type { Freshness } from "./route.ts";

export interface Body {
  bytes: Buffer;
  etag: string;
}

export interface Snapshot {
  /** Tells snapshots of one set apart, even within a second. */
  serial: number;
  value: unknown;
  takenMs: number;
  /** Undefined: nothing was said about it. */
  expiresMs: number | undefined;
  /** Serialised views (a page each), made when first asked for. */
  bodies: Map<string, Body>;
}

/** Snapshots kept before expired ones are thrown out. */
const maxKept = 20_000;
/** Minutes after midnight UTC when daily routes expire: the downtime's end. */
const dailyMinute = 11 * 60 + 5;

export function toBody(value: unknown): Body {
  const bytes = Buffer.from(JSON.stringify(value));
  return { bytes, etag: `"${createHash("sha1").update(bytes).digest("hex")}"` };
}

/** What ESI caches: within its time to live a set of pages is one and the same, whoever asks. */
export class Snapshots {
  readonly #byKey = new Map<string, Snapshot>();
  #serial = 0;

  /** The snapshot that holds now; a new one is made of `make()` once the last has expired. Undefined stays unkept. */
  get(key: string, freshness: Freshness, nowMs: number, make: () => unknown): Snapshot | undefined {
    const known = this.#byKey.get(key);
    const holds = known?.expiresMs !== undefined && known.expiresMs > nowMs;
    if (holds && freshness.mode !== "event") return known;
    const value = make();
    if (value === undefined) {
      this.#byKey.delete(key);
      return undefined;
    }
    return this.#keep(key, known, value, freshness, nowMs);
  }

  /** The snapshot as it stands, without making one. */
  peek(key: string, nowMs: number): Snapshot | undefined {
    const known = this.#byKey.get(key);
    return known?.expiresMs !== undefined && known.expiresMs > nowMs ? known : undefined;
  }

  /** Replaces a list by itself, turned by one row: same content, other pages, a later Last-Modified. */
  shift(key: string, snapshot: Snapshot): Snapshot {
    const [first, ...rest] = snapshot.value as readonly unknown[];
    this.#serial += 1;
    const shifted: Snapshot = {
      serial: this.#serial,
      value: [...rest, first],
      takenMs: snapshot.takenMs + secondMs,
      expiresMs: snapshot.expiresMs === undefined ? undefined : snapshot.expiresMs + secondMs,
      bodies: new Map(),
    };
    this.#byKey.set(key, shifted);
    return shifted;
  }

  #keep(key: string, known: Snapshot | undefined, value: unknown, freshness: Freshness, nowMs: number): Snapshot {
    const isSame = known !== undefined && (known.value === value || isEqual(known, value));
    this.#serial += 1;
    // Whole seconds, as HTTP dates are.
    const second = Math.floor(nowMs / secondMs) * secondMs;
    const isLive = freshness.mode === "event" || freshness.mode === "none";
    const snapshot: Snapshot = {
      serial: isLive && isSame ? known.serial : this.#serial,
      value: isSame ? known.value : value,
      takenMs: isLive && isSame ? known.takenMs : second,
      expiresMs: expiry(freshness, second),
      bodies: isSame ? known.bodies : new Map(),
    };
    if (this.#byKey.size >= maxKept) this.#sweep(nowMs);
    this.#byKey.set(key, snapshot);
    return snapshot;
  }

  #sweep(nowMs: number): void {
    for (const [key, { expiresMs }] of this.#byKey) {
      if (expiresMs === undefined || expiresMs <= nowMs) this.#byKey.delete(key);
    }
  }
}

/** Small objects are made anew each time: equal text is the same value. Lists are told apart by identity alone. */
function isEqual(known: Snapshot, value: unknown): boolean {
  if (Array.isArray(value)) return false;
  return known.bodies.get("")?.etag === toBody(value).etag;
}

function expiry(freshness: Freshness, fromMs: number): number | undefined {
  if (freshness.mode === "none") return undefined;
  if (freshness.mode !== "daily") return fromMs + freshness.ttlMs;
  const today = Math.floor(fromMs / dayMs) * dayMs + dailyMinute * minuteMs;
  return today > fromMs ? today : today + dayMs;
}
