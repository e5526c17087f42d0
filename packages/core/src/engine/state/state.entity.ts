import { Entity } from "electrodb";
import { lazy, options, service } from "../../platform/db/index.ts";

/*
 * Access patterns
 *   state of an owner's datasets          states.query.byOwner({ owner })
 *   state of one dataset (lease, finish)  states.get({ owner, dataset })
 *   its validators                        validators.get({ owner, dataset })
 *
 * A state row stays below 1 KB: an unchanged refresh then costs one write unit for the lease and one for the finish.
 * Entity tags of a hundred pages would not fit, so they have an item of their own that only a change rewrites.
 */

const ownersKey = { field: "pk", composite: ["owner"], template: "${owner}", casing: "none" } as const;

export const states = lazy(
  () =>
    new Entity(
      {
        model: { entity: "datasetState", version: "1", service },
        attributes: {
          /** As `Owner.keyOf` writes it. Rows of earlier releases have it in their key alone. */
          owner: { type: "string", required: true },
          dataset: { type: "string", required: true },
          // No attribute has a default: the upsert that takes a lease would write it over what is there.
          /**
           * Counts leases, from the moment of the registration on: the newest holder alone may write, and nobody who was at
           * work for a former registration.
           */
          fence: { type: "number" },
          /** The moment of the registration that it belongs to; of an owner that is being removed, of its removal. */
          since: { type: "number" },
          leaseUntil: { type: "number" },
          version: { type: "number" },
          rows: { type: "number" },
          refreshedAt: { type: "number" },
          changedAt: { type: "number" },
          /** From when ESI may have something newer. */
          staleAt: { type: "number" },
          /** Nothing is fetched before: the expiry, or the end of a back-off. */
          nextAt: { type: "number" },
          /** The character whose token fetched it last. */
          fetcherId: { type: "number", field: "directorId" },
          fetcherName: { type: "string", field: "directorName" },
          tokens: { type: "number" },
          /** The version of what it follows that it was made from: of a detail, its list's (dataset/follow.ts). */
          listVersion: { type: "number" },
          /** The last refresh left something over. */
          hasMore: { type: "boolean" },
          /** Failures in a row. */
          failures: { type: "number" },
          blocked: { type: "boolean" },
          errorCode: { type: "string" },
          errorMessage: { type: "string" },
          errorAt: { type: "number" },
          /** When the failures of this code began, and how many there have been in a row. */
          errorSince: { type: "number" },
          errorTimes: { type: "number" },
          /** An empty answer came where rows were: the next one decides. */
          doubtSince: { type: "number" },
          /** Rows of the last answer that did not fit their schema and were set aside. */
          setAside: { type: "number" },
          /** Things of which ESI gives nothing, and why. */
          missing: { type: "number" },
          missingWhy: { type: "string" },
          /** What was wrong with the first of them. */
          setAsideReason: { type: "string" },
          /** First month (`2026-11`) of a ledger. */
          firstMonth: { type: "string" },
          /** Of a ledger: the version and the rows of its last months, as far as they have been told. */
          months: { type: "any" },
        },
        indexes: {
          byOwner: {
            pk: ownersKey,
            sk: { field: "sk", composite: ["dataset"], template: "dataset#${dataset}", casing: "none" },
          },
        },
      },
      options(),
    ),
);

export const validators = lazy(
  () =>
    new Entity(
      {
        model: { entity: "datasetValidators", version: "1", service },
        attributes: {
          /** As `Owner.keyOf` writes it. Rows of earlier releases have it in their key alone. */
          owner: { type: "string", required: true },
          dataset: { type: "string", required: true },
          /** Packed JSON of the validators by part. */
          data: { type: "any", required: true },
          /** The collection's version that they belong to, and the lease number of who wrote them. */
          version: { type: "number", required: true },
          fence: { type: "number" },
          /** Names the columns that the stored rows have. */
          columnSet: { type: "string" },
        },
        indexes: {
          byDataset: {
            pk: ownersKey,
            sk: { field: "sk", composite: ["dataset"], template: "validators#${dataset}", casing: "none" },
          },
        },
      },
      options(),
    ),
);
