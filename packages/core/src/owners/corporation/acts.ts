import * as Audit from "../../audit/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { notify } from "../../push/index.ts";
import { corporations } from "./corporation.entity.ts";

interface Concerned {
  characterId: number;
  userId: string;
  name: string;
}

/** What is done to a corporation or one of its directors. */
interface Act {
  action: string;
  corporationId: number;
  /** The characters that it is done to. */
  directors: readonly Concerned[];
  /** Who directs the corporation, before it is done. */
  all: readonly Concerned[];
  /** What was done, as a sentence goes on after the name of who did it. */
  did: (names: string, corporation: string) => string;
}

/**
 * Puts an act into the audit trail and has the other directors told of it, those it is done to among them. Goes before the
 * act: afterwards nobody knows any more whom it concerned.
 */
export async function announce({ action, corporationId, directors, all, did }: Act): Promise<void> {
  const { data } = await corporations().get({ corporationId }).go();
  const name = data?.name ?? `corporation ${corporationId}`;
  const subject = { corporationId, name, directors: directors.map((each) => ({ ...each })) };
  const { by } = await Audit.record({ action, subject });
  const actor = Actor.use();
  const others = all.map(({ userId }) => userId).filter((userId) => actor.type !== "user" || userId !== actor.userId);
  const names = directors.map((each) => each.name).join(", ");
  await notify(others, { action, corporationId, message: `${by} ${did(names, name)}.` });
}
