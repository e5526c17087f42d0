import { camelOf, type Place, type Plan, pascalOf, RefusedError, requireName } from "./plan.ts";

const core = "packages/core/src";

/** Wings whose folders are no modules: one module each, or an owner's declarations. */
const others = ["owners", "snapshot"];

const wingsOf = (place: Place): string[] => {
  const wings = place.list(core).flatMap((path) => /^([\w-]+)\/[\w-]+\/index\.ts$/.exec(path)?.[1] ?? []);
  return [...new Set(wings)].filter((wing) => !others.includes(wing)).sort();
};

const indexOf = (name: string) => `import { ulid } from "ulid";
import * as z from "zod";
import * as Actor from "../../platform/actor/index.ts";
import { fn } from "../../platform/fn/index.ts";
import { ${pascalOf(name)}Entity } from "./${name}.entity.ts";

export const Info = z.object({
  ${camelOf(name)}Id: z.string(),
  name: z.string().min(1).max(100),
});
export type Info = z.infer<typeof Info>;

/** Creates one for the asking user. */
export const create = fn(Info.pick({ name: true }), async ({ name }): Promise<Info> => {
  const { userId } = Actor.assertUser();
  const { data } = await ${pascalOf(name)}Entity().create({ userId, ${camelOf(name)}Id: ulid(), name }).go();
  return Info.parse(data);
});

/** Those of the asking user, oldest first. */
export async function list(): Promise<Info[]> {
  const { userId } = Actor.assertUser();
  const { data } = await ${pascalOf(name)}Entity().query.byUser({ userId }).go({ pages: "all" });
  return data.map((row) => Info.parse(row));
}
`;

const entityOf = (name: string) => `import { Entity } from "electrodb";
import * as Db from "../../platform/db/index.ts";

// byUser: a user's own, oldest first.
export const ${pascalOf(name)}Entity = Db.lazy(
  () =>
    new Entity(
      {
        model: { entity: "${camelOf(name)}", version: "1", service: Db.service },
        attributes: {
          userId: { type: "string", required: true },
          ${camelOf(name)}Id: { type: "string", required: true },
          name: { type: "string", required: true },
        },
        indexes: {
          byUser: {
            pk: { field: "pk", composite: ["userId"], template: "user#\${userId}", casing: "none" },
            sk: {
              field: "sk",
              composite: ["${camelOf(name)}Id"],
              template: "${camelOf(name)}#\${${camelOf(name)}Id}",
              casing: "none",
            },
          },
        },
      },
      Db.options(),
    ),
);
`;

const testOf = (name: string) => `import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import * as Actor from "../../platform/actor/index.ts";
import * as ${pascalOf(name)} from "./index.ts";

const as = <T>(userId: string, body: () => Promise<T>) =>
  Actor.provide({ type: "user", userId, sessionId: "session" }, body);

test("what a user creates is listed to that user alone", async () => {
  const [one, other] = [randomUUID(), randomUUID()];

  const created = await as(one, () => ${pascalOf(name)}.create({ name: "First" }));

  expect(await as(one, ${pascalOf(name)}.list)).toEqual([created]);
  expect(await as(other, ${pascalOf(name)}.list)).toEqual([]);
});

test("nobody creates or lists without being logged in", async () => {
  await expect(${pascalOf(name)}.create({ name: "First" })).rejects.toMatchObject({ code: "session.required" });
  await expect(${pascalOf(name)}.list()).rejects.toMatchObject({ code: "session.required" });
});
`;

/** Writes a module of core in the shape that all of them have, with its entity's row in docs/access-patterns.md. */
export function planModule(place: Place, given: string | undefined): Plan {
  const [wing = "", written, ...rest] = (given ?? "").split("/");
  const wings = wingsOf(place);
  if (!wings.includes(wing) || rest.length > 0) {
    throw new RefusedError(`Write the module as WING/NAME, e.g. product/fleet. The wings: ${wings.join(", ")}.`);
  }
  const name = requireName("module", written, "product/fleet");
  const folder = `${core}/${wing}/${name}`;
  const taken = wings.find((each) => place.exists(`${core}/${each}/${name}`));
  if (taken) throw new RefusedError(`There is a module ${taken}/${name} already, and a noun names one module.`);
  const page = place.read("docs/access-patterns.md").trimEnd();
  const row = `| \`${camelOf(name)}\` | \`user#\${userId}\` | \`${camelOf(name)}#\${${camelOf(name)}Id}\` | a user's own, oldest first | below 1 KB |`;
  return {
    created: {
      [`${folder}/index.ts`]: indexOf(name),
      [`${folder}/${name}.entity.ts`]: entityOf(name),
      [`${folder}/${name}.test.ts`]: testOf(name),
    },
    changed: { "docs/access-patterns.md": `${page}\n${row}\n` },
    todo: [
      "index.ts: the schemas, the functions, and the guard in the first line of each",
      `${name}.entity.ts: whose the rows are (a user's now), and the questions that are asked of them`,
      "docs/access-patterns.md: the entity's row, in the section it belongs to",
      "the test: for each function success, refused, and another owner",
    ],
    test: `npx vitest run ${folder}`,
  };
}
