// npm start: from a fresh clone to a running product. Plain Node: nothing is installed yet when this begins.
import { readArguments, refuseSwallowed, usage } from "../packages/local/src/host/arguments.mjs";
import { prepareDataDir, requireTemporaryFolder } from "../packages/local/src/host/data-dir.mjs";
import { requireFreePort } from "../packages/local/src/host/free-port.mjs";
import { readListenAddress } from "../packages/local/src/host/listen-address.mjs";
import { explainShortage, StartError } from "../packages/local/src/host/start-error.mjs";
import { installIfNeeded, requireNode, root } from "./install.mjs";

requireNode();

/** Whatever a person must mend is told before anything is installed or built. */
async function check() {
  refuseSwallowed(process.env);
  const options = readArguments(
    process.argv.slice(2).filter((each) => each !== "--"),
    root,
  );
  if (options.help) return options;
  const address = readListenAddress(options, root, process.env);
  requireTemporaryFolder();
  prepareDataDir(options.dataDir);
  await requireFreePort(options.port, address, options.dataDir);
  installIfNeeded();
  return { ...options, listen: address };
}

const given = await check().catch((error) => {
  const explained = explainShortage(error, root);
  if (!(explained instanceof StartError)) throw error;
  console.error(`\n  ✗ ${explained.message.replaceAll("\n", "\n    ")}\n`);
  process.exit(1);
});
if (given.help) {
  console.log(usage);
  process.exit(0);
}

const { register } = await import("tsx/esm/api");
register();
const { prepare, run } = await import("../packages/local/src/main.ts");

const prepared = await prepare(root, given);
if (typeof prepared === "number") process.exit(prepared);

const { buildWebIfNeeded, watchWeb } = await import("./build-web.mjs");
if (buildWebIfNeeded() !== 0) {
  console.error("\n  ✗ The web app does not build; see above.\n");
  process.exit(1);
}
if (prepared.watch) await watchWeb();

process.exit(await run(prepared));
