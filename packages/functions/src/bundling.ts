/** How the functions are bundled for Lambda (docs/adr/0007); paths start at the repository's root, where esbuild runs. */
export const bundling = {
  minify: true,
  // What is imported late (the token cipher, SSM's client) lies in files of its own, which a start does not read.
  splitting: true,
  // Function names are for stack traces only, and cost 22 KB of every bundle.
  keepNames: false,
  alias: { "@aws-sdk/credential-provider-node": "./packages/core/src/config/credentials.ts" },
} as const;
