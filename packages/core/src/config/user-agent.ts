import { version } from "../../package.json";
import { get } from "./index.ts";

/** Header values are bytes: a contact in another script must not make every call fail. */
const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?");

/** Who we are to EVE's servers, and whom CCP can ask. */
export function userAgent(): string {
  const { CONTACT, PUBLIC_URL } = get();
  return ascii(`TAPI/${version} (${CONTACT}; +${PUBLIC_URL})`);
}
