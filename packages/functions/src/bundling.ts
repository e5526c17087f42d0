/** How the functions are bundled for Lambda (docs/adr/0007); paths start at the repository's root, where esbuild runs. */
export const bundling = {
  minify: true,
  // What is imported late (the token cipher, SSM's client) lies in files of its own, which a start does not read.
  splitting: true,
  // Function names are for stack traces only, and cost 22 KB of every bundle.
  keepNames: false,
  alias: {
    "@aws-sdk/credential-provider-node": "./packages/core/src/platform/config/credentials.ts",
    // The Encryption SDK's streams are Node's own.
    "readable-stream": "./packages/functions/src/streams.ts",
    // The SDK asks what browser it runs in: never in a function.
    bowser: "./packages/functions/src/no-browser.ts",
    // How entities are declared is checked wherever they are tested.
    jsonschema: "./packages/functions/src/no-model-validator.ts",
    "@aws-crypto/branch-keystore-node": "./packages/functions/src/no-branch-keystore.ts",
    "@aws-crypto/raw-aes-keyring-node": "./packages/functions/src/no-raw-keyring.ts",
    "@aws-crypto/raw-rsa-keyring-node": "./packages/functions/src/no-raw-keyring.ts",
  },
} as const;
