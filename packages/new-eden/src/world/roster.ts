import { dayMs, hourMs, minuteMs } from "../clock.ts";
import type { Random } from "../random.ts";
import { goods } from "../static-data/goods.ts";
import { allRoles } from "../static-data/spec.ts";
import type { Character, People } from "./people.ts";
import { PickList } from "./picklist.ts";
import { Rows } from "./rows.ts";
import { titles } from "./title.ts";

export interface Member {
  characterId: number;
  startMs: number;
  baseId: number;
  locationId: number;
  shipTypeId: number;
  logonMs: number;
  logoffMs: number;
  roles: readonly string[];
  rolesAtHq: readonly string[];
  grantable: readonly string[];
  titleIds: readonly number[];
}

export interface RoleChange {
  changedAtMs: number;
  characterId: number;
  issuerId: number;
  oldRoles: readonly string[];
  newRoles: readonly string[];
}

/** Where those go who leave a corporation: the State War Academy. */
export const academyId = 1_000_167;

/** Officers that every corporation has, so that each in-game role has someone to log in as. */
const offices = [
  { title: "accountant", roles: ["Accountant", "Junior_Accountant", "Auditor"] },
  { title: "stationManager", roles: ["Station_Manager", "Config_Starbase_Equipment"] },
  { title: "factoryManager", roles: ["Factory_Manager", "Rent_Factory_Facility", "Rent_Research_Facility"] },
  { title: "trader", roles: ["Trader"] },
  { title: "projectManager", roles: ["Project_Manager"] },
  { title: "recruiter", roles: ["Personnel_Manager"] },
] as const;

type Office = (typeof offices)[number]["title"];

interface Setting {
  corporationId: number;
  people: People;
  places: readonly number[];
  foundedMs: number;
  nowMs: number;
}

/** The members of one corporation: who they are, what they may, when they were last seen. */
export class Roster {
  readonly members = new Rows<Member>();
  readonly roleChanges: RoleChange[] = [];
  readonly officers = new Map<Office, number>();
  readonly directorIds: number[] = [];
  ceoId: number;
  /** Someone without any role. */
  ordinaryId: number;
  readonly #picks = new PickList();
  readonly #setting: Setting;

  constructor(random: Random, count: number, setting: Setting) {
    this.#setting = setting;
    const everything = allRoles();
    this.ceoId = this.join(random, setting.nowMs, setting.foundedMs).characterId;
    this.#grant(this.ceoId, everything, everything);
    const directors = Math.min(count - 1, count < 100 ? 1 : count < 1000 ? 3 : 5);
    for (let index = 0; index < directors; index += 1) {
      const { characterId } = this.join(random, setting.nowMs);
      this.#grant(characterId, everything, []);
      this.directorIds.push(characterId);
    }
    for (const office of offices) {
      if (this.members.size >= count - 1) break;
      const { characterId } = this.join(random, setting.nowMs);
      this.#grant(characterId, office.roles, []);
      this.officers.set(office.title, characterId);
    }
    this.ordinaryId = this.ceoId;
    while (this.members.size < count) {
      const { characterId } = this.join(random, setting.nowMs);
      if (this.ordinaryId === this.ceoId) this.ordinaryId = characterId;
      else this.#dress(random, characterId);
    }
    for (let day = 29; day > 0; day -= 1) {
      if (random.chance(0.4)) this.#promote(random, setting.nowMs - day * dayMs);
    }
  }

  /** A new pilot, or one who is named, becomes a member. */
  join(random: Random, nowMs: number, sinceMs?: number, newcomer?: Character): Member {
    const { corporationId, people, places } = this.#setting;
    const character = newcomer ?? people.create(random, corporationId, nowMs);
    character.corporationId = corporationId;
    const isFounding = nowMs === this.#setting.nowMs;
    const startMs = sinceMs ?? (isFounding ? nowMs - Math.round(random.next() ** 2 * 900) * dayMs : nowMs);
    const logonMs = isFounding ? nowMs - Math.round(random.next() ** 4 * 200 * dayMs) : nowMs;
    const member: Member = {
      characterId: character.characterId,
      startMs: Math.max(startMs, character.birthdayMs),
      baseId: random.pick(places.slice(0, 3)),
      locationId: random.pick(places),
      shipTypeId: random.pick(goods().ships).typeId,
      logonMs,
      // Whoever is on right now logged off last time before they logged on.
      logoffMs: isFounding ? Math.min(nowMs, logonMs + random.int(10, 600) * minuteMs) : logonMs - hourMs,
      roles: [],
      rolesAtHq: [],
      grantable: [],
      titleIds: [],
    };
    this.members.set(member.characterId, member);
    this.#picks.add(member.characterId);
    return member;
  }

