import * as Config from "@tapi/core/platform/config";
import { startWire } from "../packages/core/test/wire.ts";

/** Puts a wire before KMS that counts the calls. */
export async function startCounting(): Promise<{ calls: () => number; close: () => Promise<void> }> {
  const wire = await startWire(Config.get().KMS_ENDPOINT as string);
  let calls = 0;
  wire.refuse = () => {
    calls += 1;
    return undefined;
  };
  process.env.KMS_ENDPOINT = wire.url;
  Config.reset();
  return { calls: () => calls, close: wire.close };
}
