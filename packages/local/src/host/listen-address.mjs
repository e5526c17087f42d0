// @ts-check
// Plain Node: read before anything is installed.
import { existsSync, readFileSync } from "node:fs";
import { BlockList, isIP, isIPv6 } from "node:net";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { StartError } from "./start-error.mjs";

/** Where the web app listens unless it is told otherwise; ::1 comes with it, for that is what `localhost` may mean. */
export const usualAddress = "127.0.0.1";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** Addresses that no other network routes: RFC 1918, carrier-grade NAT (which overlay networks use), link-local, ULA. */
const ownNetwork = new BlockList();
ownNetwork.addSubnet("10.0.0.0", 8);
ownNetwork.addSubnet("172.16.0.0", 12);
ownNetwork.addSubnet("192.168.0.0", 16);
ownNetwork.addSubnet("100.64.0.0", 10);
ownNetwork.addSubnet("169.254.0.0", 16);
ownNetwork.addSubnet("fc00::", 7, "ipv6");
ownNetwork.addSubnet("fe80::", 10, "ipv6");

/**
 * @param {BlockList} list
 * @param {string} address
 */
const isIn = (list, address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");

/** @param {string} hostname as a URL has it: IPv6 in brackets */
const unbracketed = (hostname) => hostname.replace(/^\[(.*)\]$/, "$1");

/**
 * Whether a URL's host can only mean this machine.
 * @param {string} hostname
 */
export const isLoopback = (hostname) =>
  hostname === "localhost" || hostname.endsWith(".localhost") || isIn(loopback, unbracketed(hostname));

/**
 * Whether a URL's host means nothing outside a network of one's own: no public name, no public address.
 * @param {string} hostname
 */
export const isPrivate = (hostname) =>
  isLoopback(hostname) ||
  isIn(ownNetwork, unbracketed(hostname)) ||
  (isIP(unbracketed(hostname)) === 0 && /(^[^.]+|\.(local|lan|internal|home\.arpa))$/.test(hostname));

/**
 * Where the web app shall listen: what the command line says, else LISTEN of the environment, else with --eve that of .env.
 * @param {{ listen: string | undefined, eve: boolean }} options
 * @param {string} root
 * @param {Record<string, string | undefined>} environment
 */
export function readListenAddress({ listen, eve }, root, environment) {
  const from = listen === undefined ? "LISTEN" : "--listen";
  const text = listen ?? (environment.LISTEN || (eve && ofFile(root)));
  if (!text && listen === undefined) return usualAddress;
  const address = parse(from, text || "");
  if (eve || isLoopback(address)) return address;
  throw new StartError(
    `${from} ${address} would show the simulated EVE to other machines, where anybody is any pilot. ` +
      "Only a run against the real EVE may listen beyond this machine: npm start -- --eve",
  );
}

/** @param {string} root */
function ofFile(root) {
  const file = join(root, ".env");
  return existsSync(file) ? parseEnv(readFileSync(file, "utf8")).LISTEN : undefined;
}

/**
 * @param {string} from
 * @param {string} text
 */
function parse(from, text) {
  const address = unbracketed(text.trim());
  if (address === "localhost") return usualAddress;
  if (isIP(address) !== 0 && !address.includes("%")) return address;
  throw new StartError(
    `${from} takes an address of this machine, such as 0.0.0.0 or ::, not "${text}".${hint(address)}`,
  );
}

/** @param {string} text */
function hint(text) {
  if (text === "*") return " All addresses are 0.0.0.0.";
  if (text.includes("%")) return " Browsers open no address with a zone.";
  if (/^(\[.*\]|[^:]+):\d+$/.test(text)) return " The port has its own option: --port.";
  if (text.includes("://")) return " What browsers open is PUBLIC_URL.";
  return /[a-z]/i.test(text) && !text.includes(":") ? " A name may mean several addresses: write the one." : "";
}

/**
 * How this machine reaches what listens there.
 * @param {string} address
 * @param {number} port
 */
export function webUrl(address, port) {
  if (address === usualAddress || address === "::") return `http://localhost:${port}`;
  if (address === "0.0.0.0") return `http://127.0.0.1:${port}`;
  return new URL(`http://${isIPv6(address) ? `[${address}]` : address}:${port}`).origin;
}
