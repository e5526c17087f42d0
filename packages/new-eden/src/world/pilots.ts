import type { World } from "./world.ts";

/** Someone to log in as, and what makes them worth choosing. */
export interface Pilot {
  characterId: number;
  name: string;
  corporationId: number;
  corporationName: string;
  ticker: string;
  position: string;
}

const officerTitles = {
  accountant: "Accountant",
  stationManager: "Station Manager",
  factoryManager: "Factory Manager",
  trader: "Trader",
  projectManager: "Project Manager",
  recruiter: "Recruiter",
} as const;

/** The pilots that the login page offers: everyone with a role of each corporation, some without, and an outsider. */
export function pilots(world: World): Pilot[] {
  const offered: Pilot[] = [];
  for (const { corporationId, name: corporationName, ticker, roster } of world.corporations.values()) {
    const add = (characterId: number, position: string) => {
      if (!roster.members.has(characterId) || offered.some((pilot) => pilot.characterId === characterId)) return;
      const name = world.people.nameOf(characterId);
      offered.push({ characterId, name, corporationId, corporationName, ticker, position });
    };
    add(roster.ceoId, "CEO");
    for (const characterId of roster.directorIds) add(characterId, "Director");
    for (const [office, characterId] of roster.officers) add(characterId, officerTitles[office]);
    add(roster.ordinaryId, "Member");
  }
  const { characterId, name, corporationId } = world.outsider;
  if (!world.corporations.has(corporationId)) {
    const corporationName = "State War Academy";
    offered.push({ characterId, name, corporationId, corporationName, ticker: "SWA", position: "Outsider" });
  }
  return offered;
}
