import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The part of AWS that setup asks: who one is, how many functions may run, a secret, which stacks stand. */
export interface SmallAws {
  url: string;
  /** What STS refuses everybody with. */
  refusal: string | undefined;
  concurrency: number;
  parameters: Map<string, string>;
  /** Outputs of the complete stacks, by their names. */
  stacks: Map<string, Record<string, string>>;
  /** Everything it was asked that changes something. */
  changes: string[];
  close(): void;
}

const xmlError = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>Refused.</Message></Error></ErrorResponse>`;

const identity = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>
  <Arn>arn:aws:iam::123456789012:user/ann</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;

const stackXml = (
  name: string,
  outputs: Record<string, string>,
) => `<DescribeStacksResponse><DescribeStacksResult><Stacks>
  <member><StackName>${name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${Object.entries(outputs)
    .map(([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`)
    .join("")}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

interface Answer {
  status: number;
  body: string;
}

function answerQuery(aws: SmallAws, form: URLSearchParams): Answer {
  if (form.get("Action") === "GetCallerIdentity") {
    return aws.refusal ? { status: 403, body: xmlError(aws.refusal) } : { status: 200, body: identity };
  }
  const name = form.get("StackName") ?? "";
  const outputs = aws.stacks.get(name);
  return outputs ? { status: 200, body: stackXml(name, outputs) } : { status: 400, body: xmlError("ValidationError") };
}

function answerSsm(aws: SmallAws, operation: string, { Name, Value }: Record<string, string>): Answer {
  if (operation === "PutParameter") {
    aws.changes.push(`PutParameter ${Name}`);
    aws.parameters.set(Name ?? "", Value ?? "");
    return { status: 200, body: "{}" };
  }
  const kept = aws.parameters.get(Name ?? "");
  return kept === undefined
    ? { status: 400, body: JSON.stringify({ __type: "ParameterNotFound" }) }
    : { status: 200, body: JSON.stringify({ Parameter: { Value: kept } }) };
}

export async function startSmallAws(): Promise<SmallAws> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const target = String(request.headers["x-amz-target"] ?? "");
    const { status, body: text } = request.url?.endsWith("/account-settings")
      ? { status: 200, body: JSON.stringify({ AccountLimit: { ConcurrentExecutions: aws.concurrency } }) }
      : target
        ? answerSsm(aws, target.split(".")[1] ?? "", JSON.parse(body))
        : answerQuery(aws, new URLSearchParams(body));
    response.writeHead(status, { "content-type": text.startsWith("<") ? "text/xml" : "application/x-amz-json-1.1" });
    response.end(text);
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const aws: SmallAws = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusal: undefined,
    concurrency: 1000,
    parameters: new Map(),
    stacks: new Map(),
    changes: [],
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return aws;
}
