import * as Config from "../../platform/config/index.ts";
import * as Credential from "../../platform/credential/index.ts";

// Cookies of RFC 6265bis. Over https, browsers refuse a `__Host-` cookie that is not Secure, has a Domain or another Path, so
// that no sister domain can plant one. Plain http (loopback only) does not allow the prefix.

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

/** Logins that a browser can have under way at a time, in as many tabs. */
const maxLogins = 5;

/** The prefix of the names of login cookies. */
const loginName = () => `${named("tapi-login")}-`;

/** Each login has its own cookie, found by its state, so that logins in several tabs do not disturb each other. */
export const login = {
  name: (state: string) => `${loginName()}${Credential.hash(state).slice(0, 12)}`,
  set: (state: string, value: string, maxAgeSeconds: number) => write(login.name(state), value, maxAgeSeconds),
  clear: (state: string) => write(login.name(state), "", 0),
  /** Deletes the oldest login cookies above the limit. Browsers send the oldest cookie first (RFC 6265, 5.4). */
  makeRoom: (names: readonly string[]) => {
    const open = names.filter((name) => name.startsWith(loginName()));
    return open.slice(0, Math.max(0, open.length + 1 - maxLogins)).map((name) => write(name, "", 0));
  },
};
