import * as Actor from "@tapi/core/platform/actor";
import * as Log from "@tapi/core/platform/log";

/** A scheduled function: runs as the system, and fails loudly so that its alarm rings. */
export const scheduled =
  <T>(name: string, body: () => Promise<T>) =>
  (): Promise<T> =>
    Log.withFields({ schedule: name }, () =>
      Actor.provide({ type: "system", name }, async () => {
        try {
          return await body();
        } catch (error) {
          Log.error("schedule failed", { error });
          throw error;
        }
      }),
    );
