import type { Validator } from "../dataset/index.ts";
import { ignoreConditionFailed } from "../error/index.ts";
import { packJson, unpackJson } from "../snapshot/columns.ts";
import { validators } from "./refresh.entity.ts";
import type { State } from "./state.ts";

export type Validators = Record<string, Validator>;

/**
 * The validators of the last change, unless they belong to a version that is not the stored one: then ESI is asked in full.
 * Older ones, which this read may find for a moment after they were saved, have ESI hand out again what is known.
 */
export async function load({ corporationId, dataset, version, since = 0 }: State): Promise<Validators> {
  const { data } = await validators().get({ corporationId, dataset }).go();
  if (!data || data.version !== version || (data.fence ?? since) < since) return {};
  return (await unpackJson([data.data as Uint8Array])) as Validators;
}

/** Does nothing for a worker who has lost the lease to one who has saved already. */
export async function save(
  { corporationId, dataset, fence }: State,
  version: number,
  value: Validators,
): Promise<void> {
  await validators()
    .put({ corporationId, dataset, version, fence, data: await packJson(value) })
    .where((field, op) => `${op.notExists(field.fence)} OR ${op.lte(field.fence, fence)}`)
    .go()
    .catch(ignoreConditionFailed);
}
