// @ts-check
// Plain Node: read before anything is installed.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { lockName } from "./data-dir.mjs";
import { StartError } from "./start-error.mjs";

/**
 * A refusal to listen, in a sentence; its cause is the system's own error.
 * @param {NodeJS.ErrnoException} error
 * @param {number} port
 * @param {string} address
 * @returns {Error}
 */
export function explainPort(error, port, address) {
  return new StartError(sentence(error, port, address), { cause: error });
}

/**
 * @param {NodeJS.ErrnoException} error
 * @param {number} port
 * @param {string} address
 */
function sentence(error, port, address) {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} is in use. Choose another: npm start -- --port ${port < 60_000 ? port + 1000 : port - 1000}`;
    case "EACCES":
      return `Port ${port} may not be opened by you. Choose one above 1023.`;
    case "EAFNOSUPPORT":
      return `${address} is IPv6, which this machine does not have.`;
    case "EADDRNOTAVAIL":
    case "EINVAL":
      return `${address} is no address of this machine. All of its addresses are 0.0.0.0, with IPv6 ::`;
    default:
      return `Port ${port} of ${address} cannot be opened: ${error.message}`;
  }
}

/**
 * Refuses a port that others hold. If it is held by the host of the same data folder, that host's lock has the better
 * words: which then is found when this one wants it.
 * @param {number} port
 * @param {string} address
 * @param {string} dataDir
 */
export async function requireFreePort(port, address, dataDir) {
  if (mayRun(dataDir)) return;
  const probe = createServer();
  try {
    probe.listen(port, address);
    await once(probe, "listening");
  } catch (error) {
    throw explainPort(/** @type {NodeJS.ErrnoException} */ (error), port, address);
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
