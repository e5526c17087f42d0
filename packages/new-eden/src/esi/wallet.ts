import { isoSeconds } from "../clock.ts";
import { nameOf } from "../world/directory.ts";
import { walletWindowMs } from "../world/wallet.ts";
import type { JournalEntry, Transaction } from "../world/wallet-division.ts";
import type { World } from "../world/world.ts";
import {
  characterPages,
  characterWalk,
  characterWhole,
  corporationPages,
  corporationWalk,
  corporationWhole,
  type Family,
} from "./endpoint.ts";

/** Rows of one transactions answer, as ESI gives them. */
const transactionsPerAnswer = 2500;

const contextTypes: Record<string, string> = { eve_system: "system_id" };

function journalRow(world: World, entry: JournalEntry) {
  const { kind, contextId } = entry;
  const names = [nameOf(world, entry.firstPartyId), nameOf(world, entry.secondPartyId)];
  return {
    amount: entry.amountCents / 100,
    balance: entry.balanceCents / 100,
    ...(contextId > 0 && kind.contextType
      ? { context_id: contextId, context_id_type: contextTypes[kind.contextType] ?? kind.contextType }
      : {}),
    date: isoSeconds(entry.timeMs),
    description: kind.description.replaceAll(/\{(\d)\}/g, (_, place) => names[Number(place) - 1] ?? ""),
    first_party_id: entry.firstPartyId,
    id: entry.id,
    reason: "",
    ref_type: kind.refType,
    second_party_id: entry.secondPartyId,
  };
}

function transactionRow(row: Transaction) {
  return {
    client_id: row.clientId,
    date: isoSeconds(row.timeMs),
    is_buy: row.isBuy,
    journal_ref_id: row.journalId,
    location_id: row.locationId,
    quantity: row.quantity,
    transaction_id: row.transactionId,
    type_id: row.typeId,
    unit_price: row.unitPriceCents / 100,
  };
}

const isDivision = (division = 0) => division >= 1 && division <= 7;

export const wallet: Family = {
  GetCorporationsCorporationIdWallets: corporationWhole(({ corporation }) =>
    corporation.wallet.balances().map(({ division, balanceCents }) => ({ balance: balanceCents / 100, division })),
  ),

  GetCorporationsCorporationIdWalletsDivisionJournal: corporationPages(({ world, corporation, ids, nowMs }) =>
    isDivision(ids.division)
      ? corporation.wallet
          .journal(ids.division as number, nowMs - walletWindowMs)
          .map((entry) => journalRow(world, entry))
      : undefined,
  ),

  GetCorporationsCorporationIdWalletsDivisionTransactions: corporationWalk(
    ({ corporation, ids, nowMs }) =>
      isDivision(ids.division)
        ? corporation.wallet.transactions(ids.division as number, nowMs - walletWindowMs).map(transactionRow)
        : undefined,
    "transaction_id",
    transactionsPerAnswer,
  ),

  GetCharactersCharacterIdWallet: characterWhole(({ life }) => life.purse.balanceCents / 100),

  GetCharactersCharacterIdWalletJournal: characterPages(({ world, life, nowMs }) =>
    life.purse.journal(nowMs - walletWindowMs).map((entry) => journalRow(world, entry)),
  ),

  GetCharactersCharacterIdWalletTransactions: characterWalk(
    ({ life, nowMs }) =>
      life.purse.transactions(nowMs - walletWindowMs).map((row) => ({ ...transactionRow(row), is_personal: true })),
    "transaction_id",
    transactionsPerAnswer,
  ),
};
