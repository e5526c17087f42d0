import type { OperationId } from "../esi/index.ts";
import * as Esi from "../esi/index.ts";
import type { FetchContext, Fetched, Part, Row } from "./index.ts";

/** Turns what ESI answered into rows. Absent: the answer is a list of rows already. */
export type ToRows = (data: never, context: FetchContext) => Row[] | Promise<Row[]>;

const whole = "";

const call = (context: FetchContext) => ({
  path: { corporation_id: context.corporationId },
  interactive: context.interactive,
  ...(context.accessToken ? { accessToken: context.accessToken } : {}),
  ...(context.characterId ? { characterId: context.characterId } : {}),
});

async function onePage(operation: OperationId, part: string, path: object, context: FetchContext, toRows?: ToRows) {
  const etag = context.validators[part]?.etags[0];
  const base = call(context);
  const answer = await Esi.request(operation, {
    ...base,
    path: { ...base.path, ...path },
    ...(etag ? { etag } : {}),
  });
  const rows =
    answer.status === 304 ? undefined : toRows ? await toRows(answer.data as never, context) : (answer.data as Row[]);
  const fetched: Part = {
    part,
    ...(rows ? { rows } : {}),
    ...(answer.etag ? { validator: { etags: [answer.etag] } } : {}),
  };
  return { fetched, staleAt: answer.expiresAt, cost: answer.cost };
}

/** One call that answers the whole dataset. */
export const single =
  (operation: OperationId, toRows?: ToRows) =>
  async (context: FetchContext): Promise<Fetched> => {
    const { fetched, staleAt, cost } = await onePage(operation, whole, {}, context, toRows);
    return { parts: [fetched], staleAt, cost };
  };

async function pageSet(operation: OperationId, part: string, path: object, context: FetchContext) {
  const known = context.validators[part];
  const base = call(context);
  const set = await Esi.pages<Row>(operation, {
    ...base,
    path: { ...base.path, ...path },
    ...(known ? { etags: known.etags } : {}),
    onProgress: context.progress,
  });
  const fetched: Part = {
    part,
    ...(set.changed && set.rows ? { rows: set.rows.flat() } : {}),
    validator: { etags: set.etags },
  };
  return { fetched, staleAt: set.expiresAt, cost: set.cost };
}

/** All pages of an X-Pages route, as one consistent set. */
export const paged =
  (operation: OperationId) =>
  async (context: FetchContext): Promise<Fetched> => {
    const { fetched, staleAt, cost } = await pageSet(operation, whole, {}, context);
    return { parts: [fetched], staleAt, cost };
  };

export const walletDivisions = [1, 2, 3, 4, 5, 6, 7] as const;

type DivisionFetch = (
  division: number,
  context: FetchContext,
) => Promise<{ fetched: Part; staleAt: number; cost: number }>;

/** One part for each of the seven wallet divisions; rows carry their `division`. */
const eachDivision =
  (fetch: DivisionFetch) =>
  async (context: FetchContext): Promise<Fetched> => {
    const answers = await Promise.all(walletDivisions.map((division) => fetch(division, context)));
    return {
      parts: answers.map(({ fetched }) => ({
        ...fetched,
        ...(fetched.rows ? { rows: fetched.rows.map((row) => ({ ...row, division: Number(fetched.part) })) } : {}),
      })),
      staleAt: Math.max(...answers.map((answer) => answer.staleAt)),
      cost: answers.reduce((sum, answer) => sum + answer.cost, 0),
    };
  };

export const pagedByDivision = (operation: OperationId) =>
  eachDivision((division, context) => pageSet(operation, String(division), { division }, context));

/** Walks back from the newest record until one that is stored already, or the end of what ESI keeps. */
export const fromIdByDivision = (operation: OperationId, idColumn: string) =>
  eachDivision(async (division, context) => {
    const previous = await context.previous();
    const known = previous.derive(`ids-${idColumn}`, (view) => new Set(view.columns[idColumn] as number[]));
    const etag = context.validators[String(division)]?.etags[0];
    const base = call(context);
    const walk = await Esi.fromId<Row>(operation, {
      ...base,
      path: { ...base.path, division },
      idField: idColumn,
      until: (row) => known.has(row[idColumn] as number),
      ...(etag ? { etag } : {}),
    });
    const fetched: Part = {
      part: String(division),
      ...(walk.changed ? { rows: walk.rows } : {}),
      ...(walk.etag ? { validator: { etags: [walk.etag] } } : {}),
    };
    return { fetched, staleAt: walk.expiresAt, cost: walk.cost };
  });
