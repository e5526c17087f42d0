/** The one application that is registered here; any loopback address may be its callback. */
export const clientId = "new-eden-client";
export const clientSecret = "new-eden-secret";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

export function isCallback(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return /^https?:$/.test(protocol) && loopback.has(hostname);
}

/** Client id and secret from HTTP Basic, or else from the form. */
export function isClient(authorization: string | undefined, form: Record<string, string>): boolean {
  const [scheme, encoded] = (authorization ?? "").split(" ");
  if (scheme?.toLowerCase() === "basic" && encoded) {
    const [id, secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
    return id === clientId && secret === clientSecret;
  }
  return form.client_id === clientId && form.client_secret === clientSecret;
}
