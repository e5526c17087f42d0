export interface CorporationPlan {
  members: number;
  assets: number;
  journalPerDay: number;
  /** How far back the journal reaches when the world begins. */
  historyDays: number;
}
