import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const imported = /(?:from|import)\s*\(?\s*"([^"]+)"/g;

/** The file that an import of another names, relative to the root; undefined for packages from outside. */
function resolve(root: string, from: string, specifier: string): string | undefined {
  const inside = /^@tapi\/(\w[\w-]*)(?:\/(.+))?$/.exec(specifier);
  if (!specifier.startsWith(".") && !inside) return undefined;
  const base = inside
    ? join("packages", inside[1] ?? "", "src", inside[2] ?? "")
    : normalize(join(dirname(from), specifier));
  const tries = [base, `${base}.ts`, `${base}.tsx`, join(base, "index.ts"), join(base, "index.tsx")];
  return tries.find((each) => /\.tsx?$/.test(each) && existsSync(join(root, each)));
}

/** Who imports whom, read from the text: enough to rank tests, and quick. */
export function importersOf(root: string, files: readonly string[]): Map<string, Set<string>> {
  const importers = new Map<string, Set<string>>();
  for (const file of files) {
    for (const [, specifier = ""] of readFileSync(join(root, file), "utf8").matchAll(imported)) {
      const target = resolve(root, file, specifier);
      if (target) importers.set(target, (importers.get(target) ?? new Set()).add(file));
    }
  }
  return importers;
}

const isTest = (file: string) => /\.test\.tsx?$/.test(file);

/** The tests that reach a file, nearest first: its own, then by the number of imports in between, each folder's own sooner. */
export function testsNear(file: string, importers: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const distance = new Map([[file, 0]]);
  for (const [at, steps] of distance) {
    for (const next of importers.get(at) ?? []) if (!distance.has(next)) distance.set(next, steps + 1);
  }
  const own = file.replace(/\.tsx?$/, ".test.");
  const rank = (test: string) =>
    test.startsWith(own) ? 0 : (distance.get(test) ?? 0) + (dirname(test) === dirname(file) ? 0 : 1.5);
  return [...distance.keys()].filter(isTest).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}
