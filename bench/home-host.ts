import { fileURLToPath } from "node:url";
import { startHost } from "@tapi/local";

/* The local host as `npm start` runs it, with the New Eden of home-world.ts: `home-host.ts <data folder>`. */

const host = await startHost({
  root: fileURLToPath(new URL("..", import.meta.url)),
  port: 0,
  dataDir: process.argv[2] ?? "",
  newEdenEntry: fileURLToPath(new URL("home-world.ts", import.meta.url)),
  say: (line) => console.error(line),
});
process.send?.({ endpoints: host.endpoints });
process.once("disconnect", () => host.close().then(() => process.exit(0)));
