import { Duration } from "aws-cdk-lib";
import {
  type HeadersFrameOption,
  type HeadersReferrerPolicy,
  type ResponseCustomHeader,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from "aws-cdk-lib/aws-cloudfront";
import type { Stack } from "sst/constructs";
import { securityHeaders } from "../packages/functions/src/site-headers.ts";

/** An answer that sets one of them itself keeps its own. */
const override = false;

const maxAgeSeconds = (value: string) => Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0);

/** CloudFront refuses these as plain headers: each has a place of its own. */
const placed: Record<string, (value: string) => ResponseSecurityHeadersBehavior> = {
  "content-security-policy": (value) => ({ contentSecurityPolicy: { contentSecurityPolicy: value, override } }),
  "strict-transport-security": (value) => ({
    strictTransportSecurity: {
      accessControlMaxAge: Duration.seconds(maxAgeSeconds(value)),
      includeSubdomains: value.includes("includeSubDomains"),
      override,
    },
  }),
  "x-content-type-options": () => ({ contentTypeOptions: { override } }),
  "x-frame-options": (value) => ({ frameOptions: { frameOption: value as HeadersFrameOption, override } }),
  "referrer-policy": (value) => ({ referrerPolicy: { referrerPolicy: value as HeadersReferrerPolicy, override } }),
};

/** The headers that the local gateway sends, too. */
export function addHeadersPolicy(stack: Stack, socketUrl: string): ResponseHeadersPolicy {
  let securityHeadersBehavior: ResponseSecurityHeadersBehavior = {};
  const customHeaders: ResponseCustomHeader[] = [];
  for (const [header, value] of Object.entries(securityHeaders(socketUrl))) {
    const place = placed[header];
    if (place) securityHeadersBehavior = { ...securityHeadersBehavior, ...place(value) };
    else customHeaders.push({ header, value, override });
  }
  return new ResponseHeadersPolicy(stack, "Headers", {
    securityHeadersBehavior,
    customHeadersBehavior: { customHeaders },
  });
}
