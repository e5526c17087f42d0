import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { StartError } from "../host/start-error.mjs";
import { type Head, readRows, type Sealing, verifyExport, writeExport } from "./file.ts";
import { addRows, isEmpty, mark, marked, only, putRows, scanRows, setsGoing, unmark } from "./rows.ts";

export { verifyExport } from "./file.ts";

/** One installation's table. Its key is that of this process's settings (KMS_KEY_ID, KMS_ENDPOINT). */
export interface Installation extends Pick<Head, "eveClientId" | "world"> {
  client: DynamoDBClient;
  table: string;
}

export interface Transfer extends Sealing {
  file: string;
  /** Export: replace a file that is there. Import: put rows over those of another installation. */
  force?: boolean;
}

/** Writes every row of an installation that does not run into a file; gives their number. Throws StartError, in plain words. */
export async function exportRows(from: Installation, { file, force, ...sealing }: Transfer): Promise<number> {
  if (existsSync(file) && !force) {
    throw new StartError(`${file} is there already. Choose another name, or replace it with --force.`);
  }
  const { eveClientId, world, client, table } = from;
  const at = new Date().toISOString();
  const head: Head = { app: "tapi", kind: "export", format: 1, id: randomUUID(), eveClientId, world, at };
  return writeExport(file, head, scanRows(client, table), sealing);
}

/**
 * Puts every row of an export in place, tokens under the key of this installation; gives their number. The whole file is held
 * against its checksum before the first row is written. Run again, it goes on where it was cut off. Throws StartError.
 */
export async function importRows(into: Installation, { file, force, ...sealing }: Transfer): Promise<number> {
  const { client, table } = into;
  const { head, rows } = await verifyExport(file, sealing);
  if (head.eveClientId !== into.eveClientId) {
    throw new StartError(
      `${file} holds tokens of the EVE application ${head.eveClientId}, and this installation's is ${into.eveClientId}.\n` +
        "EVE's tokens belong to the application that they were given to: set the same EVE_CLIENT_ID here.",
    );
  }
  if (head.world !== into.world) {
    throw new StartError(`${file} holds data of ${head.world}, and this installation serves ${into.world}.`);
  }
  const begun = await marked(client, table);
  if (!force && begun !== head.id && !(await isEmpty(client, table))) {
    throw new StartError(
      "There are rows in this installation already. Import into an empty one, or put these over them with --force.",
    );
  }
  await mark(client, table, head.id);
  // A stage in AWS runs meanwhile. It finds something to do once everything that belongs to it is there.
  await putRows(
    client,
    table,
    only(readRows(file, sealing), (row) => !setsGoing(row)),
  );
  // What a run that was cut off has put of these may have been used since: EVE takes a token that was renewed no more.
  const put = begun === head.id && !force ? addRows : putRows;
  await put(client, table, only(readRows(file, sealing), setsGoing));
  await unmark(client, table);
  return rows;
}
