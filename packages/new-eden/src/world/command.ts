import { z } from "zod";
import { type Random, random } from "../random.ts";
import { allRoles } from "../static-data/spec.ts";
import type { Corporation } from "./corporation.ts";
import type { World } from "./world.ts";

const characterId = z.number().int();
const corporationId = z.number().int();

/** What can be done to the world by hand; kept in a log and done again, at the same moments, after a restart. */
export const commands = {
  roles: z.object({
    kind: z.literal("roles"),
    characterId,
    roles: z.array(z.string().refine((role) => allRoles().includes(role), "No such in-game role.")),
  }),
  owner: z.object({ kind: z.literal("owner"), characterId }),
  members: z.object({
    kind: z.literal("members"),
    corporationId,
    join: z.number().int().min(0).max(10_000).default(0),
    leave: z.number().int().min(0).max(10_000).default(0),
    /** A pilot who exists and moves here. */
    characterId: characterId.optional(),
  }),
  assets: z.object({ kind: z.literal("assets"), corporationId, changeFraction: z.number().min(0).max(1) }),
  /** One thing is named anew, or comes to another place: a system, a station, a structure. */
  items: z.object({
    kind: z.literal("items"),
    corporationId,
    itemId: z.number().int(),
    name: z.string().min(1).optional(),
    systemId: z.number().int().optional(),
    structureId: z.number().int().optional(),
  }),
  wallets: z.object({
    kind: z.literal("wallets"),
    corporationId,
    division: z.number().int().min(1).max(7),
    /** ISK; negative takes out. */
    amount: z.number().finite(),
  }),
  /** What a corporation says of itself changes; an alliance of null: it has left. */
  corporations: z.object({
    kind: z.literal("corporations"),
    corporationId,
    name: z.string().min(1).optional(),
    ticker: z.string().min(1).max(5).optional(),
    ceoId: characterId.optional(),
    allianceId: z.number().int().nullable().optional(),
    taxRate: z.number().min(0).max(1).optional(),
  }),
  /** Its last member leaves, and the game closes it. */
  close: z.object({ kind: z.literal("close"), corporationId }),
  /** Nobody does anything in it, but by hand, until it wakes: what only time changes can then be told apart. */
  rest: z.object({ kind: z.literal("rest"), corporationId, isResting: z.boolean().default(true) }),
  trades: z.object({
    kind: z.literal("trades"),
    corporationId,
    division: z.number().int().min(1).max(7),
    count: z.number().int().min(1).max(10_000).default(1),
  }),
  /** What becomes of one pilot: ISK comes or goes, goods change, they log in or off. */
  pilots: z.object({
    kind: z.literal("pilots"),
    characterId,
    /** ISK; negative takes out. */
    amount: z.number().finite().optional(),
    /** How large a part of the assets changes. */
    changeFraction: z.number().min(0).max(1).optional(),
    isOnline: z.boolean().optional(),
    /** How many notifications arrive. */
    notifications: z.number().int().min(0).max(1000).optional(),
  }),
} as const;

export const command = z.discriminatedUnion("kind", [
  commands.roles,
  commands.owner,
  commands.members,
  commands.assets,
  commands.items,
  commands.wallets,
  commands.corporations,
  commands.close,
  commands.rest,
  commands.trades,
  commands.pilots,
]);
export type Command = z.infer<typeof command>;

/** The command named someone or something that does not exist. */
export class UnknownTarget extends Error {}

