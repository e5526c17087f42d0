// @ts-check
// Plain Node: read before anything is installed.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { lockName } from "./data-dir.mjs";
import { StartError } from "./start-error.mjs";

/**
 * A refusal to listen, in a sentence.
 * @param {NodeJS.ErrnoException} error
 * @param {number} port
 * @returns {Error}
 */
export function explainPort(error, port) {
  if (error.code === "EADDRINUSE") {
    const other = port < 60_000 ? port + 1000 : port - 1000;
    return new StartError(`Port ${port} is in use. Choose another: npm start -- --port ${other}`);
  }
  if (error.code === "EACCES") return new StartError(`Port ${port} may not be opened by you. Choose one above 1023.`);
  return error;
}

/**
 * Refuses a port that others hold. If it is held by the host of the same data folder, that host's lock has the better
 * words: which then is found when this one wants it.
 * @param {number} port
 * @param {string} dataDir
 */
export async function requireFreePort(port, dataDir) {
  if (port === 0 || mayRun(dataDir)) return;
  const probe = createServer();
  try {
    probe.listen(port, "127.0.0.1");
    await once(probe, "listening");
  } catch (error) {
    throw explainPort(/** @type {NodeJS.ErrnoException} */ (error), port);
  }
  probe.close();
  await once(probe, "close");
}

/** @param {string} dataDir */
function mayRun(dataDir) {
  try {
    const { owner } = JSON.parse(readFileSync(join(dataDir, lockName), "utf8"));
    process.kill(owner.pid, 0);
    return true;
  } catch {
    return false;
  }
}
