import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { functions } from "./topology.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const sources = [...new Set(Object.values(functions).map(({ handler }) => handler.replace(/\.handler$/, ".ts")))];

/** As SST builds the functions (infra/functions.ts): one minified ESM file each. */
async function bundle(source: string) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    mainFields: ["module", "main"],
    minify: true,
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return { gzippedBytes: gzipSync(outputFiles[0]?.contents ?? "").length, inputs: included(metafile) };
}

/** The files of which anything is left in the bundle. */
const included = (metafile: Metafile): string[] =>
  Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );

const built: Record<string, Awaited<ReturnType<typeof bundle>>> = {};

beforeAll(async () => {
  for (const source of sources) built[source] = await bundle(source);
}, 60_000);

test.each(sources)("%s stays within 400 KB gzipped", (source) => {
  expect(built[source]?.gzippedBytes).toBeLessThanOrEqual(400_000);
});

test("no bundle carries zod's messages in other languages: zod is imported as a namespace everywhere", () => {
  const locales = Object.values(built).flatMap(({ inputs }) =>
    inputs.filter((file) => file.includes("/zod/v4/locales/")),
  );

  expect([...new Set(locales)].filter((file) => !/\/(en|index)\.js$/.test(file))).toEqual([]);
});
