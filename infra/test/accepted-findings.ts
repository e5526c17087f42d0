/** What cdk-nag's AwsSolutions rules find and we leave as it is, each with its reason. The test wants no other finding. */
export interface Accepted {
  rule: string;
  /** Path of the construct below its stack; for wildcard findings also what the wildcard is in. */
  where: RegExp;
  reason: string;
}

export const accepted: Accepted[] = [
  {
    rule: "AwsSolutions-S1",
    where: /^Edge\/SiteFiles\//,
    reason: "The bucket holds the public web app and answers CloudFront only: its access log would say nothing.",
  },
  {
    rule: "AwsSolutions-CFR1",
    where: /^Edge\/Distribution\//,
    reason: "EVE is played everywhere.",
  },
  {
    rule: "AwsSolutions-CFR2",
    where: /^Edge\/Distribution\//,
    reason: "A firewall costs more than an idle stack: TAPI_WAF turns it on. The APIs are throttled without it, too.",
  },
  {
    rule: "AwsSolutions-CFR3",
    where: /^Edge\/Distribution\//,
    reason: "CloudFront's log would keep query strings, which carry the login's code and state. The API logs paths.",
  },
  {
    rule: "AwsSolutions-CFR4",
    where: /^Edge\/Distribution\//,
    reason: "The default certificate of *.cloudfront.net has no minimum but TLS 1.0; TAPI_DOMAIN asks for TLS 1.2.",
  },
  {
    rule: "AwsSolutions-APIG4",
    where: /^Api\/(HttpRoute|Socket-\$connect|Socket-\$disconnect|Socket-\$default)\//,
    reason: "The handlers check the session cookie and the socket's one-use ticket; visitors are served as well.",
  },
  {
    rule: "AwsSolutions-IAM4",
    where: /^Api\/LoggingRole\//,
    reason: "The role that API Gateway's account setting asks for, with the one policy AWS makes for it.",
  },
  {
    rule: "AwsSolutions-IAM4",
    where: /^Site\/CustomResourceHandler\//,
    reason: "SST's own handler, which uploads the site during a deployment; it may write its log.",
  },
  {
    rule: "AwsSolutions-IAM5",
    where: /^Site\/Web\/S3UploaderPolicy\/.*\/\*$/,
    reason:
      "The uploader reads the assets of a deployment and writes the files of the site's bucket, whatever they are.",
  },
  {
    rule: "AwsSolutions-IAM5",
    where: /^Functions\/(socket|realtime)-role\/.*:<Sockets\w+>\/live\/(POST|DELETE)\/@connections\/\*$/,
    reason: "Connections come and go; the wildcard stands for their ids, in our own API, for posting and for closing.",
  },
];
