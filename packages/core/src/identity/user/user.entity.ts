import { Entity } from "electrodb";
import * as Db from "../../platform/db/index.ts";

// byUser: a user by id.
export const UserEntity = Db.lazy(
  () =>
    new Entity(
      {
        model: { entity: "user", version: "1", service: Db.service },
        attributes: {
          userId: { type: "string", required: true },
          mainCharacterId: { type: "number", required: true },
          /** Counted in the transactions that link and unlink: an index could lag behind and delete a user in use. */
          characterCount: { type: "number", required: true },
          createdAt: { type: "number", required: true },
        },
        indexes: {
          byUser: {
            pk: { field: "pk", composite: ["userId"], template: "user#${userId}", casing: "none" },
            sk: { field: "sk", composite: [], template: "user", casing: "none" },
          },
        },
      },
      Db.options(),
    ),
);
