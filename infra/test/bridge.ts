import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { useRuntimeHandlers } from "sst/runtime/handlers.js";

/** SST's own script, which runs a handler on the developer's machine. */
const runtime = join(dirname(createRequire(import.meta.url).resolve("sst")), "support", "nodejs-runtime", "index.mjs");

async function read(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

/**
 * Builds a function as `sst dev` does and runs one event through SST's runtime script, with the environment that the stub
 * in the cloud passes on; the handler's answer.
 */
export async function runAsInDevelopment<T>(
  functionId: string,
  environment: Record<string, string>,
  event: unknown,
): Promise<T> {
  const build = await useRuntimeHandlers().build(functionId, "start");
  if (build.type === "error") throw new Error(build.errors.join("\n"));
  let worker: Worker | undefined;
  let close = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      let handed = false;
      // The part of Lambda's runtime API that the script asks.
      const server = createServer(async (request, response) => {
        const body = await read(request);
        if (request.url?.endsWith("/next")) {
          // A second one never comes; the script waits.
          if (handed) return;
          handed = true;
          const context = { "lambda-runtime-cognito-identity": "null", "lambda-runtime-client-context": "null" };
          const deadline = String(Date.now() + 30_000);
          response.writeHead(200, {
            ...context,
            "lambda-runtime-aws-request-id": crypto.randomUUID(),
            "lambda-runtime-deadline-ms": deadline,
          });
          response.end(JSON.stringify(event));
          return;
        }
        response.writeHead(202).end();
        if (request.url?.endsWith("/response")) resolve(JSON.parse(body) as T);
        else reject(new Error(`the handler failed: ${body}`));
      });
      close = () => {
        server.close();
        server.closeAllConnections();
      };
      server.listen(0, "127.0.0.1", () => {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        worker = new Worker(runtime, {
          env: { ...environment, IS_LOCAL: "true" },
          workerData: { ...build, functionID: functionId, workerID: "worker", url },
        });
        worker.once("error", reject);
      });
    });
  } finally {
    await worker?.terminate();
    close();
  }
}
