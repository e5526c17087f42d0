/** What every answer of the web app's domain carries; CloudFront in the cloud and the local gateway both read this. */

/**
 * No inline script anywhere. Inline styles are allowed: component libraries place their elements with them. A page connects
 * to its own origin and to the one WebSocket API.
 */
const contentSecurityPolicy = (socketOrigin: string) =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' https://images.evetech.net data:",
    "font-src 'self' data:",
    `connect-src 'self' ${socketOrigin}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

/** Sent unless the function behind the path set its own. `socketUrl` is where browsers open their sockets. */
export const securityHeaders = (socketUrl: string) => ({
  "content-security-policy": contentSecurityPolicy(socketUrl.replace(/^(wss?:\/\/[^/]+).*$/, "$1")),
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "strict-origin-when-cross-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
});

/** The site's files fall into three kinds by their path. */
export const cacheControl = {
  /** HTML is never cached: it names the hashed files of the current release. */
  document: "no-store",
  /** Vite writes everything with a content hash into `assets/`. */
  hashed: "public, max-age=31536000, immutable",
  /** Icons, the manifest, robots.txt. */
  other: "public, max-age=3600",
} as const;

export const cacheControlOf = (path: string): string => {
  if (path.endsWith(".html")) return cacheControl.document;
  return path.startsWith("/assets/") ? cacheControl.hashed : cacheControl.other;
};
