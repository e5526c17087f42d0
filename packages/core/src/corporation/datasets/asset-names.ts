import * as z from "zod";
import { define, type FetchContext, type Fetched, type Row, type View } from "../../dataset/index.ts";
import * as Esi from "../../esi/index.ts";
import * as StaticData from "../../static-data/index.ts";

const operation = "PostCorporationsCorporationIdAssetsNames";

/** ESI's limit of ids a call. */
const batchLimit = 1000;
const hourMs = 3_600_000;

/** Categories whose items pilots can name: ships, deployables, starbases, orbitals, structures. */
const nameableCategories = new Set([6, 22, 23, 46, 65]);
/** Groups of containers: cargo, secure, audit log and freight. */
const nameableGroups = new Set([12, 340, 448, 649]);

function isNameable(typeId: number): boolean {
  const type = StaticData.type(typeId);
  const category = type && StaticData.group(type.groupId)?.categoryId;
  return (
    type !== undefined && (nameableGroups.has(type.groupId) || (category ? nameableCategories.has(category) : false))
  );
}

function nameableItems(assets: View): number[] {
  const ids: number[] = [];
  for (let index = 0; index < assets.length; index += 1) {
    if (assets.value("is_singleton", index) !== true) continue;
    if (isNameable(assets.value("type_id", index) as number)) ids.push(assets.value("item_id", index) as number);
  }
  return ids;
}

/** A renamed item shows nowhere but here, so each known one is asked for again once a day, spread over the hours. */
const isDue = (id: number, now: number) => id % 24 === Math.floor(now / hourMs) % 24;

async function fetch(context: FetchContext): Promise<Fetched> {
  const [assets, previous] = await Promise.all([context.view("assets"), context.previous()]);
  const now = Date.now();
  const present = assets.derive("nameable", nameableItems);
  const asked = present.filter((id) => previous.find(id) < 0 || isDue(id, now));
  const rows = new Map<number, Row>();
  for (const id of present) {
    const at = previous.find(id);
    if (at >= 0) rows.set(id, previous.row(at));
  }
  let cost = 0;
  for (let from = 0; from < asked.length; from += batchLimit) {
    const answer = await Esi.request(operation, {
      path: { corporation_id: context.corporationId },
      body: asked.slice(from, from + batchLimit),
      ...(context.accessToken ? { accessToken: context.accessToken } : {}),
      ...(context.characterId ? { characterId: context.characterId } : {}),
    });
    cost += answer.cost;
    for (const { item_id, name } of (answer.data ?? []) as { item_id: number; name: string }[]) {
      // ESI writes the word None for an item that nobody has named.
      rows.set(item_id, { item_id, ...(name && name !== "None" ? { name } : {}) });
    }
    context.progress(Math.min(asked.length, from + batchLimit), asked.length);
  }
  return { parts: [{ part: "", rows: [...rows.values()] }], staleAt: now + hourMs, cost };
}

export const assetNames = define({
  name: "asset-names",
  title: "Asset names",
  group: "Assets",
  queue: "assets",
  operations: [operation],
  storage: "snapshot",
  after: ["assets"],
  row: z.object({ item_id: z.int(), name: z.string().optional() }),
  key: ["item_id"],
  columns: { item_id: { title: "Item", kind: "id" }, name: { title: "Name", kind: "text" } },
  sort: "name",
  fetch,
});
