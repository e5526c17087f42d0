import type { Validator } from "../dataset/index.ts";
import { packJson, unpackJson } from "../snapshot/columns.ts";
import { validators } from "./refresh.entity.ts";

export type Validators = Record<string, Validator>;

/**
 * The validators of the last change, unless they belong to a version that is not the stored one: then ESI is asked in full.
 * Older ones, which this read may find for a moment after they were saved, have ESI hand out again what is known.
 */
export async function load(corporationId: number, dataset: string, version: number): Promise<Validators> {
  const { data } = await validators().get({ corporationId, dataset }).go();
  if (!data || data.version !== version) return {};
  return (await unpackJson([data.data as Uint8Array])) as Validators;
}

export async function save(corporationId: number, dataset: string, version: number, value: Validators): Promise<void> {
  await validators()
    .put({ corporationId, dataset, version, data: await packJson(value) })
    .go();
}
