import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readBackupPassphrase } from "../data-folder/index.ts";
import { exportRows, importRows } from "../transfer/index.ts";
import { withInstallation } from "./installation.ts";
import { commonOptions, parse } from "./parse.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

const where = `  --data DIR               the data folder of an installation on this machine (.tapi), which must not run
  --stage NAME             a stage in AWS instead; credentials and region come from the environment
  --passphrase-file FILE   the passphrase over the file, if it is not in BACKUP_PASSPHRASE`;

const exportUsage = `pnpm tapi export <file> [options]

Writes every row of an installation into one file, to be imported into another, here or in AWS. The file holds every token.

${where}
  --plain                  do not encrypt the file
  --force                  replace a file that is there

Stop the installation before, and do not start it again once another has the rows: two that use the same tokens disturb each
other. Messages that wait in queues stay behind; what they were to do is found due again.

Exit code: 0 done, 1 failed, 2 asked wrongly.`;

const importUsage = `pnpm tapi import <file> [options]

Puts every row of an export into an empty installation of the same EVE application. Run again, it goes on where it was cut off.

${where}
  --force                  put the rows over those that are there

Exit code: 0 done, 1 failed, 2 asked wrongly.`;

const read = (args: string[], usage: string) =>
  parse(
    {
      args,
      allowPositionals: true,
      options: {
        ...commonOptions,
        "passphrase-file": { type: "string" },
        plain: { type: "boolean", default: false },
        force: { type: "boolean", default: false },
      },
    },
    usage,
  );

function prepare(args: string[], usage: string) {
  const { values, positionals } = read(args, usage);
  const [file, ...rest] = positionals;
  if (values.help) return undefined;
  if (!file || rest.length > 0) throw new UsageError(usage);
  if (values.data !== undefined && values.stage !== undefined) {
    throw new UsageError("--data and --stage name two installations; keep one of them.");
  }
  process.umask(0o077);
  const passphrase = readBackupPassphrase(process.env, values["passphrase-file"]);
  return { values, transfer: { file: resolve(file), force: values.force, passphrase } };
}

const count = (rows: number) => `${rows.toLocaleString("en-US")} rows`;

/** `pnpm tapi export`. */
export async function runExport(args: string[], { say }: Terminal): Promise<number> {
  const asked = prepare(args, exportUsage);
  if (!asked) {
    say(exportUsage);
    return 0;
  }
  const { values, transfer } = asked;
  if (!transfer.passphrase && !values.plain) {
    throw new UsageError(
      "The file will hold every token: set BACKUP_PASSPHRASE, or name a file (--passphrase-file FILE); --plain leaves it open.",
    );
  }
  const rows = await withInstallation(values, root, (from) => exportRows(from, transfer));
  say(`${transfer.file}: ${count(rows)}, ${transfer.passphrase ? "encrypted" : "not encrypted"}.`);
  return 0;
}

/** `pnpm tapi import`. */
export async function runImport(args: string[], { say }: Terminal): Promise<number> {
  const asked = prepare(args, importUsage);
  if (!asked) {
    say(importUsage);
    return 0;
  }
  const rows = await withInstallation(asked.values, root, (into) => importRows(into, asked.transfer));
  say(`Imported ${count(rows)}.`);
  return 0;
}
