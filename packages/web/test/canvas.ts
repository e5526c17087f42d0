/**
 * A canvas that accepts every drawing call: the document of tests has none. For the whole file, since
 * a chart draws in a microtask, which may come after its test.
 */
export function flatCanvas(): void {
  const context = new Proxy({} as Record<PropertyKey, unknown>, {
    get: (held, name) => held[name] ?? (name === "measureText" ? () => ({ width: 10 }) : () => undefined),
  });
  HTMLCanvasElement.prototype.getContext = (() => context) as never;
  class Path {
    moveTo(): void {}
    lineTo(): void {}
    rect(): void {}
    arc(): void {}
    arcTo(): void {}
    closePath(): void {}
    addPath(): void {}
  }
  Object.assign(globalThis, { Path2D: Path });
}
