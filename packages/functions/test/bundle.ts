import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { bundling } from "../src/bundling.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface Bundle {
  /** Writes the files into a folder; the handler's path. */
  unpack: (folder: string) => Promise<string>;
  /** All files, those that are loaded late included. */
  gzippedBytes: number;
  /** The sources of which anything is left. */
  inputs: string[];
}

const included = (metafile: Metafile): string[] =>
  Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );

/** As SST builds a function (infra/functions.ts): minified ESM, what is imported late in files of its own. */
export async function bundle(source: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    outdir: "out",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    mainFields: ["module", "main"],
    ...bundling,
    metafile: true,
    write: false,
    logLevel: "silent",
    banner: { js: 'import { createRequire } from "module"; const require = createRequire(import.meta.url);' },
  });
  const unpack = async (folder: string) => {
    for (const { path, contents } of outputFiles) {
      const file = join(folder, basename(path));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, contents);
    }
    return join(folder, `${basename(source, ".ts")}.mjs`);
  };
  return {
    unpack,
    gzippedBytes: outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0),
    inputs: included(metafile),
  };
}
