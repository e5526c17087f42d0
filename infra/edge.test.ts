import { runInNewContext } from "node:vm";
import { Match } from "aws-cdk-lib/assertions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { originSecretHeader, viewerAddressHeader, viewerHostHeader } from "../packages/functions/src/edge-headers.ts";
import { securityHeaders } from "../packages/functions/src/site-headers.ts";
import { functions as functionDeclarations, httpPaths, socketRoutes } from "../packages/functions/src/topology.ts";
import { flat } from "./test/rights.ts";
import { type Synthesised, synthesise } from "./test/synthesise.ts";

/** AWS's own policies, by the ids they have in every account. */
const managed = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  allViewerExceptHost: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
};

const domainSettings = {
  TAPI_DOMAIN: "tapi.example.com",
  TAPI_CERTIFICATE_ARN: "arn:aws:acm:us-east-1:123456789012:certificate/4a1b",
  TAPI_HOSTED_ZONE_ID: "Z0123456789ABC",
  TAPI_WAF: "on",
};

let plain: Synthesised;
let production: Synthesised;

beforeAll(async () => {
  plain = await synthesise({ stage: "test" });
  production = await synthesise({ stage: "production", environment: domainSettings });
}, 60_000);

afterAll(() => {
  plain?.discard();
  production?.discard();
});

interface Origin {
  OriginCustomHeaders: { HeaderName: string; HeaderValue: unknown }[];
}

interface Policy {
  SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: unknown } };
  CustomHeadersConfig: { Items: object[] };
}

const distribution = () => {
  const [resource] = plain.resources("AWS::CloudFront::Distribution");
  return resource?.Properties.DistributionConfig as {
    DefaultCacheBehavior: object;
    CacheBehaviors: { PathPattern: string }[];
    HttpVersion: string;
  };
};

const behavior = (path: string) => distribution().CacheBehaviors.find(({ PathPattern }) => PathPattern === path);

