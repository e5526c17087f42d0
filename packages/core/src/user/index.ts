import * as z from "zod";
import * as Actor from "../actor/index.ts";
import { VisibleError } from "../error/index.ts";
import { UserEntity } from "./user.entity.ts";

export const Info = z.object({
  userId: z.string(),
  mainCharacterId: z.number(),
  createdAt: z.iso.datetime(),
});
export type Info = z.infer<typeof Info>;

/** The asking user. Throws `session.required` when nobody is logged in or the user is gone. */
export async function current(): Promise<Info> {
  const { userId } = Actor.assertUser();
  const { data } = await UserEntity().get({ userId }).go({ consistent: true });
  if (!data) throw new VisibleError("unauthorized", "session.required", "Log in first.");
  return Info.parse({ ...data, createdAt: new Date(data.createdAt).toISOString() });
}
