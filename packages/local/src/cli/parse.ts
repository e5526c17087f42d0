import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

/** Options of every command that reads an installation: which one, and --help. */
export const commonOptions = {
  data: { type: "string" },
  stage: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Arguments of a command, as node:util reads them. Throws UsageError that ends with the command's usage. */
export function parse<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
