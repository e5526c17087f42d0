import { dependsOn, type StackContext, StaticSite, use } from "sst/constructs";
import { cacheControl } from "../packages/functions/src/site-headers.ts";
import { Api } from "./api.ts";
import { Edge } from "./edge.ts";
import { Functions } from "./functions.ts";
import { readSettings } from "./settings.ts";

/** Builds the web app and puts it behind the distribution; after the functions, so that it never meets an older API. */
export function Site({ app, stack }: StackContext) {
  // It uses nothing of theirs, so that CDK would let it come first.
  dependsOn(Functions);
  dependsOn(Api);
  const { siteFolder } = readSettings(app);
  const { site } = use(Edge);
  if (!site) return {};
  new StaticSite(stack, "Web", {
    ...(siteFolder
      ? { path: siteFolder }
      : { path: "packages/web", buildCommand: "npm run build", buildOutput: "dist" }),
    // Without this SST writes a file of types into the web package's source.
    vite: { types: siteFolder ? ".types.d.ts" : "../../.sst/types/web.d.ts" },
    // Tabs that are still open load chunks of the release they began with.
    purgeFiles: false,
    // Each later line wins over the ones before it.
    assets: {
      fileOptions: [
        { files: "**", cacheControl: cacheControl.other },
        { files: "**/*.html", cacheControl: cacheControl.document },
        { files: "assets/**", cacheControl: cacheControl.hashed },
      ],
    },
    cdk: site,
  });
  return {};
}
