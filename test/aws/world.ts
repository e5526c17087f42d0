import type { PilotSubject, Subject } from "../../packages/core/test/truth.ts";
import { startNewEden } from "../../packages/new-eden/src/index.ts";

/** A small New Eden: one corporation, whose CEO adds it, and an ordinary member, who shares their own data. */
export interface World {
  newEden: string;
  corporation: Subject;
  pilot: PilotSubject;
  close(): Promise<unknown>;
}

export async function startWorld(): Promise<World> {
  const eden = await startNewEden({ port: 0, corporations: [{ members: 25, assets: 80, journalPerDay: 6 }] });
  const [home] = eden.world.corporations;
  if (!home) throw new Error("the world has no corporation");
  const { url: newEden } = eden;
  return {
    newEden,
    corporation: { newEden, corporationId: home.corporationId, characterId: home.ceo.characterId },
    pilot: { newEden, characterId: home.member.characterId },
    close: () => eden.close(),
  };
}
