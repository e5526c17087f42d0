import { Entity } from "electrodb";
import { lazy, options, service } from "../../platform/db/index.ts";

/*
 * Access patterns
 *   what all processes must know of ESI's limits   limits.query.byServer({ server })
 *   one of them: kept, taken for a probe, ended    limits.put / patch / delete ({ server, name })
 */
export const limits = lazy(
  () =>
    new Entity(
      {
        model: { entity: "esiLimit", version: "1", service },
        attributes: {
          /** ESI's address: another ESI has limits of its own. */
          server: { type: "string", required: true },
          /** `errors`, `everything`, or `circuit#` and a route group. */
          name: { type: "string", required: true },
          /** Epoch ms until which nothing is sent. */
          until: { type: "number", required: true },
          /** Of a circuit: how often in a row it was found still broken. */
          pauses: { type: "number" },
          /** Of a circuit: whose calls have found that out, the latest last. */
          probed: { type: "list", items: { type: "string" } },
          /** Of a circuit: epoch ms until which the call that is to find out has to itself. */
          probeUntil: { type: "number" },
        },
        indexes: {
          byServer: {
            pk: { field: "pk", composite: ["server"], template: "esi#${server}", casing: "none" },
            sk: { field: "sk", composite: ["name"], template: "limit#${name}", casing: "none" },
          },
        },
      },
      options(),
    ),
);
