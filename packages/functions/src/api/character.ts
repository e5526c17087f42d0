import * as Character from "@tapi/core/identity/character";
import * as Token from "@tapi/core/identity/token";
import { longest } from "@tapi/core/platform/cursor";
import * as Account from "@tapi/core/product/account";
import { Hono } from "hono";
import * as z from "zod";
import { describe } from "./describe.ts";
import { ownedRoutes } from "./owned.ts";
import { validate } from "./validate.ts";

const Id = z.object({ characterId: z.coerce.number().int().positive() });
const Meta = z.object({ nextCursor: z.string().optional() });

export const character = new Hono()
  .get("/", describe("The user's characters with their tokens", z.array(Character.Info)), async (c) =>
    c.json({ data: await Character.list() }),
  )
  .get("/:characterId", describe("A character with its token", Character.Info), validate("param", Id), async (c) =>
    c.json({ data: await Character.get(c.req.valid("param")) }),
  )
  .put("/:characterId/main", describe("Make it the main character"), validate("param", Id), async (c) => {
    await Character.setMain(c.req.valid("param"));
    return c.body(null, 204);
  })
  .delete(
    "/:characterId",
    describe("Unlink it, revoke its token, and delete what is stored of it"),
    validate("param", Id),
    async (c) => {
      await Account.remove(c.req.valid("param"));
      return c.body(null, 204);
    },
  )
  .get(
    "/:characterId/token-uses",
    describe("What its token was used for", z.array(Token.Use), { meta: Meta }),
    validate("param", Id),
    validate("query", z.object({ cursor: z.string().max(longest).optional() })),
    async (c) => {
      const { uses, ...meta } = await Character.tokenUses({ ...c.req.valid("param"), ...c.req.valid("query") });
      return c.json({ data: uses, meta });
    },
  )
  .route("/:characterId", ownedRoutes("character"));
