/** Who stands on either side of a journal entry. */
export type Party = "corporation" | "member" | "customer" | "concord" | "npc" | "pilot" | "none";

export interface JournalKind {
  refType: string;
  weight: number;
  direction: 1 | -1;
  /** ISK, of a corporation: for one of 3,000 members. */
  min: number;
  max: number;
  first: Party;
  second: Party;
  contextType?:
    | "market_transaction_id"
    | "character_id"
    | "contract_id"
    | "industry_job_id"
    | "eve_system"
    | "structure_id";
  /** `{1}` and `{2}` are the names of the parties. */
  description: string;
}

const million = 1e6;

const income: JournalKind[] = [
  {
    refType: "bounty_prizes",
    weight: 30,
    direction: 1,
    min: 0.4 * million,
    max: 14 * million,
    first: "concord",
    second: "member",
    contextType: "eve_system",
    description: "{2} got bounty prizes for killing pirates",
  },
  {
    refType: "ess_escrow_transfer",
    weight: 8,
    direction: 1,
    min: 0.2 * million,
    max: 9 * million,
    first: "concord",
    second: "member",
    contextType: "eve_system",
    description: "Encounter Surveillance System payout for {2}",
  },
  {
    refType: "agent_mission_reward_corporation_tax",
    weight: 6,
    direction: 1,
    min: 0.05 * million,
    max: 1.2 * million,
    first: "npc",
    second: "corporation",
    contextType: "character_id",
    description: "Corporation tax on a mission reward from {1}",
  },
  {
    refType: "market_transaction",
    weight: 24,
    direction: 1,
    min: 1 * million,
    max: 900 * million,
    first: "customer",
    second: "corporation",
    contextType: "market_transaction_id",
    description: "Market: {1} bought stuff from {2}",
  },
  {
    refType: "player_donation",
    weight: 6,
    direction: 1,
    min: 1 * million,
    max: 500 * million,
    first: "member",
    second: "corporation",
    description: "{1} deposited cash into {2}'s account",
  },
  {
    refType: "industry_job_tax",
    weight: 10,
    direction: 1,
    min: 0.02 * million,
    max: 12 * million,
    first: "member",
    second: "corporation",
    contextType: "structure_id",
    description: "Industry job tax paid by {1} to {2}",
  },
  {
    refType: "reprocessing_tax",
    weight: 8,
    direction: 1,
    min: 0.01 * million,
    max: 8 * million,
    first: "member",
    second: "corporation",
    contextType: "structure_id",
    description: "Reprocessing tax paid by {1} to {2}",
  },
  {
    refType: "contract_price_payment_corp",
    weight: 5,
    direction: 1,
    min: 5 * million,
    max: 2500 * million,
    first: "customer",
    second: "corporation",
    contextType: "contract_id",
    description: "{1} paid {2} the price of a contract",
  },
  {
    refType: "planetary_export_tax",
    weight: 6,
    direction: 1,
    min: 0.01 * million,
    max: 2 * million,
    first: "member",
    second: "corporation",
    contextType: "eve_system",
    description: "Planetary export tax: {1} exported goods",
  },
];

const expense: JournalKind[] = [
  {
    refType: "market_transaction",
    weight: 22,
    direction: -1,
    min: 1 * million,
    max: 1200 * million,
    first: "corporation",
    second: "customer",
    contextType: "market_transaction_id",
    description: "Market: {1} bought stuff from {2}",
  },
  {
    refType: "brokers_fee",
    weight: 8,
    direction: -1,
    min: 0.05 * million,
    max: 20 * million,
    first: "corporation",
    second: "npc",
    description: "Market order commission to {2} authorized by {1}",
  },
  {
    refType: "corporation_account_withdrawal",
    weight: 14,
    direction: -1,
    min: 5 * million,
    max: 1500 * million,
    first: "corporation",
    second: "member",
    description: "{1} transferred cash to {2}",
  },
  {
    refType: "manufacturing",
    weight: 10,
    direction: -1,
    min: 0.1 * million,
    max: 90 * million,
    first: "corporation",
    second: "npc",
    contextType: "industry_job_id",
    description: "Installation cost of an industry job",
  },
  {
    refType: "office_rental_fee",
    weight: 2,
    direction: -1,
    min: 0.01 * million,
    max: 60 * million,
    first: "corporation",
    second: "npc",
    description: "Office rent from {1} to {2}",
  },
  {
    refType: "contract_reward_deposited_corp",
    weight: 4,
    direction: -1,
    min: 2 * million,
    max: 350 * million,
    first: "corporation",
    second: "member",
    contextType: "contract_id",
    description: "Courier reward deposited for {2}",
  },
  {
    refType: "project_payouts",
    weight: 7,
    direction: -1,
    min: 0.5 * million,
    max: 120 * million,
    first: "corporation",
    second: "member",
    description: "Project payout from {1} to {2}",
  },
];

/** Follow or are made by other events, never drawn. */
const derived: JournalKind[] = [
  {
    refType: "transaction_tax",
    weight: 0,
    direction: -1,
    min: 0,
    max: 0,
    first: "corporation",
    second: "concord",
    description: "Sales tax paid to {2}",
  },
  {
    refType: "corporation_account_withdrawal",
    weight: 0,
    direction: 1,
    min: 0,
    max: 0,
    first: "corporation",
    second: "corporation",
    description: "Transfer between divisions of {1}",
  },
  {
    refType: "player_donation",
    weight: 0,
    direction: 1,
    min: 0,
    max: 0,
    first: "member",
    second: "corporation",
    description: "{1} deposited cash into {2}'s account",
  },
];

export const kinds: readonly JournalKind[] = [...income, ...expense, ...derived];
export const incomeKinds: readonly JournalKind[] = income;
export const expenseKinds: readonly JournalKind[] = expense;
export const sale = income.find(({ contextType }) => contextType === "market_transaction_id") as JournalKind;
export const salesTax = derived[0] as JournalKind;
export const transfer = derived[1] as JournalKind;
export const donation = derived[2] as JournalKind;
