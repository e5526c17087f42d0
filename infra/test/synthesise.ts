import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { App, getStack } from "sst/constructs";
import { initProject } from "sst/project.js";
import config from "../../sst.config.ts";

type StackFunction = Parameters<typeof getStack>[0];

export interface Synthesised {
  app: App;
  template(stack: StackFunction): Template;
  /** Every stack's CloudFormation by its name. */
  templates: Map<string, Template>;
  assembly: CloudAssembly;
  folder: string;
}

export interface Request {
  stage: string;
  environment?: Record<string, string>;
  /** Bundles the handlers and the site as a deployment does (seconds); without it functions hold a placeholder. */
  bundle?: boolean;
  /** Called before synthesis, e.g. to add checks. */
  inspect?: (app: App) => void;
}

const environment = { EVE_CLIENT_ID: "client-of-the-test", CONTACT: "test@example.com" };

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
    process.env = before;
  }
}

/** The CloudFormation that `sst deploy --stage <stage>` would send, made without an AWS account. */
export async function synthesise(request: Request): Promise<Synthesised> {
  const folder = mkdtempSync(join(tmpdir(), "tapi-infra-"));
  const values = { ...environment, TAPI_SITE_DIST: addSite(folder), ...request.environment };
  return withEnvironment(values, async () => {
    await initProject({ stage: request.stage });
    const app = new App(
      {
        mode: "deploy",
        stage: request.stage,
        name: "tapi",
        region: "us-east-1",
        account: "123456789012",
        isActiveStack: () => request.bundle ?? false,
      },
      { outdir: join(folder, "out") },
    );
    config.stacks(app);
    await app.finish();
    request.inspect?.(app);
    const assembly = app.synth() as unknown as CloudAssembly;
    const stacks = app.node.children.filter((child): child is Stack => "stackName" in child);
    const templates = new Map(stacks.map((stack) => [stack.stackName, Template.fromStack(stack)]));
    return { app, assembly, folder, templates, template: (stack) => Template.fromStack(getStack(stack)) };
  });
}

export const discard = ({ folder }: Synthesised): void => {
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
};
