import { pack } from "./columns.ts";
import type { Table } from "./series.ts";

/** A DynamoDB item holds at most 400 KB; keys and the other attributes need little. */
const maxBlobBytes = 380_000;

/** Rows per chunk to begin with; a chunk that comes out too large is halved. */
const rowsPerChunk = 25_000;

async function packRange(table: Table, from: number, to: number): Promise<Uint8Array[]> {
  const blob = await pack(table, from, to);
  if (blob.byteLength <= maxBlobBytes) return [blob];
  if (to - from <= 1) throw new Error(`one row packs to ${blob.byteLength} bytes, more than an item holds`);
  const middle = from + Math.floor((to - from) / 2);
  return (await Promise.all([packRange(table, from, middle), packRange(table, middle, to)])).flat();
}

/**
 * Packs all rows into blobs that each fit an item: a promise for each range, nearly always of one blob. They are compressed
 * side by side in other threads.
 */
export function packAll(table: Table): Promise<Uint8Array[]>[] {
  const count = Math.max(1, Math.ceil(table.length / rowsPerChunk));
  const packing = Array.from({ length: count }, (_, index) =>
    packRange(table, index * rowsPerChunk, Math.min(table.length, (index + 1) * rowsPerChunk)),
  );
  // Whoever writes them waits for one after the other: a failure of a later one is not unhandled until then.
  void Promise.allSettled(packing);
  return packing;
}

/** Cuts one blob into parts that each fit an item. */
export const cut = (blob: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.max(1, Math.ceil(blob.byteLength / maxBlobBytes)) }, (_, part) =>
    blob.subarray(part * maxBlobBytes, (part + 1) * maxBlobBytes),
  );

export const totalBytes = (blobs: Uint8Array[]): number => blobs.reduce((sum, blob) => sum + blob.byteLength, 0);
