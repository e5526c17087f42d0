import { get } from "./settings.ts";

/** A secret that was changed in SSM is used everywhere after this long. */
const freshMs = 5 * 60_000;

interface Held {
  value: string;
  readAt: number;
}

let held: Held | undefined;
let reading: Promise<string> | undefined;

async function read(name: string): Promise<string> {
  try {
    // SSM's client is loaded at the first log in, not with each start.
    const { readParameter } = await import("./parameter.ts");
    held = { value: await readParameter(name), readAt: Date.now() };
  } catch (error) {
    // While SSM does not answer, the secret that worked until now very likely still does.
    if (!held) throw error;
  }
  return held.value;
}

/** The EVE application's secret: read from SSM every few minutes at most, never from the environment in the cloud. */
export async function eveClientSecret(): Promise<string> {
  const { EVE_CLIENT_SECRET, EVE_CLIENT_SECRET_PARAMETER } = get();
  if (EVE_CLIENT_SECRET) return EVE_CLIENT_SECRET;
  if (!EVE_CLIENT_SECRET_PARAMETER) throw new Error("no EVE client secret is configured");
  if (held && Date.now() - held.readAt < freshMs) return held.value;
  reading ??= read(EVE_CLIENT_SECRET_PARAMETER).finally(() => {
    reading = undefined;
  });
  return reading;
}
