import * as Actor from "@tapi/core/actor";
import * as Config from "@tapi/core/config";
import * as Esi from "@tapi/core/esi";
import * as Refresh from "@tapi/core/refresh";
import { createClockOffset, installSimulatedClock, setClockOffset, startTestStack } from "@tapi/local/test";
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
  control: (path: string, body?: object, method?: string) => Promise<unknown>;
  refresh: (corporationId: number, dataset: string) => Promise<void>;
  close: () => Promise<void>;
}

export async function startWorld(options: Parameters<typeof startNewEden>[0] = {}): Promise<World> {
  // Every New Eden has the same corporations: each gets a table, queues and a key of its own, or test files would meet.
  const [eden, stack] = await Promise.all([startNewEden({ port: 0, ...options }), startTestStack()]);
  Object.assign(process.env, stack.environment, { ESI_BASE_URL: eden.url, SSO_BASE_URL: eden.url });
  Config.reset();
  Esi.reset();
  const offset = createClockOffset();
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

  return {
    eden,
    control,
    truth: () => control("world") as Promise<Truth>,
    rows: (corporationId, dataset) =>
      control(`truth/${corporationId}/${dataset}`) as Promise<Record<string, unknown>[]>,
    advance: async (seconds) => {
      await control("clock", { advanceSeconds: seconds });
    },
    refresh: (corporationId, dataset) =>
      Actor.provide({ type: "system", name: "test" }, () =>
        Refresh.run({ corporationId, dataset, reason: "schedule" }),
      ),
    close: async () => {
      restore();
      await Promise.all([eden.close(), stack.close()]);
    },
  };
}
