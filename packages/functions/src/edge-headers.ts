// What CloudFront adds to each request for the API; infra/edge.ts writes them and the API's handler reads them.

/** Proves that the request came through CloudFront, and that the address beside it is true. */
export const originSecretHeader = "x-origin-secret";
export const viewerAddressHeader = "x-viewer-address";
