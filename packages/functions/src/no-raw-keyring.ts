// Stands for the Encryption SDK's keyrings of raw keys in the functions' bundles: tokens are encrypted under KMS alone.
export {};
