// What CloudFront adds to each request for the API; infra/edge.ts writes them and the API's handler reads them.

/** Proves that the request came through CloudFront, and that what the others say is true. */
export const originSecretHeader = "x-origin-secret";
export const viewerAddressHeader = "x-viewer-address";
/** The host that the browser asked: API Gateway is asked by its own name. */
export const viewerHostHeader = "x-viewer-host";
