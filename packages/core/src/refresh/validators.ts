import { columnSetOf, type Dataset, outdated, type Validator } from "../dataset/index.ts";
import { ignoreConditionFailed } from "../error/index.ts";
import { packJson, unpackJson } from "../snapshot/columns.ts";
import { validators } from "./refresh.entity.ts";
import type { State } from "./state.ts";

export type Validators = Record<string, Validator>;

/**
 * The validators of the last change, unless they belong to a version that is not the stored one: then ESI is asked in full.
 * So it is once where the rows were stored with other columns than this release has, since "unchanged" would leave the new
 * ones empty. Older ones, which this read may find for a moment after they were saved, have ESI hand out again what is known.
 */
export async function load(
  { corporationId, dataset: name, version, since = 0 }: State,
  dataset: Dataset,
): Promise<Validators> {
  const { data } = await validators().get({ corporationId, dataset: name }).go();
  if (!data || data.version !== version || (data.fence ?? since) < since) return {};
  const known = (await unpackJson([data.data as Uint8Array])) as Validators;
  if (data.columnSet === columnSetOf(dataset)) return known;
  return Object.fromEntries(Object.entries(known).map(([part, validator]) => [part, outdated(validator)]));
}

/** Does nothing for a worker who has lost the lease to one who has saved already. */
export async function save(
  { corporationId, dataset: name, fence }: State,
  dataset: Dataset,
  version: number,
  value: Validators,
): Promise<void> {
  await validators()
    .put({
      ...{ corporationId, dataset: name, version, fence },
      columnSet: columnSetOf(dataset),
      data: await packJson(value),
    })
    .where((field, op) => `${op.notExists(field.fence)} OR ${op.lte(field.fence, fence)}`)
    .go()
    .catch(ignoreConditionFailed);
}