/** Does a command at its moment; `serial` makes its random choices its own and repeatable. */
export function apply(world: World, done: Command, serial: number, atMs: number): void {
  const draw = random(world.plan.seed, "command", serial);
  if (done.kind === "pilots") {
    changePilot(world, done, draw, atMs);
    return;
  }
  if (done.kind === "roles" || done.kind === "owner") {
    const character = world.people.get(done.characterId);
    if (!character) throw new UnknownTarget(`No character ${done.characterId}.`);
    if (done.kind === "owner") {
      character.ownerSerial += 1;
      return;
    }
    const corporation = world.corporationOf(done.characterId);
    if (!corporation) throw new UnknownTarget(`Character ${done.characterId} is in no player corporation.`);
    corporation.roster.setRoles(done.characterId, done.roles, corporation.roster.ceoId, atMs);
    return;
  }
  const corporation = world.corporations.get(done.corporationId);
  if (!corporation) throw new UnknownTarget(`No corporation ${done.corporationId}.`);
  if (done.kind === "assets") {
    corporation.hangar.change(draw, Math.round(corporation.hangar.assets.size * done.changeFraction));
  } else if (done.kind === "items") {
    changeItem(corporation, done);
  } else if (done.kind === "wallets") {
    const { wallet, roster } = corporation;
    wallet.deposit(done.division, Math.round(done.amount * 100), roster.ceoId, atMs);
  } else if (done.kind === "corporations") {
    changePublicly(corporation, done);
  } else if (done.kind === "close") {
    corporation.close();
  } else if (done.kind === "rest") {
    corporation.isResting = done.isResting;
  } else if (done.kind === "trades") {
    for (let left = done.count; left > 0; left -= 1) corporation.wallet.sell(draw, done.division, atMs);
  } else {
    changeMembers(world, corporation, done, serial, atMs);
  }
}

function changePilot(world: World, done: z.infer<typeof commands.pilots>, draw: Random, atMs: number): void {
  const life = world.lives.at(done.characterId, atMs);
  if (!life) throw new UnknownTarget(`No character ${done.characterId}.`);
  if (done.amount !== undefined) life.purse.give(Math.round(done.amount * 100), atMs);
  if (done.changeFraction !== undefined) {
    life.belongings.change(draw, Math.round(life.belongings.assets.size * done.changeFraction));
  }
  for (let left = done.notifications ?? 0; left > 0; left -= 1) life.notices.arrive(draw, atMs);
  if (done.isOnline === true) life.login(atMs);
  if (done.isOnline === false) life.logout(atMs);
}

function changeItem({ hangar, structures }: Corporation, done: z.infer<typeof commands.items>): void {
  const { itemId, name, systemId, structureId } = done;
  if (!hangar.assets.has(itemId)) throw new UnknownTarget(`No item ${itemId}.`);
  if (name !== undefined) {
    hangar.names.set(itemId, name);
    const structure = structures.rows.get(itemId);
    if (structure) structures.rows.set(itemId, { ...structure, name });
  }
  if (systemId !== undefined) {
    hangar.put(itemId, { locationId: systemId, locationType: "solar_system", flag: "AutoFit" });
  }
  if (structureId !== undefined) hangar.put(itemId, { locationId: structureId, locationType: "item", flag: "Hangar" });
}

function changePublicly(corporation: Corporation, done: z.infer<typeof commands.corporations>): void {
  const { name, ticker, taxRate, ceoId, allianceId } = done;
  if (ceoId !== undefined && !corporation.roster.members.has(ceoId)) {
    throw new UnknownTarget(`Character ${ceoId} is no member.`);
  }
  if (name !== undefined) corporation.name = name;
  if (ticker !== undefined) corporation.ticker = ticker;
  if (taxRate !== undefined) corporation.taxRate = taxRate;
  if (ceoId !== undefined) corporation.roster.ceoId = ceoId;
  if (allianceId !== undefined) corporation.allianceId = allianceId ?? undefined;
}

function changeMembers(
  world: World,
  { roster }: Corporation,
  done: z.infer<typeof commands.members>,
  serial: number,
  atMs: number,
): void {
  const draw = random(world.plan.seed, "members", serial);
  if (done.characterId !== undefined) {
    const newcomer = world.people.get(done.characterId);
    if (!newcomer) throw new UnknownTarget(`No character ${done.characterId}.`);
    world.corporationOf(done.characterId)?.roster.leave(done.characterId);
    roster.join(draw, atMs, undefined, newcomer);
  }
  for (let left = done.join; left > 0; left -= 1) roster.join(draw, atMs);
  for (let left = done.leave; left > 0; left -= 1) {
    const leaver = roster.pickLeaver(draw);
    if (leaver !== undefined) roster.leave(leaver);
  }
}
