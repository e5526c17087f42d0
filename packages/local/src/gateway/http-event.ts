import type { APIGatewayProxyEventV2 } from "aws-lambda";

export interface HttpRequest {
  method: string;
  /** Path and query as they stood on the request line. */
  target: string;
  /** Name and value by turns, as Node gives them. */
  rawHeaders: string[];
  body: Buffer;
  sourceIp: string;
  requestId: string;
  protocol: "http" | "https";
}

/**
 * A request as the HTTP API hands it to Lambda, payload format 2.0. Two habits of the real one are kept on purpose:
 * `rawPath` arrives percent-decoded, and every body whose type is not text, JSON, XML or JavaScript (a form's, and
 * one without a type, included) arrives as base64.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toHttpEvent(request: HttpRequest): APIGatewayProxyEventV2 {
  const [path = "/", query = ""] = splitOnce(request.target, "?");
  const { headers, cookies } = readHeaders(request);
  const rawPath = decode(path);
  const now = new Date();
  const text = isText(headers["content-type"]);
  const domainName = (headers.host ?? "localhost").replace(/:\d+$/, "");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString: query,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(query ? { queryStringParameters: readQuery(query) } : {}),
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      domainName,
      domainPrefix: domainName.split(".")[0] ?? domainName,
      http: {
        method: request.method,
        path: rawPath,
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: request.requestId,
      routeKey: "$default",
      stage: "$default",
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(request.body.length > 0 ? { body: request.body.toString(text ? "utf8" : "base64") } : {}),
    isBase64Encoded: request.body.length > 0 && !text,
  };
}

/** Names in lower case, repeated ones joined by a comma; cookies apart, one entry each. */
function readHeaders({ rawHeaders, body, sourceIp, protocol }: HttpRequest) {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    if (name === "cookie") cookies.push(...value.split(/;\s*/).filter(Boolean));
    else if (!hopByHop.has(name) && !saysWhoAsked(name))
      headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  headers["content-length"] ??= String(body.length);
  headers["x-forwarded-for"] = sourceIp;
  headers["x-forwarded-port"] = headers.host?.match(/:(\d+)$/)?.[1] ?? (protocol === "https" ? "443" : "80");
  headers["x-forwarded-proto"] = protocol;
  return { headers, cookies };
}

/** Anybody can write these: what a trusted proxy said in them is in `sourceIp` already. */
const saysWhoAsked = (name: string) => name === "forwarded" || name.startsWith("x-forwarded-");

const hopByHop = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "te",
  "trailer",
  "proxy-connection",
]);

function readQuery(query: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    values[name] = name in values ? `${values[name]},${value}` : value;
  }
  return values;
}

const textTypes = new Set(["application/json", "application/xml", "application/javascript"]);

function isText(contentType: string | undefined): boolean {
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  return type.startsWith("text/") || textTypes.has(type);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function splitOnce(value: string, separator: string): [string, string] {
  const at = value.indexOf(separator);
  return at < 0 ? [value, ""] : [value.slice(0, at), value.slice(at + 1)];
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `12/Mar/2020:19:03:58 +0000` */
export function commonLogTime(date: Date): string {
  const [day, time] = date.toISOString().split("T");
  const [year, month, dayOfMonth] = (day ?? "").split("-");
  return `${dayOfMonth}/${months[Number(month) - 1]}/${year}:${time?.slice(0, 8)} +0000`;
}
