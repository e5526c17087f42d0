import { Entity } from "electrodb";
import { lazy, options, service } from "../db/index.ts";

/*
 * Access patterns
 *   how many a subject did in a window, over all processes   counts.upsert({ subject, window }).add(...)
 */

export const counts = lazy(
  () =>
    new Entity(
      {
        model: { entity: "limitCount", version: "1", service },
        attributes: {
          subject: { type: "string", required: true },
          /** The window's number: epoch ms divided by its length. */
          window: { type: "number", required: true },
          count: { type: "number", required: true },
          expiresAt: { type: "number", required: true },
        },
        indexes: {
          byWindow: {
            pk: { field: "pk", composite: ["subject"], template: "limit#${subject}", casing: "none" },
            sk: { field: "sk", composite: ["window"], template: "window#${window}", casing: "none" },
          },
        },
      },
      options(),
    ),
);
