import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type LogTarget, rotatedFile } from "./log-target.ts";
import type { InvocationReport } from "./worker-pool.ts";

export interface FunctionLogs {
  write(functionName: string, stream: "stdout" | "stderr", text: string): void;
  report(report: InvocationReport): void;
  close(): Promise<void>;
}

type OnError = (functionName: string, message: string) => void;

/** One file of JSON lines per function in this folder, like its CloudWatch log group; errors are also told to `onError`. */
export function createFunctionLogs(dir: string, onError: OnError): FunctionLogs {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const files = new Map<string, LogTarget>();
  const file = (functionName: string) => {
    const known = files.get(functionName);
    if (known) return known;
    const opened = rotatedFile(join(dir, `${functionName}.log`));
    files.set(functionName, opened);
    return opened;
  };
  return logsOf({
    write: (functionName, line) => file(functionName).write(line),
    close: async () => {
      await Promise.all([...files.values()].map((each) => each.close()));
    },
    onError,
  });
}

/** All functions' lines to one place, as JSON: each says which function it is from. */
export function createJoinedLogs(target: LogTarget, onError: OnError): FunctionLogs {
  return logsOf({
    write: (functionName, text) => {
      for (const line of text.split("\n")) if (line.trim()) target.write(joinedLine(functionName, line));
    },
    close: () => target.close(),
    onError,
  });
}

/** A line of a log that several write to. What is no JSON becomes a message. */
export function joinedLine(functionName: string, line: string): string {
  const entry = parse(line) ?? { time: new Date().toISOString(), level: "INFO", message: line };
  return `${JSON.stringify({ function: functionName, ...entry })}\n`;
}

function parse(line: string): object | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null ? entry : undefined;
  } catch {
    return undefined;
  }
}

interface Writing {
  write(functionName: string, text: string): void;
  close(): Promise<void>;
  onError: OnError;
}

const logsOf = ({ write, close, onError }: Writing): FunctionLogs => ({
  write: (functionName, _stream, text) => {
    write(functionName, text.endsWith("\n") ? text : `${text}\n`);
    for (const message of errorsIn(text)) onError(functionName, message);
  },
  report: ({ functionName, requestId, durationMs, error }) => {
    const status = error ? (error.code === "Sandbox.Timedout" ? "timeout" : "error") : "success";
    const record = { requestId, status, metrics: { durationMs } };
    const time = new Date().toISOString();
    write(functionName, `${JSON.stringify({ time, type: "platform.report", record })}\n`);
    if (!error) return;
    const failure = { level: "ERROR", requestId, errorType: error.code, message: error.message, stack: error.stack };
    write(functionName, `${JSON.stringify(failure)}\n`);
    onError(functionName, `${error.code}: ${error.message}`);
  },
  close,
});

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
