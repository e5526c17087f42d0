import type { Simulation } from "../simulation.ts";
import type { Corporation } from "../world/corporation.ts";
import { pilots } from "../world/pilots.ts";
import { walletWindowMs } from "../world/wallet.ts";
import type { World } from "../world/world.ts";

function corporationSummary(world: World, corporation: Corporation, nowMs: number) {
  const { roster, wallet, hangar } = corporation;
  const person = (characterId: number) => ({ characterId, name: world.people.nameOf(characterId) });
  const accountant = roster.officers.get("accountant");
  return {
    corporationId: corporation.corporationId,
    name: corporation.name,
    ticker: corporation.ticker,
    memberCount: roster.members.size,
    ceo: person(roster.ceoId),
    directors: roster.directorIds.filter((id) => roster.members.has(id)).map(person),
    ...(accountant === undefined ? {} : { accountant: person(accountant) }),
    member: person(roster.ordinaryId),
    wallets: wallet.balances().map(({ division, balanceCents }) => ({ division, balance: balanceCents / 100 })),
    assets: { count: hangar.assets.size, quantity: hangar.quantity },
    journal: { count30d: wallet.journalCount(nowMs - walletWindowMs) },
    transactions: { count: wallet.transactionCount(nowMs - walletWindowMs) },
  };
}

/** The world as it is at this moment, in figures. */
export function summary({ world, clock }: Simulation) {
  const nowMs = clock.now();
  const { allianceId, name, ticker } = world.alliance;
  return {
    seed: world.plan.seed,
    now: new Date(nowMs).toISOString(),
    offsetMs: clock.offsetMs,
    alliance: { allianceId, name, ticker },
    corporations: [...world.corporations.values()].map((corporation) => corporationSummary(world, corporation, nowMs)),
    pilots: pilots(world),
  };
}
