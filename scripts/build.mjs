// npm run build: installs packages and builds the web app, so that a start has nothing left to do and needs to write nothing here.
import { buildWebIfNeeded } from "./build-web.mjs";
import { installIfNeeded, requireNode } from "./install.mjs";

requireNode();
installIfNeeded();
process.exit(buildWebIfNeeded());
