import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { App } from "sst/constructs";
import config from "../../sst.config.ts";
import { openProject } from "./project.ts";

interface CfnResource {
  Type: string;
  // CloudFormation's properties have a shape per resource type; tests name the ones that they read.
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}

export interface Synthesised {
  /** The template of a stack by its short name, e.g. "Queues". */
  template(name: string): Template;
  /** Resources of all stacks, or of one type. */
  resources(type?: string): CfnResource[];
  /** Everything that a deployment sends to CloudFormation, as text. */
  text: string;
  assembly: CloudAssembly;
  /** Where the assembly lies. */
  folder: string;
  discard(): void;
}

export interface Options {
  stage: string;
  /** `dev`: what `sst dev` would send. */
  mode?: "deploy" | "dev";
  environment?: Record<string, string>;
  /** Bundles the handlers and the site as a deployment does (seconds); without it functions hold a placeholder. */
  bundle?: boolean;
  /** Called before synthesis, e.g. to add checks. */
  inspect?: (app: App) => void;
}

const environment = { EVE_CLIENT_ID: "client-of-the-test", CONTACT: "test@example.com" };

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Stands in for the built web app, so that infrastructure can be tested without building it. */
function addSite(folder: string): string {
  const site = join(folder, "site");
  mkdirSync(join(site, "assets"), { recursive: true });
  writeFileSync(join(site, "index.html"), "<!doctype html>");
  writeFileSync(join(site, "assets", "index-4f3a.js"), "");
  return site;
}

async function withEnvironment<T>(values: Record<string, string>, body: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, values);
  try {
    return await body();
  } finally {
    for (const name of Object.keys(values)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

function describe(app: App, assembly: CloudAssembly, folder: string): Synthesised {
  const stacks = app.node.children.filter((child): child is Stack => "stackName" in child);
  const templates = new Map(stacks.map((stack) => [stack.stackName, Template.fromStack(stack)]));
  const all = [...templates.values()].map(
    (template) => template.toJSON() as { Resources?: Record<string, CfnResource> },
  );
  return {
    template: (name) => {
      const template = templates.get(`${app.stage}-${app.name}-${name}`);
      if (!template) throw new Error(`There is no stack ${name}, only ${[...templates.keys()].join(", ")}`);
      return template;
    },
    resources: (type) =>
      all.flatMap(({ Resources = {} }) => Object.values(Resources)).filter((each) => !type || each.Type === type),
    text: JSON.stringify(all),
    assembly,
    folder,
    discard: () => remove(folder),
  };
}

async function build(options: Options, folder: string): Promise<Synthesised> {
  await openProject({ ...options, folder });
  const deployment = {
    mode: options.mode ?? ("deploy" as const),
    stage: options.stage,
    name: "tapi",
    region: "us-east-1",
    account: "123456789012",
    isActiveStack: () => options.bundle ?? options.mode === "dev",
  };
  const app = new App(deployment, { outdir: join(folder, "assembly") });
  config.stacks(app);
  await app.finish();
  options.inspect?.(app);
  // SST's type of the assembly comes from another copy of the same package.
  return describe(app, app.synth() as unknown as CloudAssembly, folder);
}

/** What `sst deploy --stage <stage>` would send to CloudFormation, made without an AWS account. */
export async function synthesise(options: Options): Promise<Synthesised> {
  const folder = mkdtempSync(join(tmpdir(), "tapi-infra-"));
  const values = { ...environment, TAPI_SITE_DIST: addSite(folder), ...options.environment };
  try {
    return await withEnvironment(values, () => build(options, folder));
  } catch (error) {
    remove(folder);
    throw error;
  }
}
