import { address } from "../../engine/collection/index.ts";
import { shapeOf } from "../../engine/dataset/index.ts";
import * as State from "../../engine/state/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { get as getDataset } from "./datasets/index.ts";

const read = async (corporationId: number) => {
  const dataset = getDataset("public-info");
  const view = await Snapshot.read(address(Owner.corporation(corporationId), dataset), shapeOf(dataset));
  return (column: string): unknown => (view.length > 0 ? view.value(column, 0) : undefined);
};

/** What the last public-info refresh knows. */
export async function publicInfo(corporationId: number) {
  const value = await read(corporationId);
  return {
    name: value("name"),
    ticker: value("ticker"),
    ceoId: value("ceo_id"),
    ceoName: value("ceo_name"),
    allianceId: value("alliance_id"),
    allianceName: value("alliance_name"),
    memberCount: value("member_count"),
    taxRate: value("tax_rate"),
    dateFounded: value("date_founded"),
    homeStationId: value("home_station_id"),
  };
}

/** EVE's own character, which stands as the CEO of corporations that have none. */
const systemCharacterId = 1;

/** Whether ESI's public answer is that of a closed corporation. Answers of before `state` have only its marks. */
export const isClosed = (value: (column: string) => unknown): boolean =>
  value("state") === "closed" ||
  (value("member_count") === 0 && (value("ceo_id") ?? systemCharacterId) === systemCharacterId);

/** An answer that closes must have been the same for so long, and given so often: one moment's answer closes nothing. */
const confirmingMs = 4 * 3_600_000;
const confirmingTimes = 4;

/** What ESI's last public answers say of a corporation (epoch ms). */
export type Word =
  | { kind: "open"; at: number }
  /** `isExplicit`: an answer says so; otherwise ESI knows no such corporation. */
  | { kind: "closed"; since: number; isConfirmed: boolean; isExplicit: boolean }
  | { kind: "unknown" };

/** What ESI has said lately about whether the corporation exists. Asks nobody: the refreshes of public-info have. */
export async function wordOf(corporationId: number): Promise<Word> {
  const state = await State.find(Owner.corporation(corporationId), "public-info");
  if (!state) return { kind: "unknown" };
  const { errorCode, errorAt = 0, errorSince = errorAt, errorTimes = 1, refreshedAt = 0, changedAt = 0 } = state;
  if (errorCode === "esi.not_found") {
    const isConfirmed = errorAt - errorSince >= confirmingMs && errorTimes >= confirmingTimes;
    return { kind: "closed", since: errorSince, isConfirmed, isExplicit: false };
  }
  if (state.refreshedAt === undefined || errorCode !== undefined) return { kind: "unknown" };
  if (!isClosed(await read(corporationId))) return { kind: "open", at: refreshedAt };
  return { kind: "closed", since: changedAt, isConfirmed: refreshedAt - changedAt >= confirmingMs, isExplicit: true };
}
