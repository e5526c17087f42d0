import { readFileSync } from "node:fs";
import { StartError } from "./start-error.mjs";

/** The passphrase over the local keys, if one is set: by value, or in a file that only the service can read. */
export function readPassphrase(environment: Record<string, string | undefined>): string | undefined {
  const { KMS_PASSPHRASE: value, KMS_PASSPHRASE_FILE: file } = environment;
  if (value && file) throw new StartError("KMS_PASSPHRASE and KMS_PASSPHRASE_FILE are both set; keep one of them.");
  if (!file) return value || undefined;
  let text: string;
  try {
    text = readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    throw new StartError(
      `KMS_PASSPHRASE_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (text === "") throw new StartError(`KMS_PASSPHRASE_FILE is empty: ${file}`);
  return text;
}
