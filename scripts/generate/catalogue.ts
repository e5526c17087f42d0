import type { Place } from "./plan.ts";

/** A dataset of a catalogue: the constant that declares it, and its file as the catalogue imports it. */
interface Declared {
  constant: string;
  path: string;
}

const folderOf = ({ path }: Declared): string => path.slice(0, path.lastIndexOf("/"));

/** As formatting sorts imports: by path without the extension. */
const byModule = (one: string, other: string): number => (one.slice(0, -3) < other.slice(0, -3) ? -1 : 1);

/** What the files below declare, also those that are about to be written. */
function declaredIn(place: Place, folder: string, written: Record<string, string>): Declared[] {
  const files = new Set([
    ...place.list(folder).map((file) => file.replaceAll("\\", "/")),
    ...Object.keys(written).map((file) => file.slice(folder.length + 1)),
  ]);
  return [...files]
    .filter((file) => /^[\w-]+\/[\w-]+\.ts$/.test(file))
    .sort(byModule)
    .flatMap((file) => {
      const text = written[`${folder}/${file}`] ?? place.read(`${folder}/${file}`);
      const constant = /^export const (\w+) = define\(/m.exec(text)?.[1];
      return constant === undefined ? [] : [{ constant, path: `./${file}` }];
    });
}

const importLine = /^import \{ (\w+) \} from "(\.\/[\w-]+\/[\w-]+\.ts)";\n/gm;
const list = /(export const datasets: readonly Dataset\[\] = \[\n)([^\]]*)(\];)/;

/**
 * An owner's `datasets/index.ts` with exactly the datasets that its folders declare. Who is listed keeps its place, which
 * is the order on screen; who is new stands last of its folder.
 */
export function catalogueText(place: Place, folder: string, written: Record<string, string> = {}): string {
  const text = place.read(`${folder}/index.ts`);
  const declared = declaredIn(place, folder, written);
  const byConstant = new Map(declared.map((each) => [each.constant, each]));
  const constants = [...(list.exec(text)?.[2] ?? "").matchAll(/\w+/g)].map(([constant]) => constant);
  const listed = constants.flatMap((constant) => byConstant.get(constant) ?? []);
  for (const fresh of declared.filter((each) => !listed.includes(each))) {
    const last = listed.findLastIndex((each) => folderOf(each) === folderOf(fresh));
    listed.splice(last < 0 ? listed.length : last + 1, 0, fresh);
  }
  const imports = declared.map(({ constant, path }) => `import { ${constant} } from "${path}";\n`);
  const others = text.replace(importLine, "");
  const afterImports = others.lastIndexOf("import ");
  const at = afterImports < 0 ? 0 : others.indexOf("\n", afterImports) + 1;
  return (others.slice(0, at) + imports.join("") + others.slice(at)).replace(
    list,
    (_, head: string, __, tail: string) => `${head}${listed.map(({ constant }) => `  ${constant},\n`).join("")}${tail}`,
  );
}
