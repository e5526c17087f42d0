import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { readRows } from "../../packages/local/src/transfer/file.ts";
import { type Row, scanRows } from "../../packages/local/src/transfer/rows.ts";

const { DynamoDBClient } = createRequire(new URL("../../packages/local/package.json", import.meta.url))(
  "@aws-sdk/client-dynamodb",
) as { DynamoDBClient: new (input: object) => Parameters<typeof scanRows>[0] };

const keyOf = ({ item }: Row): string => `${item.pk?.S} ${item.sk?.S}`;

async function byKey(rows: AsyncIterable<unknown>): Promise<Map<string, Row>> {
  const found = new Map<string, Row>();
  for await (const row of rows as AsyncIterable<Row>) found.set(keyOf(row), row);
  return found;
}

/** What a stage writes by itself, or because somebody looks at it, goes away by itself. */
const isPassing = ({ item }: Row): boolean => "expiresAt" in item || item.pk?.S === "schedule";

/**
 * Holds the rows of the stage that this process is pointed at against those of an export, tokens as they are without their
 * keys. Throws the keys of those that differ.
 */
export async function compare(file: string, passphraseFile: string): Promise<string> {
  const passphrase = readFileSync(passphraseFile, "utf8").trim();
  const exported = await byKey(readRows(file, { passphrase }));
  const stored = await byKey(scanRows(new DynamoDBClient({}), process.env.TABLE_NAME ?? ""));
  const differing = [...exported].filter(([key, row]) => !isDeepStrictEqual(stored.get(key), row)).map(([key]) => key);
  const extra = [...stored].filter(([key, row]) => !exported.has(key) && !isPassing(row)).map(([key]) => key);
  if (exported.size === 0 || differing.length + extra.length > 0) {
    throw new Error(`of ${exported.size} rows differ: ${differing.join(", ")}; not exported: ${extra.join(", ")}`);
  }
  const tokens = [...exported.values()].filter(({ secrets }) => secrets).length;
  return `${exported.size} of ${exported.size}, among them ${tokens} tokens`;
}
