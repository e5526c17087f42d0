import { isoSeconds } from "../clock.ts";
import type { LogEntry } from "../world/container-log.ts";
import { corporationPages, derived, type Family } from "./endpoint.ts";

const rows = derived((entries: readonly LogEntry[]) =>
  entries.map((entry) => ({
    action: entry.action,
    character_id: entry.characterId,
    container_id: entry.containerId,
    container_type_id: entry.containerTypeId,
    location_flag: entry.locationFlag,
    location_id: entry.locationId,
    logged_at: isoSeconds(entry.loggedMs),
    ...(entry.action === "configure" ? { new_config_bitmask: 31, old_config_bitmask: 27 } : {}),
    ...(entry.quantity === undefined ? {} : { quantity: entry.quantity }),
    ...(entry.typeId === undefined ? {} : { type_id: entry.typeId }),
  })),
);

export const containerLog: Family = {
  GetCorporationsCorporationIdContainersLogs: corporationPages(({ corporation }) =>
    rows(corporation.departments.containerLog.list()),
  ),
};
