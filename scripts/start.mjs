// npm start: from a fresh clone to a running product. Plain Node: nothing is installed yet when this begins.
import { installIfNeeded, requireNode, root } from "./install.mjs";

requireNode();
installIfNeeded();

const { buildWebIfNeeded, watchWeb } = await import("./build-web.mjs");
const args = process.argv.slice(2).filter((each) => each !== "--");
const informs = args.includes("--help") || args.includes("-h");

if (!informs && buildWebIfNeeded() !== 0) {
  console.error("\n  ✗ The web app does not build; see above.\n");
  process.exit(1);
}
if (args.includes("--watch")) await watchWeb();

const { register } = await import("tsx/esm/api");
register();
const { run } = await import("../packages/local/src/main.ts");
process.exit(await run(root, args));
