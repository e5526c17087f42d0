import { parseArgs } from "node:util";
import { StartError } from "./start-error.ts";

export interface StartArguments {
  port: number;
  dataDir: string;
  fresh: boolean;
  /** Serve the real EVE instead of New Eden. */
  eve: boolean;
  watch: boolean;
  help: boolean;
}

export const usage = `npm start -- [options]

  --port N      port of the web app (3000)
  --data DIR    where everything is kept (.tapi; with --eve .tapi-eve)
  --eve         serve the real EVE, with the settings in .env or the environment
  --fresh       begin anew: forget everything in the data folder
  --watch       rebuild and reload when sources change
  --help        this text
`;

/** Reads the command line; a mistake names itself. */
export function readArguments(args: string[]): StartArguments {
  const { values } = parse(args);
  const port = Number(values.port ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_534) {
    throw new StartError(`--port takes a number from 1 to 65534, not "${values.port}".`);
  }
  return {
    port,
    dataDir: values.data ?? (values.eve ? ".tapi-eve" : ".tapi"),
    eve: values.eve ?? false,
    fresh: values.fresh ?? false,
    watch: values.watch ?? false,
    help: values.help ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string" },
        data: { type: "string" },
        fresh: { type: "boolean" },
        eve: { type: "boolean" },
        watch: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
