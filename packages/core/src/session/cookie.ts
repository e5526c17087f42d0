import * as Config from "../config/index.ts";
import * as Credential from "../credential/index.ts";

// Cookies as RFC 6265bis has them. Over https the `__Host-` prefix makes browsers refuse a cookie of this name that is
// not Secure, has a Domain or another Path: no sister domain can plant one. Plain http (loopback only) cannot have it.

const secure = () => Config.get().PUBLIC_URL.startsWith("https://");

function write(name: string, value: string, maxAgeSeconds: number): string {
  const flags = ["Path=/", "HttpOnly", "SameSite=Lax", `Max-Age=${maxAgeSeconds}`, ...(secure() ? ["Secure"] : [])];
  return [`${name}=${value}`, ...flags].join("; ");
}

const named = (plain: string) => (secure() ? `__Host-${plain}` : plain);

export const session = {
  name: () => named("tapi"),
  /** A Set-Cookie header. */
  set: (value: string, maxAgeSeconds: number) => write(named("tapi"), value, maxAgeSeconds),
  clear: () => write(named("tapi"), "", 0),
};

/** Logins that a browser may have under way at a time, in as many tabs. */
const maxLogins = 5;

/** What the name of each login's cookie begins with. */
const loginName = () => `${named("tapi-login")}-`;

/** Each login has a cookie of its own, found by its state: tabs that log in side by side do not disturb each other. */
export const login = {
  name: (state: string) => `${loginName()}${Credential.hash(state).slice(0, 12)}`,
  set: (state: string, value: string, maxAgeSeconds: number) => write(login.name(state), value, maxAgeSeconds),
  clear: (state: string) => write(login.name(state), "", 0),
  /** Ends what is one too many once another login begins. Browsers send the oldest cookie first (RFC 6265, 5.4). */
  makeRoom: (names: readonly string[]) => {
    const open = names.filter((name) => name.startsWith(loginName()));
    return open.slice(0, Math.max(0, open.length + 1 - maxLogins)).map((name) => write(name, "", 0));
  },
};
