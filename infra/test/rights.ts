import type { Synthesised } from "./synthesise.ts";

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

export const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** CloudFormation's references written out, so that an ARN reads as one text: `{Log.Arn}`, `{stack:Export}`. */
export const flat = (value: unknown): string => {
  if (typeof value === "string") return value;
  const [[kind, argument] = ["", ""]] = Object.entries(value as Record<string, unknown>);
  if (kind === "Fn::Join") return ((argument as [string, unknown[]])[1] ?? []).map(flat).join("");
  return `{${list(argument).join(".")}}`;
};

const known: [RegExp, string][] = [
  [/^{test-tapi-Table:ExportsOutputFnGetAttTable\w+}\/index\/lookup$/, "lookup"],
  [/^{test-tapi-Table:ExportsOutputFnGetAttTable\w+}$/, "table"],
  [/^{test-tapi-Tokens:ExportsOutputFnGetAttTokenKey\w+}$/, "key"],
  [/^{test-tapi-Alarms:ExportsOutputRefTopic\w+}$/, "alarms"],
  [/^{test-tapi-Queues:ExportsOutputFnGetAtt(\w+)[0-9A-F]{8}Arn[0-9A-F]{8}}$/, "queue/$1"],
  [/^{\w+log\w+\.Arn}$/, "log"],
  [/^.*:execute-api:us-east-1:123456789012:{test-tapi-Endpoints:ExportsOutputRefSockets\w+}\//, "sockets/"],
  [/^arn:{AWS::Partition}:ssm:us-east-1:123456789012:/, "ssm:"],
];

const named = (resource: string) => known.reduce((text, [pattern, name]) => text.replace(pattern, name), resource);

/** The statements of the role of a function. */
export function statementsOf(cloud: Synthesised, name: string): Statement[] {
  const template = cloud.template("Functions");
  const found = template.findResources("AWS::Lambda::Function", { Properties: { FunctionName: `tapi-test-${name}` } });
  const [roleId] = Object.values(found)[0]?.Properties.Role["Fn::GetAtt"] ?? [];
  // What does not fit into a role's own policy CDK puts into a managed one.
  const policies = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"].flatMap((type) =>
    Object.values(template.findResources(type, { Properties: { Roles: [{ Ref: roleId }] } })),
  );
  return policies.flatMap((each) => each.Properties.PolicyDocument.Statement as Statement[]);
}

/** All that a function of the topology may do: action and resource, e.g. `dynamodb:GetItem table`, in order. */
export function rightsOf(cloud: Synthesised, name: string): string[] {
  const allowed = statementsOf(cloud, name).filter(({ Effect }) => Effect === "Allow");
  const lines = allowed.flatMap(({ Action, Resource }) =>
    list(Action).flatMap((action) => list(Resource).map((resource) => `${action} ${named(flat(resource))}`)),
  );
  return [...new Set(lines)].sort();
}
