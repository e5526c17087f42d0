import { pipeline as nodePipeline } from "node:stream";

// Stands for `readable-stream`, a copy of Node's streams for other platforms, in the functions' bundles.
export { Duplex, finished, PassThrough, Readable, Transform, Writable } from "node:stream";

/** As the copy has it: without a callback a failure ends the streams and is told by their own events. */
export function pipeline(...parts: unknown[]): unknown {
  const callback = typeof parts.at(-1) === "function" ? [] : [() => undefined];
  return (nodePipeline as (...given: unknown[]) => unknown)(...parts, ...callback);
}
