import { isoSeconds } from "../clock.ts";
import { nameOf } from "../world/directory.ts";
import type { Contribution, Project } from "../world/projects.ts";
import type { World } from "../world/world.ts";
import {
  type Call,
  type CorporationCall,
  type CursorRecord,
  corporationCursor,
  corporationWhole,
  type Family,
} from "./endpoint.ts";
import { Refusal } from "./views.ts";

/** Purse of a project: what was promised, and what is left of it. */
function reward({ current, desired, rewardCents }: Project) {
  const left = Math.round(rewardCents * (1 - current / desired));
  return { initial: rewardCents / 100, remaining: left / 100 };
}

function summary(project: Project) {
  return {
    id: project.id,
    last_modified: isoSeconds(project.modifiedMs),
    name: project.name,
    progress: { current: project.current, desired: project.desired },
    reward: reward(project),
    state: project.state,
  };
}

function configuration({ goal, systemId, typeId }: Project) {
  const locations = [{ solar_system_id: systemId }];
  if (goal === "deliver_item") return { deliver_item: { items: [{ type_id: typeId }] } };
  if (goal === "mine_material") return { mine_material: { locations, materials: [{ type_id: typeId }] } };
  return goal === "destroy_npc" ? { destroy_npc: { locations } } : { manual: {} };
}

function detail(world: World, project: Project) {
  return {
    ...summary(project),
    configuration: configuration(project),
    contribution: { reward_per_contribution: project.rewardCents / 100 / project.desired },
    creator: { id: project.creatorId, name: nameOf(world, project.creatorId) },
    details: {
      career: "Industrialist",
      created: isoSeconds(project.createdMs),
      description: `${project.name}: everything helps.`,
      expires: isoSeconds(project.expiresMs),
      ...(project.finishedMs === undefined ? {} : { finished: isoSeconds(project.finishedMs) }),
    },
  };
}

const inOrder = (records: CursorRecord[]) =>
  records.sort((one, other) => one.modifiedMs - other.modifiedMs || (one.id < other.id ? -1 : 1));

/** Lists are remembered by what they were made of, so that nothing new gives the very same records. */
function remembered<From extends object>(make: (from: From, world: World) => CursorRecord[]) {
  const known = new WeakMap<From, CursorRecord[]>();
  return (from: From, world: World): CursorRecord[] => {
    const records = known.get(from) ?? inOrder(make(from, world));
    known.set(from, records);
    return records;
  };
}

const toRecord = (project: Project): CursorRecord => ({
  modifiedMs: project.modifiedMs,
  id: project.id,
  row: summary(project),
});

const all = remembered((projects: readonly Project[]) => projects.map(toRecord));
const active = remembered((projects: readonly Project[]) =>
  projects.filter(({ state }) => state === "Active").map(toRecord),
);

const contributors = remembered((contributions: ReadonlyMap<number, Contribution>, world) =>
  [...contributions.values()].map(({ amount, characterId, modifiedMs }) => ({
    modifiedMs,
    id: String(characterId),
    row: { contributed: amount, id: characterId, name: nameOf(world, characterId) },
  })),
);

const participants = remembered((contributions: ReadonlyMap<number, Contribution>, world) =>
  [...contributions.values()].map(({ amount, characterId, modifiedMs }) => ({
    modifiedMs,
    id: String(characterId),
    row: { contributed: amount, id: characterId, name: nameOf(world, characterId), state: "Committed" },
  })),
);

const projectOf = ({ corporation, text }: CorporationCall) =>
  corporation.departments.projects.get(text.project_id ?? "");

/** One's own share is everyone's to see; another's is for those who run projects. */
function checkContributor({ world, ids, caller }: Call): void {
  if (!caller || caller.characterId === ids.character_id) return;
  const held = world.corporationOf(caller.characterId)?.roster.members.get(caller.characterId)?.roles ?? [];
  if (!held.includes("Project_Manager")) throw new Refusal(403, "Forbidden");
}

export const project: Family = {
  GetCorporationsProjectsListing: corporationCursor(
    ({ corporation, query, world }) =>
      (query.state === "All" ? all : active)(corporation.departments.projects.list(), world),
    "projects",
  ),

  GetCorporationsProjectsDetail: corporationWhole((call) => {
    const found = projectOf(call);
    return found && detail(call.world, found);
  }),

  GetCorporationsProjectsContributors: corporationCursor((call) => {
    const found = projectOf(call);
    return found && contributors(found.contributions, call.world);
  }, "contributors"),

  GetCorporationsProjectsContribution: corporationWhole((call) => {
    const found = projectOf(call);
    const own = found?.contributions.get(call.ids.character_id ?? 0);
    if (!found) return undefined;
    return { contributed: own?.amount ?? 0, ...(own ? { last_modified: isoSeconds(own.modifiedMs) } : {}) };
  }, checkContributor),

  GetCorporationsFreelanceJobsListing: corporationCursor(
    ({ corporation, world }) => all(corporation.departments.freelanceJobs.list(), world),
    "freelance_jobs",
  ),

  GetCorporationsFreelanceJobsParticipants: corporationCursor(({ corporation, text, world }) => {
    const job = corporation.departments.freelanceJobs.get(text.job_id ?? "");
    return job && participants(job.contributions, world);
  }, "participants"),
};
