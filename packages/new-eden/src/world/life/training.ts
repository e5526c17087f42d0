import { dayMs, minuteMs, secondMs } from "../../clock.ts";
import { type Random, random } from "../../random.ts";
import { type Attribute, maxLevel, pointsAt, type Skill, skills } from "../../static-data/skills.ts";
import type { Habits } from "./habits.ts";

export interface TrainedSkill {
  skillId: number;
  level: number;
  points: number;
}

export interface QueueEntry {
  skillId: number;
  level: number;
  levelStartPoints: number;
  levelEndPoints: number;
  trainingStartPoints: number;
  /** Undefined while the queue is paused. */
  startMs: number | undefined;
  finishMs: number | undefined;
}

let listed: readonly Skill[] | undefined;

function all(): readonly Skill[] {
  listed ??= [...skills().values()];
  return listed;
}

interface Setting {
  stream: number;
  habits: Habits;
  attributes: Record<Attribute, number>;
  ageDays: number;
  startMs: number;
}

/** The game takes this many entries, or as far ahead as a pilot cares to plan. */
const mostEntries = 50;
const reachMs = 25 * dayMs;
/** What a new pilot knows, and what each day of their life has added at best. */
const firstPoints = 400_000;
const pointsPerDay = 43_000;

/**
 * Skills and the queue that trains them. Time finishes an entry by itself, but until the pilot logs in the game neither
 * takes it off the queue nor counts it among the skills, and so does ESI.
 */
export class Training {
  readonly unallocatedPoints: number;
  readonly #setting: Setting;
  readonly #known = new Map<number, TrainedSkill>();
  /** Levels as they will be at the end of the queue. */
  readonly #planned = new Map<number, number>();
  #queue: readonly QueueEntry[] = [];
  #skills: readonly TrainedSkill[] | undefined;
  #serial = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
    const draw = random(setting.stream, "skills");
    this.unallocatedPoints = draw.chance(0.2) ? draw.int(1, 20) * 25_000 : 0;
    this.#learn(draw, firstPoints + Math.floor(setting.ageDays * pointsPerDay * (0.3 + draw.next() * 0.7)));
    this.#fill(setting.startMs);
  }

  /** By skill id; the same array for as long as nothing changed. */
  skills(): readonly TrainedSkill[] {
    this.#skills ??= [...this.#known.values()].sort((one, other) => one.skillId - other.skillId);
    return this.#skills;
  }

  /** What is finished and not yet looked at, then what trains, then what waits; the same array while nothing changed. */
  queue(): readonly QueueEntry[] {
    return this.#queue;
  }

  /** The pilot looks: what has finished is learnt, and the queue filled up again. */
  login(atMs: number): void {
    this.settle(atMs);
    this.#fill(atMs);
  }

  /** Takes finished entries off the queue, as the game does while the pilot is online. */
  settle(atMs: number): void {
    const waiting = this.#queue.filter(({ finishMs }) => finishMs === undefined || finishMs > atMs);
    if (waiting.length === this.#queue.length) return;
    for (const { skillId, level, levelEndPoints } of this.#queue.slice(0, this.#queue.length - waiting.length)) {
      this.#known.set(skillId, { skillId, level, points: levelEndPoints });
    }
    this.#queue = waiting;
    this.#skills = undefined;
  }

  #learn(draw: Random, budget: number): void {
    let left = budget;
    for (const skill of draw.sample(all(), all().length)) {
      const level = draw.int(1, maxLevel);
      const points = pointsAt(skill.rank, level);
      if (points > left) continue;
      left -= points;
      this.#known.set(skill.typeId, { skillId: skill.typeId, level, points });
      this.#planned.set(skill.typeId, level);
    }
  }

  #fill(atMs: number): void {
    const { habits } = this.#setting;
    if (habits.training === "empty" || (habits.training === "paused" && this.#queue.length > 0)) return;
    // Whole seconds, as ESI writes them.
    const nowMs = Math.floor(atMs / secondMs) * secondMs;
    const entries = [...this.#queue];
    const length = habits.training === "paused" ? 3 : mostEntries;
    for (let endMs = Math.max(nowMs, entries.at(-1)?.finishMs ?? 0); entries.length < length; ) {
      if (endMs > nowMs + reachMs) break;
      const entry = this.#next(endMs);
      if (!entry) break;
      entries.push(entry);
      endMs = entry.finishMs ?? endMs;
    }
    if (entries.length > this.#queue.length) this.#queue = entries;
  }

  #next(startMs: number): QueueEntry | undefined {
    const skill = this.#choose();
    if (!skill) return undefined;
    const { attributes, habits } = this.#setting;
    const level = (this.#planned.get(skill.typeId) ?? 0) + 1;
    this.#planned.set(skill.typeId, level);
    const [from, to] = [pointsAt(skill.rank, level - 1), pointsAt(skill.rank, level)];
    const perMinute = attributes[skill.primary] + attributes[skill.secondary] / 2;
    const seconds = Math.ceil(((to - from) / perMinute) * (minuteMs / secondMs));
    const isPaused = habits.training === "paused";
    return {
      skillId: skill.typeId,
      level,
      levelStartPoints: from,
      levelEndPoints: to,
      trainingStartPoints: from,
      startMs: isPaused ? undefined : startMs,
      finishMs: isPaused ? undefined : startMs + seconds * secondMs,
    };
  }

  /** Mostly a level more of something begun, now and then something new; undefined once everything is known. */
  #choose(): Skill | undefined {
    this.#serial += 1;
    const draw = random(this.#setting.stream, "train", this.#serial);
    const open = all().filter(({ typeId }) => (this.#planned.get(typeId) ?? 0) < maxLevel);
    const begun = draw.chance(0.8) ? open.filter(({ typeId }) => this.#planned.has(typeId)) : [];
    const pool = begun.length > 0 ? begun : open;
    return pool.length > 0 ? draw.pick(pool) : undefined;
  }
}
