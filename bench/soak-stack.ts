import "@tapi/core/owners";
import * as Agenda from "@tapi/core/engine/agenda";
import type { Tier } from "@tapi/core/owner";
import { corporation } from "@tapi/core/owner";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import { createClockOffset, installSimulatedClock, setClockOffset, startTestStack } from "@tapi/local/test";
import { corporationOf, type Pilot } from "../packages/core/test/pilot.ts";
import { startChildWorld } from "./child-world.ts";

export type Owner = Pilot & { corporationId: number };

/** The product's servers and a New Eden of many corporations, all of them added to the product. */
export interface SoakStack {
  newEden: string;
  owners: Owner[];
  control: (path: string, body?: object, method?: string) => Promise<unknown>;
  /** Lets simulated time pass, for this process and New Eden alike. */
  advance: (seconds: number) => Promise<void>;
  system: <T>(body: () => T) => T;
  close: () => Promise<void>;
}

/** Of a hundred corporations 2, 8, 30 and 60, as in the simulation of the scheduler (docs/scale.md). */
const placesBelow = { P0: 2, P1: 10, P2: 40, P3: 100 };
/** Has nothing in common with a hundred: corporations of each size are found in each tier. */
const stride = 37;

interface World {
  corporations: { ceo: { characterId: number } }[];
}

const system: SoakStack["system"] = (body) => Actor.provide({ type: "system", name: "soak" }, body);

/** The first four are one of each tier, however few there are. */
function tierOf(index: number): Tier | undefined {
  const tiers = Object.keys(placesBelow) as Tier[];
  return tiers[index] ?? tiers.find((tier) => (index * stride) % 100 < placesBelow[tier]);
}

async function addAll(ceos: readonly number[]): Promise<Owner[]> {
  const owners: Owner[] = [];
  for (const [index, characterId] of ceos.entries()) {
    const owner = await corporationOf(characterId);
    owners.push(owner);
    await system(() => Agenda.wake(corporation(owner.corporationId), tierOf(index) ?? "P3"));
  }
  return owners;
}

/** `begin`: the simulated moment (epoch ms) at which the corporations are added, at or after now; absent: now. */
export async function startSoakStack(seed: string, corporations: number, begin?: number): Promise<SoakStack> {
  const [stack, world] = await Promise.all([
    startTestStack(),
    startChildWorld("soak-world.ts", [seed, String(corporations)]),
  ]);
  const newEden = world.url;
  Object.assign(process.env, stack.environment, { ESI_BASE_URL: newEden, SSO_BASE_URL: newEden, LOG_LEVEL: "error" });
  Config.reset();
  const offset = createClockOffset();
  const restore = installSimulatedClock(offset);
  const control: SoakStack["control"] = async (path, body, method = body ? "POST" : "GET") => {
    const response = await fetch(`${newEden}/_control/${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
    });
    if (!response.ok) throw new Error(`control ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  const advance = async (seconds: number) => {
    const { offsetMs } = (await control("clock", { advanceSeconds: seconds })) as { offsetMs: number };
    setClockOffset(offset, offsetMs);
  };
  const toBeginMs = begin === undefined ? 0 : begin - Date.now();
  if (toBeginMs > 0) await advance(Math.round(toBeginMs / 1000));
  const { corporations: known } = (await control("world")) as World;
  const owners = await addAll(known.map(({ ceo }) => ceo.characterId));
  return {
    newEden,
    owners,
    control,
    system,
    advance,
    close: async () => {
      restore();
      await Promise.all([world.close(), stack.close()]);
    },
  };
}
