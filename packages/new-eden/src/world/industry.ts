import { dayMs, hourMs } from "../clock.ts";
import type { Random } from "../random.ts";
import { staticData } from "../static-data/index.ts";
import type { Asset } from "./asset.ts";
import { type Department, idsOf, type Setting } from "./department.ts";
import { Rows } from "./rows.ts";

export interface Job {
  jobId: number;
  activityId: number;
  blueprintId: number;
  blueprintTypeId: number;
  locationId: number;
  facilityId: number;
  installerId: number;
  productTypeId: number;
  runs: number;
  costCents: number;
  startMs: number;
  endMs: number;
  status: "active" | "ready" | "delivered" | "cancelled";
  completedMs: number | undefined;
}

export const blueprintCategoryId = 9;
/** Manufacturing most of all, then copying, research and invention. */
const activities = [
  { activityId: 1, weight: 60 },
  { activityId: 5, weight: 20 },
  { activityId: 4, weight: 8 },
  { activityId: 3, weight: 6 },
  { activityId: 8, weight: 6 },
];
/** ESI lists finished jobs for three months. */
const keptMs = 90 * dayMs;
const ticksPerJob = 600;

let products: Map<string, number> | undefined;

/** What a blueprint makes: the item that bears its name. */
function productOf(blueprintTypeId: number): number {
  products ??= new Map([...staticData().types.values()].map(({ name, typeId }) => [name, typeId]));
  const name = staticData().types.get(blueprintTypeId)?.name ?? "";
  return products.get(name.replace(/ (Blueprint|Reaction Formula)$/, "")) ?? blueprintTypeId;
}

/** Research and production jobs in the corporation's structures. */
export class Industry implements Department {
  readonly open = new Rows<Job>();
  readonly finished = new Rows<Job>();
  readonly #setting: Setting;
  readonly #blueprints: readonly Asset[];
  readonly #target: number;
  #lastId: number;

  constructor(random: Random, setting: Setting) {
    this.#setting = setting;
    this.#lastId = idsOf(600_000_000, setting);
    this.#blueprints = setting.hangar.assets
      .list()
      .filter(({ type_id }) => staticData().types.get(type_id)?.categoryId === blueprintCategoryId);
    this.#target = Math.ceil(setting.memberCount / 12);
    for (let left = this.#target * 3; left > 0; left -= 1) {
      this.#install(random, setting.epochMs - Math.round(random.next() * 20 * dayMs));
    }
    this.tick(random, setting.epochMs);
    for (const job of this.open.list())
      if (job.status === "ready" && random.chance(0.9)) this.#deliver(random, job, setting.epochMs);
  }

  tick(random: Random, atMs: number): void {
    for (let left = random.count(this.#target / ticksPerJob); left > 0; left -= 1) this.#install(random, atMs);
    for (const job of this.open.values()) {
      if (job.status === "active" && job.endMs <= atMs) this.open.set(job.jobId, { ...job, status: "ready" });
      else if (job.status === "ready" && random.chance(0.02)) this.#deliver(random, job, atMs);
      else if (random.chance(0.00003)) this.#close({ ...job, status: "cancelled", completedMs: atMs });
    }
    const oldest = this.finished.first();
    if (oldest?.completedMs !== undefined && oldest.completedMs < atMs - keptMs) this.finished.delete(oldest.jobId);
  }

  #install(random: Random, startMs: number): void {
    if (this.#blueprints.length === 0) return;
    const { structures, pickMember } = this.#setting;
    const blueprint = random.pick(this.#blueprints);
    const facility = random.pick(structures.rows.list());
    const runs = random.skewed(1, 200);
    this.#lastId += 1;
    this.open.set(this.#lastId, {
      jobId: this.#lastId,
      activityId: random.weighted(activities).activityId,
      blueprintId: blueprint.item_id,
      blueprintTypeId: blueprint.type_id,
      locationId: blueprint.location_id,
      facilityId: facility.structureId,
      installerId: pickMember(random),
      productTypeId: productOf(blueprint.type_id),
      runs,
      costCents: random.skewed(1_000_000, 9_000_000_000),
      startMs,
      endMs: startMs + random.skewed(1, 240) * hourMs,
      status: "active",
      completedMs: undefined,
    });
  }

  #deliver(random: Random, job: Job, atMs: number): void {
    const completedMs = Math.max(job.endMs, atMs - Math.round(random.next() * 5 * hourMs));
    this.#close({ ...job, status: "delivered", completedMs: Math.min(completedMs, atMs) });
  }

  #close(job: Job): void {
    this.open.delete(job.jobId);
    this.finished.set(job.jobId, job);
  }
}
