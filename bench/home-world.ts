import { startNewEden } from "@tapi/new-eden";
import { planOf } from "./alliance-plan.ts";

/* New Eden with HOME_CORPORATIONS corporations of mixed size, as a child of the local host: speaks as New Eden's own entry. */

const count = Number(process.env.HOME_CORPORATIONS);
const corporations = Array.from({ length: count }, (_, index) => planOf(index));
const eden = await startNewEden({ port: 0, seed: "home", corporations });
const tell = (offsetMs: number) => process.send?.({ type: "clock", offsetMs });
tell(eden.clock.offsetMs);
eden.clock.onChange(tell);
process.send?.({ type: "ready", url: eden.url });
process.once("disconnect", () => eden.close().then(() => process.exit(0)));
