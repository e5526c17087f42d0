import { dayMs } from "../clock.ts";
import type { Random } from "../random.ts";
import { goods } from "../static-data/goods.ts";
import type { Department, Setting } from "./department.ts";

export interface Contribution {
  characterId: number;
  amount: number;
  modifiedMs: number;
}

export interface Project {
  id: string;
  name: string;
  state: "Active" | "Closed" | "Completed" | "Expired";
  goal: "deliver_item" | "mine_material" | "destroy_npc" | "manual";
  typeId: number;
  systemId: number;
  creatorId: number;
  current: number;
  desired: number;
  rewardCents: number;
  createdMs: number;
  expiresMs: number;
  finishedMs: number | undefined;
  modifiedMs: number;
  contributions: ReadonlyMap<number, Contribution>;
}

interface Plan {
  /** Prefix of names, to tell projects and freelance jobs apart. */
  names: readonly string[];
  count: number;
  contributors: (draw: Random) => number;
}

const goals = [
  { goal: "deliver_item", weight: 45 },
  { goal: "mine_material", weight: 35 },
  { goal: "destroy_npc", weight: 12 },
  { goal: "manual", weight: 8 },
] as const;

/** Common goals with a target and a purse; members' projects and freelancers' jobs alike. */
export class Projects implements Department {
  readonly #byId = new Map<string, Project>();
  readonly #setting: Setting;
  readonly #plan: Plan;
  #list: readonly Project[] | undefined;

  constructor(draw: Random, setting: Setting, plan: Plan) {
    this.#setting = setting;
    this.#plan = plan;
    for (let left = plan.count; left > 0; left -= 1) {
      this.#start(draw, setting.epochMs - Math.round(draw.next() * 30 * dayMs));
    }
    for (let round = 0; round < 8; round += 1) {
      for (const project of this.list()) {
        const sinceMs = setting.epochMs - project.modifiedMs;
        this.#proceed(draw, project, project.modifiedMs + Math.round(sinceMs * draw.next()), 0.7);
      }
    }
  }

  get(id: string): Project | undefined {
    return this.#byId.get(id);
  }

  list(): readonly Project[] {
    this.#list ??= [...this.#byId.values()];
    return this.#list;
  }

  tick(draw: Random, atMs: number): void {
    if (draw.chance(this.#plan.count / 4000)) this.#start(draw, atMs);
    for (const project of this.list()) {
      if (project.state === "Active") this.#proceed(draw, project, atMs, 0.004);
      // ESI forgets ended ones after a while.
      else if (project.modifiedMs < atMs - 60 * dayMs) this.#set(project.id, undefined);
    }
  }

  #proceed(draw: Random, project: Project, atMs: number, likelihood: number): void {
    if (project.state !== "Active") return;
    if (project.expiresMs <= atMs) {
      this.#set(project.id, { ...project, state: "Expired", modifiedMs: atMs, finishedMs: atMs });
      return;
    }
    if (!draw.chance(likelihood)) return;
    const characterId = this.#plan.contributors(draw);
    const amount = Math.min(project.desired - project.current, draw.skewed(1, Math.max(2, project.desired / 6)));
    const known = project.contributions.get(characterId);
    const contributions = new Map(project.contributions);
    contributions.set(characterId, { characterId, amount: (known?.amount ?? 0) + amount, modifiedMs: atMs });
    const current = project.current + amount;
    const isDone = current >= project.desired;
    this.#set(project.id, {
      ...project,
      contributions,
      current,
      modifiedMs: atMs,
      ...(isDone ? { state: "Completed", finishedMs: atMs } : {}),
    });
  }

  #start(draw: Random, createdMs: number): void {
    const { goal } = draw.weighted(goals);
    const pool = goal === "mine_material" ? goods().ores : goods().minerals;
    const id = draw.uuid();
    this.#set(id, {
      id,
      name: `${draw.pick(this.#plan.names)} ${draw.int(1, 99)}`,
      state: "Active",
      goal,
      typeId: draw.pick(pool).typeId,
      systemId: draw.pick(this.#setting.homeSystems).systemId,
      creatorId: this.#setting.pickMember(draw),
      current: 0,
      desired: draw.skewed(50, 5_000_000),
      rewardCents: draw.skewed(1_000_000_00, 5_000_000_000_00),
      createdMs,
      expiresMs: createdMs + draw.int(14, 90) * dayMs,
      finishedMs: undefined,
      modifiedMs: createdMs,
      contributions: new Map(),
    });
  }

  #set(id: string, project: Project | undefined): void {
    if (project) this.#byId.set(id, project);
    else this.#byId.delete(id);
    this.#list = undefined;
  }
}
