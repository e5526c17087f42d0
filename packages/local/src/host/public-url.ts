import * as z from "zod";
import { isLoopback, isPrivate } from "./listen-address.mjs";

/** Where the web app listens, and whether the operator allows http in a network of their own. */
export interface Exposure {
  listen: string;
  allowHttp: boolean;
}

export const address = z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
  message: "takes an address that begins with http:// or https://",
  abort: true,
});

const noHttps = "takes an https:// address, because browsers send the session's cookie there";

/** Sessions are cookies: beyond this machine they travel encrypted, unless the operator says that the network is theirs. */
function mayCarryCookies({ protocol, hostname }: URL, { listen, allowHttp }: Exposure): boolean {
  if (protocol === "https:") return true;
  return allowHttp ? isPrivate(hostname) : isLoopback(hostname) && isLoopback(listen);
}

const origin = (exposure: Exposure) =>
  address
    .refine((value) => new URL(value).pathname === "/" && !/[?#@]/.test(value), {
      message: "takes an origin without a path, such as https://tapi.example.org",
      abort: true,
    })
    .refine((value) => mayCarryCookies(new URL(value), exposure), {
      error: ({ input }) =>
        !exposure.allowHttp && isPrivate(new URL(String(input)).hostname)
          ? `${noHttps}; ALLOW_HTTP=yes lets http:// pass in a network of your own`
          : noHttps,
    })
    .transform((value) => new URL(value).origin);

/** The web app's origin as browsers see it; a start that listens beyond this machine cannot guess it. */
export const publicUrl = (exposure: Exposure) =>
  isLoopback(exposure.listen)
    ? origin(exposure).optional()
    : z
        .string({ error: `is missing; who listens at ${exposure.listen} must say which address browsers use` })
        .pipe(origin(exposure));
