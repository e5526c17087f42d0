import { smoke } from "../smoke/index.ts";
import { parse } from "./parse.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const usage = `pnpm tapi smoke --url URL [options]

Looks at an installation from outside, without a login: start page, API, login, socket. Changes nothing.

  --url URL     the app's own address, such as https://tapi.example.org
  --sso URL     where logins lead (https://login.eveonline.com)
  --socket URL  where sockets are opened, unless the start page's policy says it
  --json        one JSON document

Exit code: 0 all is well, 1 something is not, 2 asked wrongly.`;

const read = (args: string[]) =>
  parse(
    {
      args,
      options: {
        url: { type: "string" },
        sso: { type: "string", default: "https://login.eveonline.com" },
        socket: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    },
    usage,
  ).values;

function addressIn(option: string, value: string, protocol: RegExp): string {
  if (URL.canParse(value) && protocol.test(new URL(value).protocol)) return value.replace(/\/+$/, "");
  throw new UsageError(`--${option} takes an address, not "${value}".\n\n${usage}`);
}

/** `pnpm tapi smoke`: a sentence for each check. */
export async function run(args: string[], { say }: Terminal): Promise<number> {
  const { url, sso, socket, json, help } = read(args);
  if (help) {
    say(usage);
    return 0;
  }
  if (url === undefined) throw new UsageError(usage);
  const outcomes = await smoke({
    url: addressIn("url", url, /^https?:$/),
    ssoUrl: addressIn("sso", sso, /^https?:$/),
    socketUrl: socket === undefined ? undefined : addressIn("socket", socket, /^wss?:$/),
  });
  if (json) say(JSON.stringify(outcomes, undefined, 2));
  else
    for (const { check, passed, says } of outcomes) say(`${passed ? "ok    " : "FAILED"}  ${check.padEnd(15)}${says}`);
  return outcomes.every(({ passed }) => passed) ? 0 : 1;
}
