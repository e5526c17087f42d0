import type { Random } from "../../random.ts";

/** Somewhere to dock. */
export interface Dock {
  locationId: number;
  kind: "station" | "structure";
  systemId: number;
}

/** Where a pilot is: in space, or docked. */
export interface Place {
  systemId: number;
  dock: Dock | undefined;
}

/** The way of one pilot through the systems that they know. */
export class Whereabouts {
  readonly home: Dock;
  place: Place;
  readonly #docks: readonly Dock[];
  readonly #systemIds: readonly number[];

  constructor(draw: Random, docks: readonly Dock[], systemIds: readonly number[]) {
    this.#docks = docks;
    this.#systemIds = systemIds;
    this.home = draw.pick(docks);
    this.place = { systemId: this.home.systemId, dock: this.home };
  }

  /** Undocks, jumps on, or docks somewhere. */
  move(draw: Random): void {
    const { dock, systemId } = this.place;
    if (dock) this.place = { systemId, dock: undefined };
    else if (draw.chance(0.6)) this.place = { systemId: draw.pick(this.#systemIds), dock: undefined };
    else this.#dock(draw);
  }

  /** Before logging off most dock. */
  rest(draw: Random): void {
    if (!this.place.dock && draw.chance(0.85)) this.#dock(draw);
  }

  #dock(draw: Random): void {
    const dock = draw.chance(0.5) ? this.home : draw.pick(this.#docks);
    this.place = { systemId: dock.systemId, dock };
  }
}
