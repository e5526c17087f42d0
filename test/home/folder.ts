import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
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

/** The web API for one who holds this session. */
export function apiOf({ endpoints }: Product, session: string) {
  async function get<Data>(path: string): Promise<Data> {
    const response = await fetch(`${endpoints.web}/api/v1${path}`, { headers: { cookie: `tapi=${session}` } });
    const body = (await response.json()) as { data: Data };
    expect(response.status, `${path} ${JSON.stringify(body)}`).toBe(200);
    return body.data;
  }
  const board = (corporationId: number) => get<Freshness[]>(`/corporations/${corporationId}/freshness`);
  return {
    get,
    board,
    /** Every row of a dataset; what these tests look at fits one page. */
    rows: <Row>(corporationId: number, dataset: string) =>
      get<Row[]>(`/corporations/${corporationId}/datasets/${dataset}/rows?limit=500`),
    /** Waits until every dataset is fresh. */
    untilFresh: (corporationId: number, enough: readonly string[] = ["fresh", "due"]) =>
      expect
        .poll(async () => (await board(corporationId)).filter(({ status }) => !enough.includes(status)), patient)
        .toEqual([]),
  };
}
