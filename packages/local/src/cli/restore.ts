import { resolve } from "node:path";
import { readBackupPassphrase, restore } from "../data-folder/index.ts";
import { parse } from "./parse.ts";
import { telling } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const usage = `pnpm tapi restore <file> [options]

Puts a backup into an empty folder. Two installations that serve the same tokens disturb each other: end the first.

  --data DIR               the folder (.tapi)
  --passphrase-file FILE   the passphrase of an encrypted backup, if it is not in BACKUP_PASSPHRASE
  --force                  replace the installation that is in the folder

Exit code: 0 done, 1 failed, 2 asked wrongly.`;

const read = (args: string[]) =>
  parse(
    {
      args,
      allowPositionals: true,
      options: {
        data: { type: "string", default: ".tapi" },
        "passphrase-file": { type: "string" },
        force: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    },
    usage,
  );

/** `pnpm tapi restore`. */
export async function run(args: string[], { say }: Terminal): Promise<number> {
  const { values, positionals } = read(args);
  if (values.help) {
    say(usage);
    return 0;
  }
  const [file, ...rest] = positionals;
  if (!file || rest.length > 0) throw new UsageError(usage);
  process.umask(0o077);
  const passphrase = readBackupPassphrase(process.env, values["passphrase-file"]);
  const { world } = await restore({
    file,
    dir: values.data,
    passphrase,
    force: values.force,
    progress: telling("Read", say),
  });
  const start = world === "New Eden" ? "npm start --" : "npm start -- --eve";
  say(`Restored. Start it: ${start} --data ${resolve(values.data)}`);
  return 0;
}
