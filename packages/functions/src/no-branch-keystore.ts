// Stands for the Encryption SDK's store of branch keys in the functions' bundles: tokens are encrypted under a KMS key of
// their own, without a hierarchy of keys.
export const isIBranchKeyStoreNode = (): boolean => false;
