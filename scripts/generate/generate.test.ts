import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogues } from "./dataset.ts";
import { generate } from "./index.ts";
import { type Place, RefusedError } from "./plan.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);
const bin = (name: string) => join(root, "node_modules/.bin", name);
const datasets = "packages/core/src/owners/corporation/datasets";

let base: string;

/** What the generators read and extend, apart from the repository, with its libraries. */
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "tapi-generate-"));
  for (const path of ["packages/core/src", "packages/functions/src", "packages/functions/test"]) {
    cpSync(join(root, path), join(base, path), { recursive: true });
  }
  for (const path of [".gitignore", "biome.json", "tsconfig.json", "packages/core/package.json"])
    cpSync(join(root, path), join(base, path));
  mkdirSync(join(base, "docs"));
  cpSync(join(root, "docs/access-patterns.md"), join(base, "docs/access-patterns.md"));
  for (const path of ["node_modules", "packages/core/node_modules", "packages/functions/node_modules"]) {
    symlinkSync(join(root, path), join(base, path));
  }
});
afterAll(() => rmSync(base, { recursive: true }));

const read = (path: string) => readFileSync(join(base, path), "utf8");

/** The compiler's verdict on these files and all that they import. */
async function compile(paths: readonly string[]): Promise<string> {
  const config = { extends: "./tsconfig.json", include: [], files: paths };
  writeFileSync(join(base, "generated.json"), JSON.stringify(config));
  return run(bin("tsc"), ["-p", "generated.json"], { cwd: base }).then(
    () => "",
    (error: { stdout: string }) => error.stdout,
  );
}

test("a dataset, a route and a module are written, entered where they belong, and compile", async () => {
  const plans = [
    generate(base, ["dataset", "fuel-reports"]),
    generate(base, [
      "dataset",
      "share-list",
      "--group",
      "Wallet",
      "--operation",
      "GetCorporationsCorporationIdShareholders",
    ]),
    generate(base, ["dataset", "people", "--group", "Members", "--operation", "GetCorporationsCorporationIdMembers"]),
    generate(base, ["dataset", "birthdays", "--owner", "character", "--group", "Wallet"]),
    generate(base, [
      ...["dataset", "brain-chips", "--owner", "character", "--group", "Skills"],
      ...["--operation", "GetCharactersCharacterIdImplants"],
    ]),
    generate(base, ["route", "fleet"]),
    generate(base, ["module", "product/fleet"]),
  ];

  expect(read(`${datasets}/index.ts`)).toMatch(
    /fuelReports } from "\.\/affairs\/fuel-reports.ts";[\s\S]+\n {2}partyNames,\n[\s\S]*\n? {2}fuelReports,\n/,
  );
  expect(read("packages/core/src/owners/character/datasets/index.ts")).toMatch(
    /\n {2}skillQueue,\n[\s\S]* {2}brainChips,\n {2}wallet,\n/,
  );
  expect(read(`${datasets}/wallet/share-list.ts`)).toContain("fetch: paged(operation)");
  expect(read("packages/functions/src/api/index.ts")).toContain('.route("/fleets", fleet)');
  expect(read("docs/access-patterns.md")).toContain("| `fleet` |");
  const written = plans.flatMap(({ created, changed }) => Object.keys({ ...created, ...changed }));
  expect(await compile(written.filter((path) => path.endsWith(".ts")))).toBe("");
});

const owners = ["corporation", "character"].map((kind) => `packages/core/src/owners/${kind}/datasets`);
const here: Place = {
  read: (path) => readFileSync(join(root, path), "utf8"),
  exists: (path) => existsSync(join(root, path)),
  list: (folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }),
};

test("the catalogues are what the folders declare: pnpm generate datasets", () => {
  const texts = catalogues(here);

  expect(Object.keys(texts).sort()).toEqual(owners.map((folder) => `${folder}/index.ts`).sort());
  for (const [path, text] of Object.entries(texts)) expect(here.read(path)).toBe(text);
});

test("a declaration without a line in its catalogue gets one behind its folder's others, one whose file is gone loses it", () => {
  const gone = `${datasets}/wallet/shareholders.ts`;
  const place: Place = {
    ...here,
    read: (path) => here.read(path).replace("  roles,\n", ""),
    list: (folder) => here.list(folder).filter((file) => !gone.endsWith(file.replaceAll("\\", "/"))),
  };

  const text = catalogues(place)[`${datasets}/index.ts`];

  // Members end where wallets begin.
  expect(text).toMatch(/\n {2}roleHistory,\n[\s\S]* {2}roles,\n {2}wallets,\n/);
  expect(text).not.toMatch(/shareholders/);
  const lines = (of = "") => of.split("\n").filter((line) => !/shareholders/.test(line));
  expect(lines(text).sort()).toEqual(lines(here.read(`${datasets}/index.ts`)).sort());
});

test("a generated dataset's own test runs, and fails for a declaration that lost its key", async () => {
  const { created } = generate(base, ["dataset", "spare-parts"]);
  const [declaration = "", own = ""] = Object.keys(created);
  writeFileSync(join(base, "vitest.config.ts"), "export default {};\n");
  const ran = () =>
    run(bin("vitest"), ["run", "--root", base, own], { cwd: base }).then(
      () => "passed",
      () => "failed",
    );

  const asWritten = await ran();
  const key = /key: \["(\w+)"\]/.exec(read(declaration))?.[1] as string;
  writeFileSync(
    join(base, declaration),
    read(declaration).replace(new RegExp(`${key}: z.int\\(\\)`), `${key}: z.int().optional()`),
  );

  expect([asWritten, await ran()]).toEqual(["passed", "failed"]);
});

test.each([
  [["dataset"], "The dataset's name is missing"],
  [["dataset", "Fuel"], 'cannot be "Fuel". Write it in small letters with hyphens'],
  [["dataset", "medals"], 'There is a dataset "medals" already'],
  [["dataset", "x", "--group", "Fuel"], "The groups: Corporation, Members"],
  [["dataset", "x", "--owner", "moon"], 'an owner called "moon"'],
  [["dataset", "x", "--operation", "GetCharactersCharacterIdMail", "--owner", "character"], "does not call"],
  [["dataset", "x", "--operation", "IdStarbases"], "Did you mean GetCorporationsCorporationIdStarbases"],
  [["dataset", "x", "--operation", "GetCorporationsCorporationIdStarbasesStarbaseId"], "takes starbase_id"],
  [["dataset", "x", "--operation", "PostCorporationsCorporationIdAssetsNames"], "a dataset reads with GET"],
  [["route", "admin"], "There are routes in packages/functions/src/api/admin.ts already"],
  [["route", "corporation-"], "Write it in small letters"],
  [["module", "fleet"], "Write the module as WING/NAME"],
  [["module", "product/wallet"], "There is a module product/wallet already"],
  [["module", "identity/wallet"], "There is a module product/wallet already"],
  [["window", "x"], "pnpm generate dataset NAME"],
])("%j is refused with what would do, and writes nothing", (args, message) => {
  const before = read(`${datasets}/index.ts`);

  expect(() => generate(base, args)).toThrow(RefusedError);
  expect(() => generate(base, args)).toThrow(message);
  expect(read(`${datasets}/index.ts`)).toBe(before);
  expect(existsSync(join(base, `${datasets}/affairs/x.ts`))).toBe(false);
});
