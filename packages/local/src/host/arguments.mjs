// @ts-check
// Plain Node: read before anything is installed.
import { homedir } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { StartError } from "./start-error.mjs";

export const usage = `npm start -- [options]

  --port N      port of the web app (3000)
  --listen ADDR address that the web app listens at (127.0.0.1); another machine's only with --eve
  --data DIR    where everything is kept (.tapi; with --eve .tapi-eve)
  --eve         serve the real EVE, with the settings in .env or the environment
  --fresh       begin anew: forget everything in the data folder
  --watch       rebuild and reload when sources change
  --help        this text
`;

/** @type {Record<string, { type: "string" | "boolean", short?: string }>} */
const options = {
  port: { type: "string" },
  listen: { type: "string" },
  data: { type: "string" },
  eve: { type: "boolean" },
  fresh: { type: "boolean" },
  watch: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};
const names = Object.keys(options);

/** @type {Record<string, string>} */
const takes = { port: "a number", listen: "an address", data: "a folder" };

/**
 * @typedef {object} StartArguments
 * @property {number} port
 * @property {string | undefined} listen as it was written
 * @property {string} dataDir absolute
 * @property {boolean} eve serve the real EVE instead of New Eden
 * @property {boolean} fresh
 * @property {boolean} watch
 * @property {boolean} help
 */

/**
 * Reads the command line; a mistake names itself.
 * @param {string[]} args
 * @param {string} root the repository's: the data folder lies there unless another is named
 * @returns {StartArguments}
 */
export function readArguments(args, root) {
  const { tokens, values } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const seen = new Set();
  for (const token of tokens) {
    if (token.kind === "positional") refusePositional(token.value);
    if (token.kind !== "option") continue;
    check(token.name, token.rawName, token.value);
    if (seen.has(token.name)) throw new StartError(`--${token.name} stands there twice.`);
    seen.add(token.name);
  }
  return {
    port: portOf(/** @type {string | undefined} */ (values.port)),
    listen: /** @type {string | undefined} */ (values.listen),
    dataDir: folderOf(
      /** @type {string | undefined} */ (values.data),
      resolve(root, values.eve ? ".tapi-eve" : ".tapi"),
    ),
    eve: values.eve === true,
    fresh: values.fresh === true,
    watch: values.watch === true,
    help: values.help === true,
  };
}

/**
 * Without `--` npm takes the options for its own, and hands nothing on.
 * @param {Record<string, string | undefined>} env
 */
export function refuseSwallowed(env) {
  const swallowed = names.filter((name) => name !== "help" && env[`npm_config_${name}`] !== undefined);
  if (swallowed.length === 0) return;
  throw new StartError(
    `npm took --${swallowed[0]} for itself. Write "--" before the options: npm start -- --${swallowed[0]} …`,
  );
}

/**
 * @param {string} name
 * @param {string} written
 * @param {string | undefined} value
 */
function check(name, written, value) {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!option) {
    const near = nearest(name);
    throw new StartError(`There is no option ${written}.${near ? ` Did you mean --${near}?` : ""}\n\n${usage}`);
  }
  if (option.type === "boolean" && value !== undefined) throw new StartError(`--${name} takes no value.`);
  if (option.type === "boolean") return;
  if (value === undefined) throw new StartError(`--${name} takes ${takes[name]}: none follows.`);
}

/** @param {string} value */
function refusePositional(value) {
  const hint = /^\d+$/.test(value) ? ` Did you mean --port ${value}?` : "";
  throw new StartError(`"${value}" belongs to no option.${hint}\n\n${usage}`);
}

/** @param {string | undefined} text */
function portOf(text) {
  if (text === undefined) return 3000;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_534) return port;
  throw new StartError(`--port takes a number from 1 to 65534 (or 0 for any that is free), not "${text}".`);
}

/**
 * @param {string | undefined} text
 * @param {string} usual
 */
function folderOf(text, usual) {
  if (text === undefined) return usual;
  if (text.trim() === "" || text.startsWith("-")) throw new StartError(`--data takes a folder, not "${text}".`);
  // `--data=~/tapi`: shells leave the tilde as it stands there.
  return resolve(text.replace(/^~(?=\/|$)/, homedir()));
}

/** @param {string} written */
function nearest(written) {
  const word = written.toLowerCase();
  return names
    .map((name) => ({ name, steps: name.startsWith(word) || word.startsWith(name) ? 0 : distance(word, name) }))
    .filter(({ steps }) => steps <= 2)
    .sort((a, b) => a.steps - b.steps)[0]?.name;
}

/**
 * Letters to add, drop or change until one word is the other.
 * @param {string} from
 * @param {string} to
 * @returns {number}
 */
function distance(from, to) {
  if (from === "" || to === "") return from.length + to.length;
  const [a, b] = [from.slice(1), to.slice(1)];
  if (from[0] === to[0]) return distance(a, b);
  return 1 + Math.min(distance(a, to), distance(from, b), distance(a, b));
}
