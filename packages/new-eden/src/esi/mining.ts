import { isoDate, isoSeconds } from "../clock.ts";
import type { Extraction, LedgerEntry } from "../world/mining.ts";
import { corporationPages, derived, type Family } from "./endpoint.ts";

const extractions = derived((list: readonly Extraction[]) =>
  list.map(({ structureId, moonId, startMs, arrivalMs, decayMs }) => ({
    chunk_arrival_time: isoSeconds(arrivalMs),
    extraction_start_time: isoSeconds(startMs),
    moon_id: moonId,
    natural_decay_time: isoSeconds(decayMs),
    structure_id: structureId,
  })),
);

const ledger = derived((list: readonly LedgerEntry[]) =>
  list.map(({ characterId, day, quantity, recordedCorporationId, typeId }) => ({
    character_id: characterId,
    last_updated: day,
    quantity,
    recorded_corporation_id: recordedCorporationId,
    type_id: typeId,
  })),
);

export const mining: Family = {
  GetCorporationCorporationIdMiningExtractions: corporationPages(({ corporation }) =>
    extractions(corporation.departments.mining.extractions.list()),
  ),

  GetCorporationCorporationIdMiningObservers: corporationPages(({ corporation, nowMs }) =>
    corporation.departments.mining.observerIds().map((observer_id) => ({
      last_updated: corporation.departments.mining.ledger(observer_id)?.list().at(-1)?.day ?? isoDate(nowMs),
      observer_id,
      observer_type: "structure",
    })),
  ),

  GetCorporationCorporationIdMiningObserversObserverId: corporationPages(({ corporation, ids }) => {
    const rows = corporation.departments.mining.ledger(ids.observer_id ?? 0);
    return rows && ledger(rows.list());
  }),
};
