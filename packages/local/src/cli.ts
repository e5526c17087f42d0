import { userInfo } from "node:os";
import { commands } from "./cli/commands.ts";
import { UsageError } from "./cli/usage-error.ts";

const usage = `pnpm tapi <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n")}

  pnpm tapi <command> --help tells more.
`;

const [name = "", ...args] = process.argv.slice(2).filter((each) => each !== "--");
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;

/** 0: done; 1: it failed; 2: it was asked wrongly. */
async function main(): Promise<number> {
  if (!command) {
    const asked = ["", "help", "--help", "-h"].includes(name);
    if (asked) console.log(usage);
    else console.error(`There is no command "${name}".\n\n${usage}`);
    return asked && name ? 0 : 2;
  }
  try {
    const run = await command.load();
    return await run(args, { say: (text) => console.log(text), user: userInfo().username });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main();
