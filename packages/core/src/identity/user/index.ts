import * as z from "zod";
import * as Actor from "../../platform/actor/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import { UserEntity } from "./user.entity.ts";

// Exported because a user and its characters change in one transaction (identity/character).
export { UserEntity } from "./user.entity.ts";

export const Info = z.object({
  userId: z.string(),
  mainCharacterId: z.number(),
  createdAt: z.iso.datetime(),
});
export type Info = z.infer<typeof Info>;

/** The asking user. Errors: `session.required` (401) if nobody is logged in or the user is deleted. */
export async function current(): Promise<Info> {
  const { userId } = Actor.assertUser();
  const { data } = await UserEntity().get({ userId }).go({ consistent: true });
  if (!data) throw new VisibleError("unauthorized", "session.required", "Log in first.");
  return Info.parse({ ...data, createdAt: new Date(data.createdAt).toISOString() });
}
