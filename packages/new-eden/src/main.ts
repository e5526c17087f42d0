import { parseArgs } from "node:util";
import { startNewEden } from "./index.ts";

const usage = `New Eden: a simulated EVE Online (single sign-on and ESI) on this machine.

  pnpm new-eden -- [--port 3001] [--or-any] [--seed TEXT] [--data DIR] [--downtime]

  --port      where to listen; default 3001, 0 for any free port
  --or-any    if that port is in use, take any free one
  --seed      the same seed gives the same world
  --data      keep keys, logins, the clock and changes in this folder
  --downtime  be down from 11:00 to 11:05 UTC every day
`;

function readOptions() {
  const { values } = parseArgs({
    // pnpm hands its own "--" on.
    args: process.argv.slice(2).filter((argument) => argument !== "--"),
    options: {
      port: { type: "string", default: "3001" },
      "or-any": { type: "boolean", default: false },
      seed: { type: "string" },
      data: { type: "string" },
      downtime: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return values;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return;
  }
  let end: () => void = () => process.exit(0);
  // A child of the local host ends with it, even when the host is killed, and even while it catches up.
  process.once("disconnect", () => end());
  process.once("SIGINT", () => end());
  process.once("SIGTERM", () => end());
  const eden = await startNewEden({
    port: Number(options.port),
    orAnyPort: options["or-any"],
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.data === undefined ? {} : { dataDir: options.data }),
    dailyDowntime: options.downtime,
    onCatchUp: (atMs) => process.send?.({ type: "catching up", at: new Date(atMs).toISOString().slice(0, 10) }),
  });
  end = () => void eden.close().then(() => process.exit(0));
  tell(eden.clock.offsetMs);
  eden.clock.onChange(tell);
  process.send?.({ type: "ready", url: eden.url });
  const { alliance, corporations } = eden.world;
  console.log(`New Eden is at ${eden.url}\nAlliance ${alliance.name} [${alliance.ticker}]`);
  for (const { name, ticker, memberCount, ceo } of corporations) {
    console.log(`  ${name} [${ticker}], ${memberCount} members: log in as ${ceo.name} (CEO)`);
  }
}

function tell(offsetMs: number): void {
  process.send?.({ type: "clock", offsetMs });
}

main().catch((error: NodeJS.ErrnoException) => {
  const isBusy = error.code === "EADDRINUSE";
  console.error(isBusy ? "This port is in use: choose another with --port." : error.message);
  process.exitCode = 1;
});
