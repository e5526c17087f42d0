import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as Db from "../db/index.ts";
import * as Queue from "../queue/index.ts";

export interface Part {
  name: string;
  status: "ok" | "failed";
  latencyMs: number;
}

export interface Report {
  status: "ok" | "failed";
  parts: Part[];
}

async function probe(name: string, body: () => Promise<unknown>): Promise<Part> {
  const startedAt = performance.now();
  const status = await body().then(
    () => "ok" as const,
    () => "failed" as const,
  );
  return { name, status, latencyMs: Math.round(performance.now() - startedAt) };
}

/** Whether the parts that every request needs answer. Public: it names parts and latencies, nothing else. */
export async function check(): Promise<Report> {
  const parts = await Promise.all([
    probe("table", () =>
      Db.client().send(new GetCommand({ TableName: Db.table(), Key: { pk: "health", sk: "health" } })),
    ),
    probe("queues", () => Queue.depth("realtime")),
  ]);
  return { status: parts.every((part) => part.status === "ok") ? "ok" : "failed", parts };
}
