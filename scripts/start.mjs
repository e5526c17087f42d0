// npm start: from a fresh clone to a running product. Plain Node: nothing is installed yet when this begins.
import { installIfNeeded, requireNode, root } from "./install.mjs";

requireNode();
installIfNeeded();

const { register } = await import("tsx/esm/api");
register();
const { prepare, run } = await import("../packages/local/src/main.ts");

const prepared = await prepare(
  root,
  process.argv.slice(2).filter((each) => each !== "--"),
);
if (typeof prepared === "number") process.exit(prepared);

const { buildWebIfNeeded, watchWeb } = await import("./build-web.mjs");
if (buildWebIfNeeded() !== 0) {
  console.error("\n  ✗ The web app does not build; see above.\n");
  process.exit(1);
}
if (prepared.watch) await watchWeb();

process.exit(await run(prepared));