  leave(characterId: number): void {
    const character = this.#setting.people.get(characterId);
    if (character) character.corporationId = academyId;
    this.members.delete(characterId);
    this.#picks.remove(characterId);
  }

  setRoles(characterId: number, roles: readonly string[], issuerId: number, nowMs: number): void {
    const member = this.members.get(characterId);
    if (!member) return;
    const change = { changedAtMs: nowMs, characterId, issuerId, oldRoles: member.roles, newRoles: roles };
    this.roleChanges.push(change);
    this.members.set(characterId, { ...member, roles });
  }

  pick(random: Random): number {
    return this.#picks.pick(random);
  }

  /** Someone who may leave: not an officer whom people log in as. */
  pickLeaver(random: Random): number | undefined {
    const kept = new Set([this.ceoId, this.ordinaryId, ...this.directorIds, ...this.officers.values()]);
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const characterId = this.pick(random);
      if (!kept.has(characterId)) return characterId;
    }
    return undefined;
  }

  tick(random: Random, atMs: number): void {
    const size = this.members.size;
    // About one change of membership a day in a small corporation, a dozen in a large one.
    const turnover = 0.004 + size * 6e-6;
    for (let left = random.count(turnover); left > 0; left -= 1) this.join(random, atMs);
    for (let left = random.count(turnover); left > 0; left -= 1) {
      const leaver = this.pickLeaver(random);
      if (leaver !== undefined) this.leave(leaver);
    }
    for (let left = random.count(size * 0.004); left > 0; left -= 1) this.#login(random, atMs);
    if (random.chance(0.01)) this.#promote(random, atMs);
  }

  #login(random: Random, atMs: number): void {
    const member = this.members.get(this.pick(random));
    if (!member) return;
    const hasLeft = random.chance(0.6);
    const playedMs = random.int(10, 400) * minuteMs;
    const logonMs = Math.max(member.logonMs, hasLeft ? atMs - playedMs : atMs - random.int(0, 4) * minuteMs);
    this.members.set(member.characterId, {
      ...member,
      logonMs,
      logoffMs: hasLeft ? atMs : member.logoffMs,
      locationId: random.chance(0.3) ? random.pick(this.#setting.places) : member.locationId,
      shipTypeId: random.chance(0.4) ? random.pick(goods().ships).typeId : member.shipTypeId,
    });
  }

  #promote(random: Random, atMs: number): void {
    const member = this.members.get(this.pickLeaver(random) ?? 0);
    if (!member) return;
    const role = random.pick(["Fitting_Manager", "Hangar_Take_1", "Hangar_Query_2", "Communications_Officer"]);
    const roles = member.roles.includes(role) ? member.roles.filter((held) => held !== role) : [...member.roles, role];
    this.setRoles(member.characterId, roles, this.ceoId, atMs);
  }

  #grant(characterId: number, roles: readonly string[], grantable: readonly string[]): void {
    const member = this.members.get(characterId);
    const isCeo = characterId === this.ceoId;
    if (member) this.members.set(characterId, { ...member, roles, grantable, titleIds: isCeo ? [1, 8] : [] });
  }

  /** Gives an ordinary member a title and its roles, most of them nothing. */
  #dress(random: Random, characterId: number): void {
    const member = this.members.get(characterId);
    if (!member || !random.chance(0.22)) return;
    const held = random.sample(titles, random.chance(0.15) ? 2 : 1);
    this.members.set(characterId, {
      ...member,
      titleIds: held.map(({ titleId }) => titleId),
      roles: [...new Set(held.flatMap(({ roles }) => roles))],
      rolesAtHq: [...new Set(held.flatMap(({ rolesAtHq }) => rolesAtHq))],
    });
  }
}
