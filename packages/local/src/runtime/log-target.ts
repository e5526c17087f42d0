import { once } from "node:events";
import { createStream, type RotatingFileStream } from "rotating-file-stream";

/** Where lines go; nothing that goes wrong there reaches whoever writes. */
export interface LogTarget {
  write(line: string): void;
  close(): Promise<void>;
}

/** How large a file becomes, and how many older ones (`<name>.1` is the newest) are kept beside it. */
const size = "10M";
const kept = 3;

/** A file that only its owner reads. After an error (a full disk, a folder that went away) the next line tries anew. */
export function rotatedFile(path: string): LogTarget {
  let stream: RotatingFileStream | undefined;

  function open(): RotatingFileStream {
    const opened = createStream((index) => (index ? `${path}.${String(index)}` : path), {
      size,
      rotate: kept,
      mode: 0o600,
    });
    const forget = () => {
      if (stream === opened) stream = undefined;
    };
    opened.on("error", forget);
    opened.on("close", forget);
    return opened;
  }

  return {
    write: (line) => {
      stream ??= open();
      stream.write(line);
    },
    close: async () => {
      if (!stream) return;
      const closed = Promise.race([once(stream, "close"), once(stream, "finish")]);
      stream.end();
      await closed.catch(() => undefined);
    },
  };
}

/** This process's own output, which a supervisor (systemd, a container engine) keeps and rotates. */
export const standardOutput: LogTarget = {
  write: (line) => {
    process.stdout.write(line);
  },
  close: async () => undefined,
};
