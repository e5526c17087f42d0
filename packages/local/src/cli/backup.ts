import { statSync } from "node:fs";
import { resolve } from "node:path";
import { backup, readBackupPassphrase } from "../data-folder/index.ts";
import { guardProcess } from "../host/environment.ts";
import { parse } from "./parse.ts";
import { telling } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const usage = `pnpm tapi backup <file> [options]

Copies an installation on this machine into one file, whether it runs or not. One that runs waits while its data are copied.

  --data DIR               the data folder (.tapi)
  --passphrase-file FILE   encrypt under the passphrase in this file, or in BACKUP_PASSPHRASE
  --force                  replace a file that is there

The file holds every token, and the keys that open them unless those have a passphrase of their own: encrypt it, or keep it
where only you can read it.

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

/** `pnpm tapi backup`. */
export async function run(args: string[], { say }: Terminal): Promise<number> {
  const { values, positionals } = read(args);
  if (values.help) {
    say(usage);
    return 0;
  }
  const [file, ...rest] = positionals;
  if (!file || rest.length > 0) throw new UsageError(usage);
  process.umask(0o077);
  guardProcess();
  const passphrase = readBackupPassphrase(process.env, values["passphrase-file"]);
  await backup({ dir: values.data, file, passphrase, force: values.force, progress: telling("Packed", say) });
  const kilobytes = Math.ceil(statSync(file).size / 1024).toLocaleString("en-US");
  say(`${resolve(file)}: ${kilobytes} KB, ${passphrase ? "encrypted" : "not encrypted"}.`);
  return 0;
}
