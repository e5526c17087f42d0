import * as Actor from "../actor/index.ts";
import { VisibleError } from "../error/index.ts";
import { CharacterEntity, type CharacterRow } from "./character.entity.ts";

// Apart from index.ts because the token vault guards with it, and index.ts uses the vault.

export async function find(characterId: number): Promise<CharacterRow | undefined> {
  const { data } = await CharacterEntity().get({ characterId }).go({ consistent: true });
  return data ?? undefined;
}

/** The asking user's own character; anyone else's is not found, as if it were not there. */
export async function own(characterId: number): Promise<CharacterRow> {
  const { userId } = Actor.assertUser();
  const row = await find(characterId);
  if (row?.userId !== userId) throw new VisibleError("not_found", "character.not_found", "No such character.");
  return row;
}

/** Our own workers and schedules, or the pilot. */
export async function assertOwnerOrSystem(characterId: number): Promise<void> {
  if (Actor.use().type === "system") return;
  await own(characterId);
}
