import "@tapi/core/owners";
import * as Refresh from "@tapi/core/engine/refresh";
import * as Esi from "@tapi/core/eve/esi";
import * as Owner from "@tapi/core/owner";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import {
  createClockOffset,
  installSimulatedClock,
  setClockOffset,
  startClockAt,
  startTestStack,
} from "@tapi/local/test";
import { startNewEden } from "@tapi/new-eden";

type NewEden = Awaited<ReturnType<typeof startNewEden>>;

interface Truth {
  corporations: {
    corporationId: number;
    memberCount: number;
    ceo: { characterId: number; name: string };
    directors: { characterId: number; name: string }[];
    member: { characterId: number; name: string };
    wallets: { division: number; balance: number }[];
    assets: { count: number; quantity: number };
  }[];
}

/** New Eden for one test file, with this process's clock following its own. */
export interface World {
  eden: NewEden;
  truth: () => Promise<Truth>;
  /** Rows as ESI hands them out now. */
  rows: (corporationId: number, dataset: string) => Promise<Record<string, unknown>[]>;
  advance: (seconds: number) => Promise<void>;
  /** On to the next time that it is so late, in UTC: `advanceTo("15:00")`. */
  advanceTo: (time: string) => Promise<void>;
  control: (path: string, body?: object, method?: string) => Promise<unknown>;
  refresh: (corporationId: number, dataset: string) => Promise<void>;
  close: () => Promise<void>;
}

interface WorldOptions extends NonNullable<Parameters<typeof startNewEden>[0]> {
  /** The moment at which it begins; otherwise the one at which every test file does. */
  startsAt?: string;
}

export async function startWorld({ startsAt, ...options }: WorldOptions = {}): Promise<World> {
  const leaveClock = startsAt ? startClockAt(startsAt) : undefined;
  // Every New Eden has the same corporations: each gets a table, queues and a key of its own, or test files would meet.
  const [eden, stack] = await Promise.all([startNewEden({ port: 0, ...options }), startTestStack()]);
  Object.assign(process.env, stack.environment, { ESI_BASE_URL: eden.url, SSO_BASE_URL: eden.url });
  Config.reset();
  Esi.reset();
  const offset = createClockOffset();
  setClockOffset(offset, eden.clock.offsetMs);
  const restore = installSimulatedClock(offset);
  eden.clock.onChange((offsetMs: number) => setClockOffset(offset, offsetMs));

  const control: World["control"] = async (path, body, method = body ? "POST" : "GET") => {
    const response = await fetch(`${eden.url}/_control/${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
    });
    if (!response.ok) throw new Error(`control ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };

  const advance: World["advance"] = async (seconds) => {
    await control("clock", { advanceSeconds: seconds });
  };

  return {
    eden,
    control,
    advance,
    advanceTo: (time) => {
      const nowMs = eden.clock.now();
      const thenMs = Date.parse(`${new Date(nowMs).toISOString().slice(0, 10)}T${time}Z`);
      return advance((thenMs - nowMs + (thenMs < nowMs ? 86_400_000 : 0)) / 1000);
    },
    truth: () => control("world") as Promise<Truth>,
    rows: (corporationId, dataset) =>
      control(`truth/${corporationId}/${dataset}`) as Promise<Record<string, unknown>[]>,
    refresh: (corporationId, dataset) =>
      Actor.provide({ type: "system", name: "test" }, () =>
        Refresh.run({ owner: Owner.corporation(corporationId), datasets: [dataset], reason: "schedule" }),
      ),
    close: async () => {
      restore();
      leaveClock?.();
      await Promise.all([eden.close(), stack.close()]);
    },
  };
}