describe("the site's domain", () => {
  test("documents are never cached at the edge, hashed files are", () => {
    expect(distribution().DefaultCacheBehavior).toMatchObject({
      CachePolicyId: managed.cachingDisabled,
      ViewerProtocolPolicy: "redirect-to-https",
      AllowedMethods: ["GET", "HEAD"],
    });
    expect(behavior("/assets/*")).toMatchObject({ CachePolicyId: managed.cachingOptimized, Compress: true });
    expect(distribution().HttpVersion).toBe("http2and3");
  });

  test.each(httpPaths)("%s reaches the API with every method, cookie and header, uncached", (path) => {
    expect(behavior(path)).toMatchObject({
      CachePolicyId: managed.cachingDisabled,
      OriginRequestPolicyId: managed.allViewerExceptHost,
      ViewerProtocolPolicy: "https-only",
      AllowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
    });
  });

  test("CloudFront shows the API a secret of SSM's, which no template and no output holds and only the API's function gets", () => {
    const [origin] = plain
      .resources("AWS::CloudFront::Distribution")
      .flatMap(({ Properties }) => (Properties.DistributionConfig as { Origins: Origin[] }).Origins)
      .filter(({ OriginCustomHeaders }) => OriginCustomHeaders);
    const functions = plain.resources("AWS::Lambda::Function").flatMap(({ Properties }) => {
      const { Variables } = (Properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
      return Variables?.ORIGIN_SECRET ? [{ name: Properties.FunctionName, value: flat(Variables.ORIGIN_SECRET) }] : [];
    });
    const asked = { Name: "/tapi/test/origin-secret/1" };

    plain.template("Edge").hasResourceProperties("Custom::OriginSecret", { ...asked, Owner: "true" });
    plain.template("Functions").hasResourceProperties("Custom::OriginSecret", { ...asked, Owner: "false" });
    expect(origin?.OriginCustomHeaders).toMatchObject([{ HeaderName: originSecretHeader }]);
    expect(flat(origin?.OriginCustomHeaders[0]?.HeaderValue)).toBe("{OriginSecret.Value}");
    expect(functions).toEqual([{ name: "tapi-test-api", value: "{OriginSecret.Value}" }]);
    for (const name of ["Edge", "Functions"]) {
      expect(JSON.stringify(plain.template(name).toJSON().Outputs ?? {})).not.toContain("OriginSecret");
    }
  });

  test("the stack that uses the secret is deployed after the one that makes it, with a domain of one's own, too", () => {
    const { dependencies } = production.assembly.getStackByName("production-tapi-Functions");

    expect(dependencies.map(({ id }) => id)).toContain("production-tapi-Edge");
  });

  test("who may change the secret is the function of the stack that owns it, and nobody may read another", () => {
    const rights = (name: string) =>
      Object.values(plain.template(name).findResources("AWS::IAM::Role")).flatMap(({ Properties }) =>
        ((Properties.Policies ?? []) as { PolicyDocument: { Statement: { Action: string[]; Resource: unknown }[] } }[])
          .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
          .filter(({ Resource }) => flat(Resource).includes("origin-secret"))
          .map(({ Action, Resource }) => [Action, flat(Resource).replace(/^.*:parameter/, "")]),
      );

    const every = "/tapi/test/origin-secret/*";
    expect(rights("Edge")).toEqual([[["ssm:GetParameter", "ssm:PutParameter", "ssm:DeleteParameter"], every]]);
    expect(rights("Functions")).toEqual([[["ssm:GetParameter"], every]]);
  });

  test.each(httpPaths)("on the way to %s the viewer's address is written over what a client wrote there", (path) => {
    const [association] = (behavior(path) as unknown as { FunctionAssociations: { FunctionARN: object }[] })
      .FunctionAssociations;
    const id = flat(association?.FunctionARN).replace(/^\{|\.FunctionARN\}$/g, "");
    const code = plain.template("Edge").toJSON().Resources[id].Properties.FunctionCode as string;
    const request = {
      headers: {
        host: { value: "tapi.example" },
        [viewerAddressHeader]: { value: "10.0.0.1" },
        [viewerHostHeader]: { value: "evil.example" },
      },
    };

    const result = runInNewContext(`${code}; handler(event)`, {
      event: { viewer: { ip: "2001:db8::1" }, request },
    });

    expect(result.headers[viewerAddressHeader].value).toBe("2001:db8::1");
    expect(result.headers[viewerHostHeader].value).toBe("tapi.example");
  });

  test.each([
    ["/", "/index.html"],
    ["/corporations/98000001/assets", "/index.html"],
    ["/assets/index-4f3a.js", "/assets/index-4f3a.js"],
    ["/robots.txt", "/robots.txt"],
  ])("%s is answered with %s", (uri, file) => {
    const resource = plain
      .resources("AWS::CloudFront::Function")
      .find(({ Properties }) => String(Properties.FunctionCode).includes("index.html"));

    const request = runInNewContext(`${resource?.Properties.FunctionCode}; handler({ request: { uri } })`, { uri });

    expect(request).toEqual({ uri: file });
  });

  test("an error of the API stays an error: no error page stands in for it", () => {
    expect(distribution()).not.toHaveProperty("CustomErrorResponses");
  });

  test("every answer carries the headers that the local gateway sends, unless it has its own", () => {
    const [resource] = plain.resources("AWS::CloudFront::ResponseHeadersPolicy");
    const policy = resource?.Properties.ResponseHeadersPolicyConfig as Policy | undefined;
    const shared = securityHeaders("wss://sockets.example/live");

    const security = policy?.SecurityHeadersConfig;
    // The WebSocket API's id is known once it is deployed.
    const sockets = /'self' (wss:\/\/\{test-tapi-Endpoints:\w+Sockets\w+\}\.execute-api\.us-east-1\.\S+);/;
    const policyText = flat(security?.ContentSecurityPolicy.ContentSecurityPolicy);
    const [, socketOrigin = ""] = sockets.exec(policyText) ?? [];
    expect(policyText).toBe(securityHeaders(socketOrigin)["content-security-policy"]);

    expect(security).toEqual({
      ContentSecurityPolicy: { ContentSecurityPolicy: expect.anything(), Override: false },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31536000, IncludeSubdomains: true, Override: false },
      ContentTypeOptions: { Override: false },
      FrameOptions: { FrameOption: shared["x-frame-options"], Override: false },
      ReferrerPolicy: { ReferrerPolicy: shared["referrer-policy"], Override: false },
    });
    expect(policy?.CustomHeadersConfig.Items).toEqual(
      (["cross-origin-opener-policy", "permissions-policy"] as const).map((Header) => ({
        Header,
        Value: shared[Header],
        Override: false,
      })),
    );
    expect(Object.keys(shared)).toHaveLength(7);
  });

  test("the files are private, encrypted, and open to this distribution only", () => {
    plain.template("Edge").hasResourceProperties("AWS::S3::Bucket", {
      BucketEncryption: Match.anyValue(),
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
    });
    plain.template("Edge").resourceCountIs("AWS::CloudFront::OriginAccessControl", 1);
    plain.template("Edge").hasResourceProperties("AWS::S3::BucketPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          Match.objectLike({
            Action: "s3:GetObject",
            Principal: { Service: "cloudfront.amazonaws.com" },
            Condition: { StringEquals: { "AWS:SourceArn": Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  test("a domain of one's own speaks TLS 1.2 or newer, has its DNS records, and becomes the public address", () => {
    const template = production.template("Edge");

    template.hasResourceProperties("AWS::CloudFront::Distribution", {
      DistributionConfig: {
        Aliases: ["tapi.example.com"],
        ViewerCertificate: { MinimumProtocolVersion: "TLSv1.2_2021", SslSupportMethod: "sni-only" },
        WebACLId: Match.anyValue(),
      },
    });
    for (const Type of ["A", "AAAA"]) {
      template.hasResourceProperties("AWS::Route53::RecordSet", {
        Name: "tapi.example.com.",
        HostedZoneId: "Z0123456789ABC",
        Type,
      });
    }
    // Those of the topology have names; beside them stands the one that hands the stack its secret.
    const named = { Properties: { FunctionName: Match.anyValue() } };
    const functions = Object.values(production.template("Functions").findResources("AWS::Lambda::Function", named));
    expect(functions.map(({ Properties }) => Properties.Environment.Variables.PUBLIC_URL)).toEqual(
      Object.keys(functionDeclarations).map(() => "https://tapi.example.com"),
    );
  });

  test("the firewall limits what one address may ask, and uses AWS's rules", () => {
    production.template("Edge").hasResourceProperties("AWS::WAFv2::WebACL", {
      Scope: "CLOUDFRONT",
      Rules: Match.arrayWith([
        Match.objectLike({ Action: { Block: {} }, Statement: { RateBasedStatement: Match.anyValue() } }),
        Match.objectLike({ Statement: { ManagedRuleGroupStatement: Match.anyValue() } }),
      ]),
    });
    expect(plain.resources("AWS::WAFv2::WebACL")).toEqual([]);
  });
});

describe("the APIs", () => {
  test("connect, disconnect and messages reach the socket function", () => {
    const keys = plain.resources("AWS::ApiGatewayV2::Route").map(({ Properties }) => Properties.RouteKey);

    expect(keys.sort()).toEqual(["$default", ...socketRoutes].sort());
  });

  test("both are throttled and log what was asked, but no query string, cookie, header or ticket", () => {
    const stages = plain.resources("AWS::ApiGatewayV2::Stage");

    expect(stages).toHaveLength(2);
    for (const { Properties } of stages) {
      const { Format } = Properties.AccessLogSettings as { Format: string };
      expect(Properties.DefaultRouteSettings).toEqual({ ThrottlingBurstLimit: 400, ThrottlingRateLimit: 200 });
      expect(JSON.parse(Format)).toMatchObject({ requestId: "$context.requestId", status: "$context.status" });
      expect(Format).not.toMatch(/queryString|cookie|header|protocol|authorizer|connectionId/i);
    }
  });
});

describe("production", () => {
  test("its table is protected; its table and key outlive their stacks, those of another stage do not", () => {
    production.template("Table").hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: { DeletionProtectionEnabled: true, TableName: "tapi-production" },
    });
    production.template("Tokens").hasResource("AWS::KMS::Key", { DeletionPolicy: "Retain" });
    production.template("Edge").hasResource("AWS::S3::Bucket", { DeletionPolicy: "Retain" });

    plain.template("Table").hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "Delete",
      Properties: { DeletionProtectionEnabled: false },
    });
    plain.template("Tokens").hasResource("AWS::KMS::Key", { DeletionPolicy: "Delete" });
  });
});

describe("settings", () => {
  test("what is missing is named at once, with its remedy", async () => {
    const attempt = synthesise({ stage: "local", environment: { EVE_CLIENT_ID: "", TAPI_DOMAIN: "tapi.example.com" } });

    await expect(attempt).rejects.toThrow(
      /EVE_CLIENT_ID: set it to the client id.*\n.*--stage.*\n.*TAPI_CERTIFICATE_ARN/,
    );
  });

  test("a firewall of our own is refused where CloudFront could not use it", async () => {
    const attempt = synthesise({ stage: "test", environment: { TAPI_WAF: "on", TAPI_REGION: "eu-west-1" } });

    await expect(attempt).rejects.toThrow(/TAPI_WAF/);
  });
});
