import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { newEden } from "../browser/new-eden.ts";
import { patient } from "../browser/pilot.ts";
import type { Product } from "../browser/product.ts";

/** Moves the simulated time of a folder that is at rest to this moment, whatever the real one is. */
export function setClock(dataDir: string, moment: number): void {
  writeFileSync(join(dataDir, "new-eden", "clock.json"), `${JSON.stringify({ offsetMs: moment - Date.now() })}\n`);
}

/** What others on this machine could read or enter, the folder itself included. */
export function openToOthers(dataDir: string): string[] {
  const inside = readdirSync(dataDir, { recursive: true, encoding: "utf8" }).map((name) => join(dataDir, name));
  return [dataDir, ...inside].filter((path) => {
    // A draft may have been renamed since it was listed.
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    return (mode & 0o077) !== 0;
  });
}

export const markerOf = (dataDir: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(dataDir, "tapi-data.json"), "utf8"));

interface Freshness {
  dataset: string;
  status: string;
  refreshedAt?: string;
  lastError?: { message: string };
}

/** Before its first start: the world that New Eden is to have there, of one corporation, beginning now. */
export function makeWorld(dataDir: string, corporation: Record<string, number>): void {
  const stepMs = 300_000;
  const world = { seed: randomUUID(), epochMs: Math.floor(Date.now() / stepMs) * stepMs, corporations: [corporation] };
  mkdirSync(join(dataDir, "new-eden"), { mode: 0o700 });
  writeFileSync(join(dataDir, "new-eden", "world.json"), JSON.stringify(world), { mode: 0o600 });
  writeFileSync(join(dataDir, "tapi-data.json"), '{"app":"tapi","format":0,"createdAt":"2027-01-01T00:00:00Z"}', {
    mode: 0o600,
  });
}

/** The CEO of New Eden's one corporation logs in and adds it. */
export async function logIn({ endpoints }: Product): Promise<{ session: string; corporationId: number }> {
  const [corporation] = await newEden(endpoints.newEden).corporations();
  if (!corporation) throw new Error("New Eden is empty");
  const cookies = new Map<string, string>();
  const visit = async (address: string) => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(new URL(address, endpoints.web), { redirect: "manual", headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (set.split(";")[0] ?? "").split("=");
      cookies.set(name, value);
    }
    return response.headers.get("location") ?? "";
  };
  for (const query of ["", "?purpose=corporation"]) {
    const consent = new URL(await visit(`/api/v1/auth/login${query}`));
    const chosen = await fetch(consent, {
      method: "POST",
      body: new URLSearchParams({ character_id: String(corporation.ceo.characterId) }),
      redirect: "manual",
    });
    await visit(chosen.headers.get("location") ?? "");
  }
  return { session: cookies.get("tapi") ?? "", corporationId: corporation.corporationId };
}

/** The web API for one who holds this session. */
export function apiOf({ endpoints, said }: Product, session: string) {
  async function ask<Data>(path: string): Promise<{ data: Data; meta?: { nextCursor?: string } }> {
    const response = await fetch(`${endpoints.web}/api/v1${path}`, { headers: { cookie: `tapi=${session}` } });
    const body = (await response.json()) as { data: Data; meta?: { nextCursor?: string } };
    const why = response.status < 500 ? "" : `\n${said()}`;
    expect(response.status, `${path} ${JSON.stringify(body)}${why}`).toBe(200);
    return body;
  }
  const get = async <Data>(path: string): Promise<Data> => (await ask<Data>(path)).data;
  async function rows<Row>(corporationId: number, dataset: string): Promise<Row[]> {
    const found: Row[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const from: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const page = await ask<Row[]>(`/corporations/${corporationId}/datasets/${dataset}/rows?limit=500${from}`);
      found.push(...page.data);
      cursor = page.meta?.nextCursor;
    }
    return found;
  }
  const board = (corporationId: number) => get<Freshness[]>(`/corporations/${corporationId}/freshness`);
  return {
    get,
    board,
    /** Every row of a dataset. */
    rows,
    /** Waits until every dataset is fresh. */
    untilFresh: (corporationId: number, enough: readonly string[] = ["fresh", "due"]) =>
      expect
        .poll(async () => (await board(corporationId)).filter(({ status }) => !enough.includes(status)), patient)
        .toEqual([]),
  };
}
