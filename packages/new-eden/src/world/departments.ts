import { random } from "../random.ts";
import { Affairs } from "./affairs.ts";
import { ContainerLog } from "./container-log.ts";
import { Contracts } from "./contracts.ts";
import type { CorporationPlan } from "./corporation-plan.ts";
import type { Setting } from "./department.ts";
import { Holdings } from "./holdings.ts";
import { Industry } from "./industry.ts";
import { Killboard } from "./killboard.ts";
import { Market } from "./market.ts";
import { Mining } from "./mining.ts";
import { Projects } from "./projects.ts";

export type Departments = ReturnType<typeof openDepartments>;

/** Everything that goes on in a corporation beyond its people, ISK and goods. */
export function openDepartments(plan: CorporationPlan, setting: Setting) {
  const chance = (name: string) => random(setting.seed, name, setting.index);
  return {
    industry: new Industry(chance("industry"), setting),
    mining: new Mining(chance("mining"), setting),
    holdings: new Holdings(chance("holdings"), setting),
    market: new Market(chance("market"), setting),
    contracts: new Contracts(chance("contracts"), setting),
    killboard: new Killboard(chance("killboard"), setting),
    containerLog: new ContainerLog(chance("container-log"), setting),
    affairs: new Affairs(chance("affairs"), setting),
    projects: new Projects(chance("projects"), setting, {
      names: ["Stockpile", "Ore drive", "Ratting week", "Fuel run", "Doctrine build"],
      // Three details of each fit into one director's 15 minutes, also at three thousand members.
      count: Math.ceil(plan.members / 50) + 10,
      contributors: setting.pickMember,
    }),
    freelanceJobs: new Projects(chance("freelance"), setting, {
      names: ["Wanted: minerals", "Open hunt", "Help us build", "Public mining"],
      count: Math.ceil(plan.members / 100) + 3,
      contributors: (from) => from.pick(setting.customers),
    }),
  };
}
