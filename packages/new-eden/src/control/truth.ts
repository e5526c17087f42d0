import { setKey } from "../esi/answer.ts";
import type { Call, CursorRecord, Endpoint } from "../esi/endpoint.ts";
import { endpoints } from "../esi/families.ts";
import { type Route, routes } from "../esi/route.ts";
import type { Snapshots } from "../esi/snapshots.ts";
import type { Simulation } from "../simulation.ts";
import type { Corporation } from "../world/corporation.ts";

interface Dataset {
  operationId: string;
  /** Read once for each of these values of a path parameter, which the rows then carry. */
  each?: { parameter: string; ids: (corporation: Corporation) => readonly number[] };
}

const divisions = { parameter: "division", ids: () => [1, 2, 3, 4, 5, 6, 7] };

/** What can be compared with a copy, by the usual names of the data. */
export const datasets: Record<string, Dataset> = {
  "public-info": { operationId: "GetCorporationsCorporationId" },
  members: { operationId: "GetCorporationsCorporationIdMembers" },
  "member-tracking": { operationId: "GetCorporationsCorporationIdMembertracking" },
  "member-titles": { operationId: "GetCorporationsCorporationIdMembersTitles" },
  "member-limit": { operationId: "GetCorporationsCorporationIdMembersLimit" },
  roles: { operationId: "GetCorporationsCorporationIdRoles" },
  titles: { operationId: "GetCorporationsCorporationIdTitles" },
  divisions: { operationId: "GetCorporationsCorporationIdDivisions" },
  wallets: { operationId: "GetCorporationsCorporationIdWallets" },
  "wallet-journal": { operationId: "GetCorporationsCorporationIdWalletsDivisionJournal", each: divisions },
  "wallet-transactions": { operationId: "GetCorporationsCorporationIdWalletsDivisionTransactions", each: divisions },
  assets: { operationId: "GetCorporationsCorporationIdAssets" },
};

function read(endpoint: Endpoint, route: Route, call: Call, snapshots: Snapshots, isLive: boolean): unknown {
  const held = isLive ? undefined : snapshots.peek(setKey(route, call), call.nowMs);
  const value = held ? held.value : endpoint.make(call);
  return endpoint.kind === "cursor" ? (value as CursorRecord[] | undefined)?.map(({ row }) => row) : value;
}

/**
 * A dataset whole, as ESI would serve it at this moment: what its cache holds until that expires, else the world as it
 * is. `isLive` looks past the cache. Undefined: no such dataset or corporation.
 */
export function truth(
  simulation: Simulation,
  snapshots: Snapshots,
  corporationId: number,
  name: string,
  isLive: boolean,
): unknown {
  const { operationId, each }: Dataset = datasets[name] ?? { operationId: name };
  const [endpoint, route] = [endpoints[operationId], routes().get(operationId)];
  const { world, clock } = simulation;
  const corporation = world.corporations.get(corporationId);
  if (!endpoint || !route || !corporation) return undefined;
  const call = (ids: Record<string, number>): Call => ({
    world,
    nowMs: clock.now(),
    ids: { corporation_id: corporationId, ...ids },
    text: {},
    query: {},
    body: undefined,
    caller: undefined,
  });
  if (!each) return read(endpoint, route, call({}), snapshots, isLive);
  return each.ids(corporation).flatMap((id) => {
    const rows = read(endpoint, route, call({ [each.parameter]: id }), snapshots, isLive);
    return ((rows ?? []) as object[]).map((row) => ({ ...row, [each.parameter]: id }));
  });
}
