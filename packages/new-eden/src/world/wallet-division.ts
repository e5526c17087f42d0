import { Columns } from "./columns.ts";
import type { JournalKind } from "./journal-kind.ts";

export interface JournalEntry {
  id: number;
  timeMs: number;
  amountCents: number;
  balanceCents: number;
  kind: JournalKind;
  firstPartyId: number;
  secondPartyId: number;
  contextId: number;
}

export interface Transaction {
  transactionId: number;
  journalId: number;
  timeMs: number;
  typeId: number;
  quantity: number;
  unitPriceCents: number;
  isBuy: boolean;
  clientId: number;
  locationId: number;
}

type JournalColumn = "id" | "time" | "amount" | "balance" | "kind" | "first" | "second" | "context";
type TransactionColumn = "id" | "journal" | "time" | "type" | "quantity" | "price" | "buy" | "client" | "location";

/** A corporation's division or a pilot's wallet: its balance and how it came about. */
export class Division {
  balanceCents = 0;
  readonly #kinds: readonly JournalKind[];
  readonly journal = new Columns<JournalColumn>(
    "id",
    "time",
    "amount",
    "balance",
    "kind",
    "first",
    "second",
    "context",
  );
  readonly transactions = new Columns<TransactionColumn>(
    "id",
    "journal",
    "time",
    "type",
    "quantity",
    "price",
    "buy",
    "client",
    "location",
  );

  /** `kinds`: what the journal's column of that name counts. */
  constructor(kinds: readonly JournalKind[]) {
    this.#kinds = kinds;
  }

  /** Newest first. */
  journalSince(sinceMs: number): JournalEntry[] {
    const { journal } = this;
    const entries: JournalEntry[] = [];
    for (let index = journal.length - 1, end = journal.firstFrom("time", sinceMs); index >= end; index -= 1) {
      entries.push({
        id: journal.at("id", index),
        timeMs: journal.at("time", index),
        amountCents: journal.at("amount", index),
        balanceCents: journal.at("balance", index),
        kind: this.#kinds[journal.at("kind", index)] as JournalKind,
        firstPartyId: journal.at("first", index),
        secondPartyId: journal.at("second", index),
        contextId: journal.at("context", index),
      });
    }
    return entries;
  }

  /** Newest first. */
  transactionsSince(sinceMs: number): Transaction[] {
    const { transactions } = this;
    const rows: Transaction[] = [];
    for (let index = transactions.length - 1, end = transactions.firstFrom("time", sinceMs); index >= end; index -= 1) {
      rows.push({
        transactionId: transactions.at("id", index),
        journalId: transactions.at("journal", index),
        timeMs: transactions.at("time", index),
        typeId: transactions.at("type", index),
        quantity: transactions.at("quantity", index),
        unitPriceCents: transactions.at("price", index),
        isBuy: transactions.at("buy", index) === 1,
        clientId: transactions.at("client", index),
        locationId: transactions.at("location", index),
      });
    }
    return rows;
  }
}
