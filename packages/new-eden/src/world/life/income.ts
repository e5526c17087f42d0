import type { JournalKind } from "../journal-kind.ts";

const million = 1e6;

type Draft = Omit<JournalKind, "direction">;

const drafts: Record<"income" | "expense", Draft[]> = {
  income: [
    {
      refType: "bounty_prizes",
      weight: 40,
      min: 0.2 * million,
      max: 40 * million,
      first: "concord",
      second: "pilot",
      contextType: "eve_system",
      description: "{2} got bounty prizes for killing pirates",
    },
    {
      refType: "ess_escrow_transfer",
      weight: 10,
      min: 0.2 * million,
      max: 30 * million,
      first: "concord",
      second: "pilot",
      contextType: "eve_system",
      description: "Encounter Surveillance System payout for {2}",
    },
    {
      refType: "agent_mission_reward",
      weight: 10,
      min: 0.1 * million,
      max: 4 * million,
      first: "npc",
      second: "pilot",
      description: "Mission reward from {1}",
    },
    {
      refType: "market_transaction",
      weight: 25,
      min: 0.5 * million,
      max: 300 * million,
      first: "customer",
      second: "pilot",
      contextType: "market_transaction_id",
      description: "Market: {1} bought stuff from {2}",
    },
    {
      refType: "player_donation",
      weight: 5,
      min: 1 * million,
      max: 200 * million,
      first: "customer",
      second: "pilot",
      description: "{1} deposited cash into {2}'s account",
    },
    {
      refType: "insurance",
      weight: 3,
      min: 1 * million,
      max: 80 * million,
      first: "npc",
      second: "pilot",
      description: "Insurance paid by {1} to {2} for the loss of a ship",
    },
    {
      refType: "daily_goal_payouts",
      weight: 7,
      min: 0.1 * million,
      max: 2 * million,
      first: "npc",
      second: "pilot",
      description: "Daily goal payout to {2}",
    },
  ],
  expense: [
    {
      refType: "market_transaction",
      weight: 40,
      min: 0.5 * million,
      max: 300 * million,
      first: "pilot",
      second: "customer",
      contextType: "market_transaction_id",
      description: "Market: {1} bought stuff from {2}",
    },
    {
      refType: "brokers_fee",
      weight: 15,
      min: 0.02 * million,
      max: 6 * million,
      first: "pilot",
      second: "npc",
      description: "Market order commission to {2} authorized by {1}",
    },
    {
      refType: "player_donation",
      weight: 10,
      min: 1 * million,
      max: 200 * million,
      first: "pilot",
      second: "customer",
      description: "{1} deposited cash into {2}'s account",
    },
    {
      refType: "jump_clone_activation_fee",
      weight: 8,
      min: 0.1 * million,
      max: 1 * million,
      first: "pilot",
      second: "npc",
      description: "Jump clone activation fee paid by {1}",
    },
    {
      refType: "manufacturing",
      weight: 10,
      min: 0.05 * million,
      max: 20 * million,
      first: "pilot",
      second: "npc",
      contextType: "industry_job_id",
      description: "Installation cost of an industry job",
    },
    {
      refType: "skill_purchase",
      weight: 7,
      min: 0.02 * million,
      max: 30 * million,
      first: "pilot",
      second: "npc",
      description: "Skill bought by {1}",
    },
    {
      refType: "repair_bill",
      weight: 10,
      min: 0.01 * million,
      max: 3 * million,
      first: "pilot",
      second: "npc",
      description: "Repair bill between {1} and {2}",
    },
  ],
};

/** Follow other events or are made by hand, never drawn. */
const salesTax: JournalKind = {
  refType: "transaction_tax",
  weight: 0,
  direction: -1,
  min: 0,
  max: 0,
  first: "pilot",
  second: "concord",
  description: "Sales tax paid to {2}",
};

const incomeKinds = drafts.income.map((draft): JournalKind => ({ ...draft, direction: 1 }));
const expenseKinds = drafts.expense.map((draft): JournalKind => ({ ...draft, direction: -1 }));
const ofType = (kinds: readonly JournalKind[], refType: string) =>
  kinds.find((kind) => kind.refType === refType) as JournalKind;

/** How ISK comes to a pilot and goes. */
export const pilotKinds = {
  income: incomeKinds,
  expense: expenseKinds,
  salesTax,
  giftIn: ofType(incomeKinds, "player_donation"),
  giftOut: ofType(expenseKinds, "player_donation"),
};

export const allPilotKinds: readonly JournalKind[] = [...incomeKinds, ...expenseKinds, salesTax];
