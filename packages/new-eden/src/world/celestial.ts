import { staticData } from "../static-data/index.ts";

// The export at hand has no planets and moons: systems get some here, whose ids say where they are.

const firstId = 40_000_000;
const firstSystemId = 30_000_000;
const idsPerSystem = 100;
/** The last of a system's ids are its moons: one of each planet. */
const planetsPerSystem = 50;

const romans: [number, string][] = [
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
];

function roman(count: number): string {
  const [value, sign] = romans.find(([each]) => each <= count) ?? [0, ""];
  return value ? sign + roman(count - value) : "";
}

/** A planet of a system, counted from 0 and again from 0 after the last one. */
export const planetIdOf = (systemId: number, index: number): number =>
  firstId + (systemId - firstSystemId) * idsPerSystem + (index % planetsPerSystem);

/** The moon of the planet of that index. */
export const moonIdOf = (systemId: number, index: number): number => planetIdOf(systemId, index) + planetsPerSystem;

interface Celestial {
  kind: "planet" | "moon";
  name: string;
  systemId: number;
}

/** The planet or moon of this id; undefined: there is none. */
export function celestialOf(id: number): Celestial | undefined {
  const place = (id - firstId) % idsPerSystem;
  const system = staticData().systems.get(firstSystemId + Math.floor((id - firstId) / idsPerSystem));
  if (!system || id < firstId) return undefined;
  const planet = `${system.name} ${roman((place % planetsPerSystem) + 1)}`;
  return place < planetsPerSystem
    ? { kind: "planet", name: planet, systemId: system.systemId }
    : { kind: "moon", name: `${planet} - Moon 1`, systemId: system.systemId };
}
