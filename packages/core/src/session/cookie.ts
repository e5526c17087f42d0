import * as Config from "../config/index.ts";

// Cookies as RFC 6265bis has them. Over https the `__Host-` prefix makes browsers refuse a cookie of this name that is
// not Secure, has a Domain or another Path: no sister domain can plant one. Plain http (loopback only) cannot have it.

const secure = () => Config.get().PUBLIC_URL.startsWith("https://");

function write(name: string, value: string, maxAgeSeconds: number): string {
  const flags = ["Path=/", "HttpOnly", "SameSite=Lax", `Max-Age=${maxAgeSeconds}`, ...(secure() ? ["Secure"] : [])];
  return [`${name}=${value}`, ...flags].join("; ");
}

const named = (plain: string) => {
  const name = () => (secure() ? `__Host-${plain}` : plain);
  return {
    name,
    /** A Set-Cookie header. */
    set: (value: string, maxAgeSeconds: number) => write(name(), value, maxAgeSeconds),
    clear: () => write(name(), "", 0),
  };
};

export const session = named("tapi");
export const login = named("tapi-login");
