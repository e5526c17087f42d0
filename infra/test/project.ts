import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { initProject, setProject, useProject } from "sst/project.js";
import config from "../../sst.config.ts";

type Project = Parameters<typeof setProject>[0];

export interface ProjectOptions {
  stage: string;
  /** Loads `sst.config.ts` with SST's own bundler, as the command line does; two at a time would disturb each other. */
  bundle?: boolean;
  /** Takes what SST writes, in place of the repository's `.sst`. */
  folder: string;
}

let logOpened = false;

/** SST opens its log in the background, once per process, and fails if the folder is gone by then. */
async function openLog(folder: string): Promise<void> {
  if (logOpened) return;
  const { Logger } = await import("sst/logger.js");
  Logger.debug("test");
  while (!existsSync(join(folder, "debug.log"))) await setImmediate();
  logOpened = true;
}

/** Makes SST's constructs usable outside its command line. */
export async function openProject({ stage, bundle, folder }: ProjectOptions): Promise<void> {
  const root = process.cwd();
  const out = join(folder, ".sst");
  const paths = { root, config: join(root, "sst.config.ts"), out, artifacts: join(folder, "bundles") };
  mkdirSync(out, { recursive: true });
  // SST itself names a deprecated property of every function.
  process.env.JSII_DEPRECATED = "quiet";
  if (bundle) {
    await initProject({ stage });
    Object.assign(useProject().paths, paths);
    return;
  }
  const settings = { ...config.config(), stage, ssmPrefix: `/sst/tapi/${stage}/` };
  setProject({ ...config, config: settings, paths, version: "", cdkVersion: "", constructsVersion: "" } as Project);
  await openLog(out);
}
