import { checks, type Target } from "./checks.ts";

export type { Target } from "./checks.ts";

export interface Outcome {
  check: string;
  passed: boolean;
  /** A sentence: what is right, or what is wrong and what to do. */
  says: string;
}

/** Whether an installation answers as it should, seen from outside without a login. Changes nothing there. */
export async function smoke(target: Target): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [check, look] of Object.entries(checks)) {
    const outcome = await look(target).then(
      (says) => ({ passed: true, says }),
      (error: unknown) => ({ passed: false, says: error instanceof Error ? error.message : String(error) }),
    );
    outcomes.push({ check, ...outcome });
  }
  return outcomes;
}
