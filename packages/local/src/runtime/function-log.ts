import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import type { InvocationReport } from "./worker-pool.ts";

/** A log larger than this is put aside as `<name>.log.1` when the host starts. */
const rotateBytes = 20 * 1024 * 1024;

export interface FunctionLogs {
  write(functionName: string, stream: "stdout" | "stderr", text: string): void;
  report(report: InvocationReport): void;
  close(): Promise<void>;
}

/** One file of JSON lines per function, like its CloudWatch log group; errors are also told to `onError`. */
export function createFunctionLogs(
  dir: string,
  onError: (functionName: string, message: string) => void,
): FunctionLogs {
  mkdirSync(dir, { recursive: true });
  const files = new Map<string, WriteStream>();

  function file(functionName: string): WriteStream {
    const known = files.get(functionName);
    if (known) return known;
    const path = join(dir, `${functionName}.log`);
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > rotateBytes) renameSync(path, `${path}.1`);
    const opened = createWriteStream(path, { flags: "a", mode: 0o600 });
    // A log folder that went away (a test's, or removed by hand) must not take the host with it.
    opened.on("error", () => files.delete(functionName));
    files.set(functionName, opened);
    return opened;
  }

  return {
    write: (functionName, _stream, text) => {
      file(functionName).write(text.endsWith("\n") ? text : `${text}\n`);
      for (const message of errorsIn(text)) onError(functionName, message);
    },
    report: ({ functionName, requestId, durationMs, error }) => {
      const status = error ? (error.code === "Sandbox.Timedout" ? "timeout" : "error") : "success";
      const record = { requestId, status, metrics: { durationMs } };
      const line = { time: new Date().toISOString(), type: "platform.report", record };
      file(functionName).write(`${JSON.stringify(line)}\n`);
      if (!error) return;
      const failure = { level: "ERROR", requestId, errorType: error.code, message: error.message, stack: error.stack };
      file(functionName).write(`${JSON.stringify(failure)}\n`);
      onError(functionName, `${error.code}: ${error.message}`);
    },
    close: async () => {
      await Promise.all([...files.values()].map((each) => new Promise<void>((done) => each.end(() => done()))));
    },
  };
}

/** The messages of the JSON lines that say `"level": "error"`, whatever the case. */
function errorsIn(text: string): string[] {
  if (!/"level":\s*"(error|critical|fatal)"/i.test(text)) return [];
  return text.split("\n").flatMap((line) => {
    try {
      const entry = JSON.parse(line) as { level?: unknown; message?: unknown };
      const level = typeof entry.level === "string" ? entry.level.toLowerCase() : "";
      return ["error", "critical", "fatal"].includes(level) ? [String(entry.message ?? "an error without words")] : [];
    } catch {
      return [];
    }
  });
}
