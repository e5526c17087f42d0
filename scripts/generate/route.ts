import { camelOf, insertBefore, type Place, type Plan, pascalOf, RefusedError, requireName } from "./plan.ts";

const folder = "packages/functions/src/api";

const pluralOf = (name: string): string => (name.endsWith("s") ? name : name.replace(/y$/, "ie").concat("s"));

/** Writes a file of routes with its test, and mounts it under the noun's plural. */
export function planRoute(place: Place, given: string | undefined): Plan {
  const name = requireName("route", given, "fleet");
  const constant = camelOf(name);
  const address = `/${pluralOf(name)}`;
  const index = place.read(`${folder}/index.ts`);
  if (place.exists(`${folder}/${name}.ts`)) throw new RefusedError(`There are routes in ${folder}/${name}.ts already.`);
  if (index.includes(`.route("${address}"`)) throw new RefusedError(`The address ${address} is taken already.`);
  const mounted = insertBefore(index, ";\n\nconst api =", `\n  .route("${address}", ${constant})`);
  return {
    created: {
      [`${folder}/${name}.ts`]: `import * as Actor from "@tapi/core/platform/actor";
import { Hono } from "hono";
import * as z from "zod";
import { describe } from "./describe.ts";

const Entry = z.object({ ${constant}Id: z.string() });

async function list(): Promise<z.infer<typeof Entry>[]> {
  Actor.assertUser();
  return [];
}

export const ${constant} = new Hono().get("/", describe("A user's ${pluralOf(name)}", z.array(Entry)), async (c) =>
  c.json({ data: await list() }),
);
`,
      [`${folder}/${name}.test.ts`]: `import { expect, test } from "vitest";
import { Browser } from "../../test/browser.ts";

test("${address} is for those who are logged in", async () => {
  const { status, body } = await new Browser().get("${address}");

  expect([status, body.error.code]).toEqual([401, "session.required"]);
});
`,
    },
    changed: {
      [`${folder}/index.ts`]: insertBefore(mounted, "import ", `import { ${constant} } from "./${name}.ts";\n`),
    },
    todo: [
      `list(): call a function of core (import * as ${pascalOf(name)} from "@tapi/core/product/${name}"), which guards itself`,
      "Entry: what an answer holds; take it from the core module",
      "the test: 2xx, 400, 401, and 403 or 404 for each route",
      "docs/errors.md: each new error code",
    ],
    test: `npx vitest run ${folder}/${name}.test.ts`,
  };
}
