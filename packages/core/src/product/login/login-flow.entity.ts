import { Entity } from "electrodb";
import * as Db from "../../platform/db/index.ts";

export const purposes = ["login", "character", "corporation"] as const;

// byState: a login flow that is under way, by the hash of its state.
export const LoginFlowEntity = Db.lazy(
  () =>
    new Entity(
      {
        model: { entity: "login-flow", version: "1", service: Db.service },
        attributes: {
          stateHash: { type: "string", required: true },
          /** Hash of the cookie that binds the flow to the browser that began it. */
          browserHash: { type: "string", required: true },
          purpose: { type: purposes, required: true },
          returnTo: { type: "string", required: true },
          /** The user whom the character is linked to; absent at a plain login. */
          userId: { type: "string" },
          /** The character whose token is renewed, if the login is for one. */
          characterId: { type: "number" },
          /** Scopes that the login asked for. */
          scopes: { type: "list", items: { type: "string" }, required: true },
          expiresAt: { type: "number", required: true },
        },
        indexes: {
          byState: {
            pk: { field: "pk", composite: ["stateHash"], template: "login#${stateHash}", casing: "none" },
            sk: { field: "sk", composite: [], template: "login", casing: "none" },
          },
        },
      },
      Db.options(),
    ),
);
