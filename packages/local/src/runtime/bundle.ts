import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type BuildOptions, type BuildResult, context, stop } from "esbuild";
import { type FunctionSettings, parseHandler } from "./topology.ts";
import type { BuiltFunction } from "./worker-pool.ts";

export interface Bundle {
  workerFile: string;
  functions: BuiltFunction[];
}

export interface BundlerOptions {
  /** Where handler paths start: the repository's root. */
  root: string;
  outDir: string;
  functions: Record<string, FunctionSettings>;
  /** Called after each build that follows a change, once watching. */
  onRebuild?: (bundle: Bundle) => void;
  onError?: (messages: string[]) => void;
}

const workerSource = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** As the functions are built for Lambda: ESM for Node, with `require` for packages that still ask for it. */
function buildOptions(root: string, outDir: string, entryPoints: string[]): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entryPoints.map((file) => [entryName(root, file), file])),
    outdir: outDir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "silent",
    write: true,
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  };
}

const entryName = (root: string, file: string) =>
  file === workerSource
    ? "worker"
    : relative(root, file)
        .replace(/\.[cm]?tsx?$/, "")
        .replaceAll(/[\\/]/g, "-");

/** Builds all handlers into one folder with shared chunks, so that each worker loads the product's code once. */
export async function bundleFunctions(options: BundlerOptions): Promise<{ bundle: Bundle; close(): Promise<void> }> {
  const { root, outDir, functions, onRebuild, onError } = options;
  const sources = Object.values(functions).map(({ handler }) => resolve(root, `${parseHandler(handler).file}.ts`));
  const result: Bundle = {
    workerFile: join(outDir, "worker.mjs"),
    functions: Object.entries(functions).map(([name, { handler, timeoutSeconds, memoryMb }]) => {
      const { file, exportName } = parseHandler(handler);
      const module = pathToFileURL(join(outDir, `${entryName(root, resolve(root, file))}.mjs`)).href;
      return { name, module, exportName, timeoutSeconds, memoryMb };
    }),
  };
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const files = new Set(Object.values(functions).flatMap((each) => each.files ?? []));
  // Written, not copied: a copy would have the original's permissions.
  await Promise.all(
    [...files].map(async (file) => writeFile(join(outDir, basename(file)), await readFile(resolve(root, file)))),
  );

  let first = true;
  const announce = (build: BuildResult) => {
    if (first) return;
    if (build.errors.length > 0) onError?.(build.errors.map((each) => each.text));
    else onRebuild?.(result);
  };
  const builder = await context({
    ...buildOptions(root, outDir, [...new Set([workerSource, ...sources])]),
    plugins: [{ name: "announce", setup: (build) => build.onEnd(announce) }],
  });
  await builder.rebuild();
  first = false;
  if (onRebuild) {
    await builder.watch();
    return { bundle: result, close: () => builder.dispose() };
  }
  await builder.dispose();
  // Its process would keep 240 MB for as long as the host runs; whoever builds again starts it anew.
  await stop();
  return { bundle: result, close: async () => undefined };
}
