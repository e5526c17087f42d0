import { askAws } from "../../infra/aws.ts";
import type { FunctionName } from "../../packages/functions/src/topology.ts";
import { physicalName } from "./deployment.ts";

interface Statement {
  Action: string | string[];
}

/** Takes the statements with an action out of a function's role; what puts them back. */
export async function takeStatementAway(name: FunctionName, action: string): Promise<() => Promise<void>> {
  const { Role } = await askAws<{ Role: string }>("lambda", "GetFunctionConfiguration", {
    FunctionName: physicalName(name),
  });
  const RoleName = Role.split("/").at(-1);
  const { PolicyNames } = await askAws<{ PolicyNames: string[] }>("iam", "ListRolePolicies", { RoleName });
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) =>
      askAws<{ PolicyDocument: string }>("iam", "GetRolePolicy", { RoleName, PolicyName }).then(
        ({ PolicyDocument }) => ({
          PolicyName,
          document: JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: Statement[] },
        }),
      ),
    ),
  );
  const put = (PolicyName: string, document: object) =>
    askAws("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument: JSON.stringify(document) });
  let taken = 0;
  for (const { PolicyName, document } of policies) {
    const left = document.Statement.filter(({ Action }) => ![Action].flat().includes(action));
    taken += document.Statement.length - left.length;
    await put(PolicyName, { ...document, Statement: left });
  }
  if (taken === 0) throw new Error(`${name} has no statement with ${action}`);
  return async () => {
    for (const { PolicyName, document } of policies) await put(PolicyName, document);
  };
}
