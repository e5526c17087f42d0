import { keyOf } from "../../owner/index.ts";
import { ignoreConditionFailed } from "../../platform/error/index.ts";
import { packJson, unpackJson } from "../../platform/gzip/index.ts";
import { columnSetOf, type Dataset, type ItemState, outdated, type Validator } from "../dataset/index.ts";
import type { State } from "./index.ts";
import { validators } from "./state.entity.ts";

export type Validators = Record<string, Validator>;

/** `emptyAnswers` is stored as `unsaid`, the name that it bore when the first of them were written. */
type StoredItem = Omit<ItemState, "emptyAnswers"> & { unsaid?: ItemState["emptyAnswers"] };
type StoredValidator = Omit<Validator, "items"> & { items?: Readonly<Record<string, StoredItem>> };

/** The values of an object, each as another. */
function mapEach<From, To>(items: Readonly<Record<string, From>>, map: (item: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(items).map(([part, item]) => [part, map(item)]));
}

const itemOf = ({ unsaid, ...item }: StoredItem): ItemState => (unsaid ? { ...item, emptyAnswers: unsaid } : item);
const storedItem = ({ emptyAnswers, ...item }: ItemState): StoredItem =>
  emptyAnswers ? { ...item, unsaid: emptyAnswers } : item;

const validatorOf = ({ items, ...rest }: StoredValidator): Validator =>
  items ? { ...rest, items: mapEach(items, itemOf) } : rest;
const storedValidator = ({ items, ...rest }: Validator): StoredValidator =>
  items ? { ...rest, items: mapEach(items, storedItem) } : rest;

/**
 * The validators of the last change, unless they belong to a version that is not the stored one: then ESI is asked in full.
 * So it is once where the rows were stored with other columns than this release has, since "unchanged" would leave the new
 * ones empty. Older ones, which this read may find for a moment after they were saved, have ESI hand out again what is known.
 */
export async function load({ owner, dataset: name, version, since = 0 }: State, dataset: Dataset): Promise<Validators> {
  const { data } = await validators()
    .get({ owner: keyOf(owner), dataset: name })
    .go();
  if (!data || data.version !== version || (data.fence ?? since) < since) return {};
  const stored = (await unpackJson([data.data as Uint8Array])) as Record<string, StoredValidator>;
  const known = mapEach(stored, validatorOf);
  if (data.columnSet === columnSetOf(dataset)) return known;
  return Object.fromEntries(Object.entries(known).map(([part, validator]) => [part, outdated(validator)]));
}

/** Does nothing for a worker who has lost the lease to one who has saved already. */
export async function save(
  { owner, dataset: name, fence }: State,
  dataset: Dataset,
  version: number,
  value: Validators,
): Promise<void> {
  await validators()
    .put({
      ...{ owner: keyOf(owner), dataset: name, version, fence },
      columnSet: columnSetOf(dataset),
      data: await packJson(mapEach(value, storedValidator)),
    })
    .where((field, op) => `${op.notExists(field.fence)} OR ${op.lte(field.fence, fence)}`)
    .go()
    .catch(ignoreConditionFailed);
}
