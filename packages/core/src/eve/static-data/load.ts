import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { get } from "../../platform/config/index.ts";
import type { Packed } from "./packed.ts";

const fileName = "static-data.json.gz";

/** In the repository the file lies in generated/; a bundle has it beside its handler or at the root of its package. */
function locate(): string {
  const { STATIC_DATA_FILE, LAMBDA_TASK_ROOT } = get();
  const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const candidates = [
    ...(STATIC_DATA_FILE ? [STATIC_DATA_FILE] : []),
    beside(`./generated/${fileName}`),
    beside(`./${fileName}`),
    ...(LAMBDA_TASK_ROOT ? [join(LAMBDA_TASK_ROOT, fileName)] : []),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new Error(`The static data are in none of ${candidates.join(", ")}. Run \`pnpm generate\`.`);
}

let loaded: Packed | undefined;

/** The packed static data; read once per process, in about 20 ms. */
export function packed(): Packed {
  loaded ??= JSON.parse(gunzipSync(readFileSync(locate())).toString()) as Packed;
  return loaded;
}
