import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Aspects } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cacheControl } from "../packages/functions/src/site-headers.ts";
import { type FunctionName, functions } from "../packages/functions/src/topology.ts";
import { accepted } from "./test/accepted-findings.ts";
import { list, type Statement } from "./test/rights.ts";
import { type Synthesised, synthesise } from "./test/synthesise.ts";

const functionNames = Object.keys(functions) as FunctionName[];
const clientSecret = `secret-${crypto.randomUUID()}`;
let cloud: Synthesised;

beforeAll(async () => {
  cloud = await synthesise({
    stage: "test",
    bundle: true,
    environment: { EVE_CLIENT_SECRET: clientSecret },
    inspect: (app) => Aspects.of(app).add(new AwsSolutionsChecks()),
  });
}, 180_000);

afterAll(() => cloud?.discard());

/** Loads each file in a bare Node process and prints the type of its handler. */
const loader = `
  const types = await Promise.all(process.argv.slice(1).map(async (file) => typeof (await import(file)).handler));
  console.log(JSON.stringify(types));
`;

const entries = new Set(functionNames.map((name) => functions[name].handler.replace(/\.handler$/, ".mjs")));

/** The packages of the functions as they would be uploaded: the file of the handler, and the code of all that lies with it. */
function bundles(): { handler: string; folder: string; file: string; code: string }[] {
  const root = join(cloud.folder, "bundles");
  const folders = readdirSync(root).filter((name) => !name.startsWith("StaticSite"));
  return folders.flatMap((name) => {
    const folder = join(root, name);
    const files = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith(".mjs"));
    const code = files.map((file) => readFileSync(join(folder, file), "utf8")).join("");
    return files
      .filter((file) => entries.has(file))
      .map((file) => ({ handler: file.replace(/\.mjs$/, ".handler"), folder, file: join(folder, file), code }));
  });
}

test("the deployment is complete: a manifest that SST can read, and a bundle for each function", () => {
  const manifest = JSON.parse(readFileSync(join(cloud.folder, "assembly", "manifest.json"), "utf8"));

  const handlers = bundles().map(({ handler }) => handler);

  // SST 2.49.8 refuses schemas beyond 48.
  expect(Number.parseInt(manifest.version, 10)).toBeLessThanOrEqual(48);
  expect(Object.keys(manifest.artifacts)).toEqual(
    expect.arrayContaining(["test-tapi-Table", "test-tapi-Functions", "test-tapi-Site"]),
  );
  expect(handlers.sort()).toEqual(functionNames.map((name) => functions[name].handler).sort());
});

test("each bundle loads by itself, away from the repository's packages", () => {
  const files = bundles().map(({ file }) => file);

  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", loader, ...files]);

  expect(JSON.parse(printed.toString())).toEqual(files.map(() => "function"));
});

test("a function that reads the static data has them at the root of its package, no other carries them", () => {
  for (const { handler, folder, code } of bundles()) {
    expect(existsSync(join(folder, "static-data.json.gz")), handler).toBe(code.includes("static-data.json.gz"));
  }
});

test("the site is uploaded with its cache rules: documents never cached, hashed files a year", () => {
  const [upload] = cloud.resources("Custom::S3Uploader");

  // The last rule that matches a file wins.
  const rules = upload?.Properties.fileOptions as unknown[] | undefined;
  expect(rules?.slice(-3)).toEqual([
    { files: "**", cacheControl: cacheControl.other },
    { files: "**/*.html", cacheControl: cacheControl.document },
    { files: "assets/**", cacheControl: cacheControl.hashed },
  ]);
  expect(cacheControl).toMatchObject({ document: "no-store", hashed: "public, max-age=31536000, immutable" });
});

test("no template holds the EVE application's secret", () => {
  expect(cloud.text).toContain("EVE_CLIENT_SECRET_PARAMETER");
  expect(cloud.text).not.toContain(clientSecret);
});

test("no policy has a wildcard in an action or a whole resource", () => {
  const wide = cloud
    .resources("AWS::IAM::Policy")
    .flatMap(({ Properties }) =>
      (Properties.PolicyDocument as { Statement: Statement[] }).Statement.filter(
        ({ Action, Resource }) => list(Action).some((each) => each.includes("*")) || list(Resource).includes("*"),
      ).map(() => Properties.PolicyName),
    );

  expect(wide).toEqual([]);
});

test("every function in the app, also SST's and CDK's own, runs on nodejs24.x", () => {
  const runtimes = cloud.resources("AWS::Lambda::Function").map(({ Properties }) => Properties.Runtime);

  expect(runtimes.length).toBeGreaterThan(functionNames.length);
  expect(new Set(runtimes)).toEqual(new Set(["nodejs24.x"]));
});

test("cdk-nag finds nothing but what is accepted with a reason, and nothing is accepted in vain", () => {
  const findings = cloud.assembly.stacks.flatMap(({ messages }) =>
    messages
      .filter(({ level }) => level !== "info")
      .map(({ id, entry }) => {
        const [, rule = "", detail = ""] = /^(AwsSolutions-\w+)(?:\[(.*?)\])?:/.exec(String(entry.data)) ?? [];
        return { rule, where: `${id.replace("/test-tapi-", "")}${detail}` };
      }),
  );
  const matches = (finding: (typeof findings)[number]) =>
    accepted.filter(({ rule, where }) => rule === finding.rule && where.test(finding.where));

  expect(findings.filter((finding) => matches(finding).length === 0)).toEqual([]);
  expect(accepted.filter((each) => !findings.some((finding) => matches(finding).includes(each)))).toEqual([]);
});
