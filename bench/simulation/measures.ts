import { type Tier, tiers } from "./population.ts";

const binMs = 1_000;
const bins = 6 * 3_600;

/** How late things were, in bins of a second up to six hours. */
class Lags {
  readonly #counts = new Uint32Array(bins);
  #total = 0;
  longestMs = 0;

  add(ms: number): void {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(ms / binMs)));
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
    this.#total += 1;
    this.longestMs = Math.max(this.longestMs, ms);
  }

  get total(): number {
    return this.#total;
  }

  /** Seconds within which that part of all were done. */
  percentile(part: number): number {
    let left = part * this.#total;
    for (let bin = 0; bin < bins; bin += 1) {
      left -= this.#counts[bin] ?? 0;
      if (left <= 0) return bin + 1;
    }
    return bins;
  }
}

const byTier = <T>(make: () => T): Record<Tier, T> =>
  Object.fromEntries(tiers.map((tier) => [tier, make()])) as Record<Tier, T>;

/** How deep a queue was right after each round. */
class Depth {
  most = 0;
  #sum = 0;
  #rounds = 0;

  add(waiting: number): void {
    this.most = Math.max(this.most, waiting);
    this.#sum += waiting;
    this.#rounds += 1;
  }

  get mean(): number {
    return this.#rounds === 0 ? 0 : this.#sum / this.#rounds;
  }
}

/** What is counted while the simulation runs. */
export class Measures {
  /** From the data's expiry to the end of the refresh. */
  readonly lags = byTier(() => new Lags());
  readonly depths = new Map<string, Depth>();
  /** Messages sent, by tier and by queue. */
  readonly messages = byTier(() => 0);
  readonly messagesTo = new Map<string, number>();
  /** Refreshes begun, by tier, those that failed too. */
  readonly refreshes = byTier(() => 0);
  wakeUps = 0;
  rowWrites = 0;
  directorReads = 0;
  deferred = 0;
  /** Messages that found nothing to do: worked on already, or before the expiry. */
  idleMessages = 0;
  failures = 0;
  limited = 0;
  blocked = 0;

  depthOf(queue: string): Depth {
    const known = this.depths.get(queue);
    if (known) return known;
    const fresh = new Depth();
    this.depths.set(queue, fresh);
    return fresh;
  }
}
