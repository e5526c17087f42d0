import type { Validator } from "../dataset/index.ts";
import { packJson, unpackJson } from "../snapshot/columns.ts";
import { validators } from "./refresh.entity.ts";

export type Validators = Record<string, Validator>;

/** The validators of the last change, unless they belong to a version that is not the stored one: then ESI is asked in full. */
export async function load(corporationId: number, dataset: string, version: number): Promise<Validators> {
  const { data } = await validators().get({ corporationId, dataset }).go({ consistent: true });
  if (!data || data.version !== version) return {};
  return (await unpackJson([data.data as Uint8Array])) as Validators;
}

export async function save(corporationId: number, dataset: string, version: number, value: Validators): Promise<void> {
  await validators()
    .put({ corporationId, dataset, version, data: await packJson(value) })
    .go();
}
