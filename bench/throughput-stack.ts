import "@tapi/core/owners";
import { createHash } from "node:crypto";
import * as Director from "@tapi/core/director";
import * as Token from "@tapi/core/identity/token";
import { Datasets } from "@tapi/core/owners/corporation";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import { mapConcurrent } from "@tapi/core/platform/parallel";
import { createClockOffset, installSimulatedClock, setClockOffset, startTestStack } from "@tapi/local/test";
import { corporations as corporationRows } from "../packages/core/src/owners/corporation/corporation.entity.ts";
import { authorizeUrl } from "../packages/core/src/product/login/flow.ts";
import { startChildWorld } from "./child-world.ts";

export interface Corporation {
  corporationId: number;
  characterId: number;
}

/** The product's servers, and a New Eden of small corporations with a director each. */
export interface ThroughputStack {
  corporations: Corporation[];
  control: (path: string, body?: object) => Promise<unknown>;
  advance: (seconds: number) => Promise<void>;
  system: <T>(body: () => T) => T;
  close: () => Promise<void>;
}

/** As many as a batch has messages. */
export const workers = 10;

const system: ThroughputStack["system"] = (body) => Actor.provide({ type: "system", name: "bench" }, body);

/** What a login and "add corporation" leave behind, without the pages in between: a thousand of them would take minutes. */
async function add({ corporationId, characterId }: Corporation): Promise<void> {
  const verifier = "bench".padEnd(43, "-");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const redirectUri = `${Config.get().PUBLIC_URL}/api/v1/auth/callback`;
  const scopes = Datasets.directorScopes();
  const page = await fetch(authorizeUrl({ state: "bench", challenge, scopes }), {
    method: "POST",
    body: new URLSearchParams({ character_id: String(characterId) }),
    redirect: "manual",
  });
  const code = new URL(page.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const { accessToken, refreshToken = "", accessExpiresAt } = await Token.exchange({ code, verifier, redirectUri });
  const { ownerHash } = await Token.validate(accessToken);
  const token = { accessToken, refreshToken, accessExpiresAt, ownerHash, scopes, keepWider: false };
  await Token.store({ characterId, ...token });
  const now = Date.now();
  const name = String(corporationId);
  await corporationRows().put({ corporationId, name, ticker: "B", tier: "P2", addedAt: now, addedBy: "bench" }).go();
  await system(() => Director.link(corporationId, { characterId, userId: "bench", name, scopes, roles: ["Director"] }));
}

interface World {
  corporations: { corporationId: number; ceo: { characterId: number } }[];
}

export async function startThroughputStack(count: number): Promise<ThroughputStack> {
  const [stack, world] = await Promise.all([startTestStack(), startChildWorld("throughput-world.ts", [String(count)])]);
  const newEden = world.url;
  Object.assign(process.env, stack.environment, { ESI_BASE_URL: newEden, SSO_BASE_URL: newEden, LOG_LEVEL: "error" });
  Config.reset();
  const offset = createClockOffset();
  const restore = installSimulatedClock(offset);
  const control: ThroughputStack["control"] = async (path, body) => {
    const response = await fetch(`${newEden}/_control/${path}`, {
      method: body ? "POST" : "GET",
      ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
    });
    return response.status === 204 ? undefined : response.json();
  };
  const { corporations: known } = (await control("world")) as World;
  const corporations = known.map(({ corporationId, ceo }) => ({ corporationId, characterId: ceo.characterId }));
  await mapConcurrent(workers, corporations, (corporation) => system(() => add(corporation)));
  return {
    corporations,
    control,
    system,
    advance: async (seconds) => {
      const { offsetMs } = (await control("clock", { advanceSeconds: seconds })) as { offsetMs: number };
      setClockOffset(offset, offsetMs);
    },
    close: async () => {
      restore();
      await Promise.all([world.close(), stack.close()]);
    },
  };
}
