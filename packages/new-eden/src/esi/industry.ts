import { isoSeconds } from "../clock.ts";
import { hash } from "../random.ts";
import { staticData } from "../static-data/index.ts";
import type { Asset } from "../world/asset.ts";
import { blueprintCategoryId, type Job } from "../world/industry.ts";
import type { Structure } from "../world/structure.ts";
import { corporationPages, corporationWhole, derived, type Family } from "./endpoint.ts";

const jobs = derived((list: readonly Job[]) =>
  list.map((job) => ({
    activity_id: job.activityId,
    blueprint_id: job.blueprintId,
    blueprint_location_id: job.locationId,
    blueprint_type_id: job.blueprintTypeId,
    ...(job.status === "delivered" && job.completedMs
      ? { completed_character_id: job.installerId, completed_date: isoSeconds(job.completedMs) }
      : {}),
    cost: job.costCents / 100,
    duration: Math.round((job.endMs - job.startMs) / 1000),
    end_date: isoSeconds(job.endMs),
    facility_id: job.facilityId,
    installer_id: job.installerId,
    job_id: job.jobId,
    licensed_runs: job.runs,
    location_id: job.facilityId,
    output_location_id: job.locationId,
    probability: 1,
    product_type_id: job.productTypeId,
    runs: job.runs,
    start_date: isoSeconds(job.startMs),
    status: job.status,
    ...(job.status === "delivered" ? { successful_runs: job.runs } : {}),
  })),
);

const blueprints = derived((assets: readonly Asset[]) =>
  assets
    .filter(({ type_id }) => staticData().types.get(type_id)?.categoryId === blueprintCategoryId)
    .map((asset) => {
      // Research is a trait of the item: it never changes, so it is made from the id.
      const trait = hash("blueprint", asset.item_id);
      const isCopy = asset.is_blueprint_copy === true;
      return {
        item_id: asset.item_id,
        location_flag: asset.location_flag,
        location_id: asset.location_id,
        material_efficiency: trait % 11,
        quantity: isCopy ? -2 : -1,
        runs: isCopy ? 1 + (trait % 300) : -1,
        time_efficiency: (trait % 11) * 2,
        type_id: asset.type_id,
      };
    }),
);

const facilities = derived((structures: readonly Structure[]) =>
  structures.map(({ structureId, systemId, typeId }) => ({
    facility_id: structureId,
    system_id: systemId,
    type_id: typeId,
  })),
);

export const industry: Family = {
  GetCorporationsCorporationIdIndustryJobs: corporationPages(({ corporation, query }) => {
    const open = jobs(corporation.departments.industry.open.list());
    if (query.include_completed !== "true") return open;
    return [...open, ...jobs(corporation.departments.industry.finished.list())];
  }),

  GetCorporationsCorporationIdBlueprints: corporationPages(({ corporation }) =>
    blueprints(corporation.hangar.assets.list()),
  ),

  GetCorporationsCorporationIdFacilities: corporationWhole(({ corporation }) =>
    facilities(corporation.structures.rows.list()),
  ),
};
