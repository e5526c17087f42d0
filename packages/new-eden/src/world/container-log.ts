import { dayMs } from "../clock.ts";
import type { Random } from "../random.ts";
import { goods } from "../static-data/goods.ts";
import type { Asset } from "./asset.ts";
import type { Department, Setting } from "./department.ts";

export interface LogEntry {
  action: "add" | "lock" | "unlock" | "move" | "set_name" | "configure";
  loggedMs: number;
  characterId: number;
  containerId: number;
  containerTypeId: number;
  locationId: number;
  locationFlag: string;
  typeId: number | undefined;
  quantity: number | undefined;
}

/** Containers log for a week. */
const keptMs = 7 * dayMs;
const actions = [
  { action: "add", weight: 40 },
  { action: "move", weight: 25 },
  { action: "lock", weight: 15 },
  { action: "unlock", weight: 12 },
  { action: "set_name", weight: 5 },
  { action: "configure", weight: 3 },
] as const;

/** Who did what with the corporation's containers. */
export class ContainerLog implements Department {
  readonly #setting: Setting;
  readonly #containers: readonly Asset[];
  readonly #perTick: number;
  #entries: readonly LogEntry[] = [];

  constructor(draw: Random, setting: Setting) {
    this.#setting = setting;
    const containerTypes = new Set(goods().containers.map(({ typeId }) => typeId));
    this.#containers = setting.hangar.assets
      .list()
      .filter(({ type_id, is_singleton }) => is_singleton && containerTypes.has(type_id));
    this.#perTick = this.#containers.length === 0 ? 0 : (4 + setting.memberCount / 15) / 288;
    const past = Math.ceil(this.#perTick * 288 * 7);
    const entries = Array.from({ length: past }, (_, index) =>
      this.#draw(draw, setting.epochMs - Math.round((1 - index / past) * keptMs)),
    );
    this.#entries = entries;
  }

  list(): readonly LogEntry[] {
    return this.#entries;
  }

  tick(draw: Random, atMs: number): void {
    const count = draw.count(this.#perTick);
    if (count === 0) return;
    const fresh = Array.from({ length: count }, () => this.#draw(draw, atMs));
    const start = this.#entries.findIndex(({ loggedMs }) => loggedMs >= atMs - keptMs);
    this.#entries = [...(start < 0 ? [] : this.#entries.slice(start)), ...fresh];
  }

  #draw(draw: Random, loggedMs: number): LogEntry {
    const container = draw.pick(this.#containers);
    const { action } = draw.weighted(actions);
    const isAboutItems = action === "add" || action === "move" || action === "lock" || action === "unlock";
    return {
      action,
      loggedMs,
      characterId: this.#setting.pickMember(draw),
      containerId: container.item_id,
      containerTypeId: container.type_id,
      locationId: container.location_id,
      locationFlag: container.location_flag,
      typeId: isAboutItems ? draw.pick(goods().minerals).typeId : undefined,
      quantity: isAboutItems ? draw.skewed(1, 100_000) : undefined,
    };
  }
}
