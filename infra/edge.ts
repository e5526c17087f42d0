import { RemovalPolicy } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IResponseHeadersPolicy,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from "aws-cdk-lib/aws-route53";
import { CloudFrontTarget } from "aws-cdk-lib/aws-route53-targets";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { type App, type Stack, type StackContext, use } from "sst/constructs";
import { originSecretHeader, viewerAddressHeader, viewerHostHeader } from "../packages/functions/src/edge-headers.ts";
import { httpPaths } from "../packages/functions/src/topology.ts";
import { Endpoints } from "./endpoints.ts";
import { webAclArn } from "./firewall.ts";
import { addHeadersPolicy } from "./headers.ts";
import { addOriginSecret } from "./origin-secret.ts";
import { type Domain, readSettings } from "./settings.ts";

/**
 * Pages are paths without a file ending, and all are the one document. An error page in place of this function would
 * also replace the API's own 403 and 404 answers.
 */
const routePages = `function handler(event) {
  var request = event.request;
  if (request.uri.split("/").pop().indexOf(".") === -1) request.uri = "/index.html";
  return request;
}
`;

const addBucket = (stack: Stack, production: boolean): Bucket =>
  new Bucket(stack, "SiteFiles", {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    autoDeleteObjects: !production,
    removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });

function fileBehaviors(stack: Stack, bucket: Bucket, responseHeadersPolicy: IResponseHeadersPolicy) {
  const files: BehaviorOptions = {
    origin: S3BucketOrigin.withOriginAccessControl(bucket),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    responseHeadersPolicy,
    compress: true,
  };
  const router = new EdgeFunction(stack, "RoutePages", {
    code: FunctionCode.fromInline(routePages),
    runtime: FunctionRuntime.JS_2_0,
  });
  return {
    document: {
      ...files,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      functionAssociations: [{ function: router, eventType: FunctionEventType.VIEWER_REQUEST }],
    },
    hashed: { ...files, cachePolicy: CachePolicy.CACHING_OPTIMIZED },
  };
}

/** Writes down who asks and at which host, over whatever a client wrote there; `event.viewer.ip` is the connection's own. */
const nameViewer = `function handler(event) {
  event.request.headers["${viewerAddressHeader}"] = { value: event.viewer.ip };
  event.request.headers["${viewerHostHeader}"] = { value: event.request.headers.host.value };
  return event.request;
}
`;

/**
 * Everything reaches the handler but `Host`, by which API Gateway finds the API; nothing is cached. The secret tells the
 * handler that a request came this way, and that the viewer's address is true.
 */
const apiBehavior = (
  stack: Stack,
  { host, secret }: { host: string; secret: string },
  responseHeadersPolicy: IResponseHeadersPolicy,
): BehaviorOptions => ({
  origin: new HttpOrigin(host, {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    customHeaders: { [originSecretHeader]: secret },
  }),
  functionAssociations: [
    {
      function: new EdgeFunction(stack, "NameViewer", {
        code: FunctionCode.fromInline(nameViewer),
        runtime: FunctionRuntime.JS_2_0,
      }),
      eventType: FunctionEventType.VIEWER_REQUEST,
    },
  ],
  viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
  allowedMethods: AllowedMethods.ALLOW_ALL,
  cachePolicy: CachePolicy.CACHING_DISABLED,
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  responseHeadersPolicy,
  compress: false,
});

/** CloudFront's own domain speaks older TLS as well and cannot be told otherwise; a domain of one's own can. */
const ownDomain = (stack: Stack, domain: Domain) => ({
  domainNames: [domain.name],
  certificate: Certificate.fromCertificateArn(stack, "Certificate", domain.certificateArn),
  minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
});

function addDnsRecords(stack: Stack, domain: Domain, distribution: Distribution): void {
  if (!domain.hostedZoneId) return;
  const zone = HostedZone.fromHostedZoneAttributes(stack, "Zone", {
    hostedZoneId: domain.hostedZoneId,
    zoneName: domain.name,
  });
  // The trailing dot says that the name is complete, whatever the zone is called.
  const record = {
    zone,
    recordName: `${domain.name}.`,
    target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)),
  };
  new ARecord(stack, "Ipv4", record);
  new AaaaRecord(stack, "Ipv6", record);
}

function addDistribution(app: App, stack: Stack) {
  const { domain, firewall, production } = readSettings(app);
  const bucket = addBucket(stack, production);
  const { httpHost, socketUrl } = use(Endpoints);
  const headers = addHeadersPolicy(stack, socketUrl);
  const { document, hashed } = fileBehaviors(stack, bucket, headers);
  const api = apiBehavior(stack, { host: httpHost, secret: addOriginSecret(app, stack, { owner: true }) }, headers);
  const webAcl = webAclArn(stack, firewall);
  const distribution = new Distribution(stack, "Distribution", {
    comment: `${app.name} ${app.stage}`,
    defaultBehavior: document,
    additionalBehaviors: { "/assets/*": hashed, ...Object.fromEntries(httpPaths.map((path) => [path, api])) },
    httpVersion: HttpVersion.HTTP2_AND_3,
    priceClass: PriceClass.PRICE_CLASS_100,
    ...(webAcl ? { webAclId: webAcl } : {}),
    ...(domain ? ownDomain(stack, domain) : {}),
  });
  if (domain) addDnsRecords(stack, domain, distribution);
  return {
    bucket,
    distribution,
    publicUrl: `https://${domain?.name ?? distribution.distributionDomainName}`,
  };
}

/** One origin for browsers: the web app's files, and the API beside them. */
export function Edge({ app, stack }: StackContext) {
  // Under `sst dev` the web app runs on the developer's machine and passes API requests on.
  if (app.mode === "dev") return { site: undefined, publicUrl: "http://localhost:5173" };
  const { publicUrl, ...site } = addDistribution(app, stack);
  stack.addOutputs({ Url: publicUrl, DistributionDomain: site.distribution.distributionDomainName });
  return { site, publicUrl };
}
