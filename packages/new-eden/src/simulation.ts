import { setImmediate as breathe } from "node:timers/promises";
import { Clock, dayMs } from "./clock.ts";
import type { Store } from "./store/index.ts";
import { apply, type Command } from "./world/command.ts";
import type { CorporationPlan } from "./world/corporation-plan.ts";
import { defaultPlans, tickMs, World } from "./world/world.ts";

interface SimulationOptions {
  store: Store;
  seed?: string | undefined;
  corporations?: readonly Partial<CorporationPlan>[] | undefined;
}

interface Kept {
  seed: string;
  epochMs: number;
  corporations: CorporationPlan[];
}

interface Done {
  atMs: number;
  command: Command;
}

/** A smaller past than the default world's: tests and load runs begin within a blink. */
const custom: CorporationPlan = { members: 30, assets: 500, journalPerDay: 40, historyDays: 35 };

/** A world and its clock. Time moves on by itself; whatever is done by hand is kept and survives a restart. */
export class Simulation {
  readonly clock: Clock;
  readonly #world: World;
  readonly #store: Store;
  #done = 0;

  constructor({ store, seed, corporations }: SimulationOptions) {
    this.#store = store;
    this.clock = new Clock(store.read<{ offsetMs: number }>("clock.json")?.offsetMs);
    this.clock.onChange((offsetMs) => store.write("clock.json", { offsetMs }));
    let kept = store.read<Kept>("world.json");
    if (kept && seed !== undefined && kept.seed !== seed) {
      throw new Error(`This folder holds a world of seed "${kept.seed}", not "${seed}": choose another folder.`);
    }
    if (!kept) {
      kept = {
        seed: seed ?? "new-eden",
        epochMs: Math.floor(this.clock.now() / tickMs) * tickMs,
        corporations: corporations?.map((plan) => ({ ...custom, ...plan })) ?? [...defaultPlans],
      };
      store.write("world.json", kept);
    }
    this.#world = new World(kept);
  }

  /**
   * Lets happen what happened since the world began; of an old world that takes a while, in which this process goes on
   * answering. `onProgress` is told the moment reached, at each of its days.
   */
  async catchUp(onProgress: (atMs: number) => void = () => {}): Promise<void> {
    const live = async (untilMs: number) => {
      for (let atMs = this.#world.nowMs; atMs < untilMs; ) {
        atMs = Math.min(untilMs, atMs + dayMs);
        this.#world.advanceTo(atMs);
        onProgress(atMs);
        await breathe();
      }
    };
    for (const { atMs, command } of this.#store.lines<Done>("commands.log")) {
      await live(atMs);
      this.#apply(command, atMs);
    }
    await live(this.clock.now());
  }

  /** The world as of now. */
  get world(): World {
    this.#world.advanceTo(this.clock.now());
    return this.#world;
  }

  do(command: Command): void {
    const atMs = this.clock.now();
    this.#apply(command, atMs);
    this.#store.append("commands.log", { atMs, command } satisfies Done);
  }

  #apply(command: Command, atMs: number): void {
    this.#world.advanceTo(atMs);
    apply(this.#world, command, this.#done + 1, atMs);
    this.#done += 1;
  }
}
