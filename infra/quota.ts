import { functions, queues } from "../packages/functions/src/topology.ts";
import { askAws } from "./aws.ts";

const quotaPage = (region: string): string =>
  `https://${region}.console.aws.amazon.com/servicequotas/home/services/lambda/quotas/L-B99A9384`;

/** SQS takes no mapping of a queue to a function that may run fewer than twice at a time. */
const leastOfMapping = 2;

/** So many functions must be able to run at once: each queue's workers, and every function once for whoever else calls it. */
export const leastConcurrency = leastOfMapping * Object.keys(queues).length + Object.keys(functions).length;

/** New accounts begin with a quota of ten: the queues' workers would leave nothing for the API, and messages would die. */
export async function requireConcurrency(region: string): Promise<void> {
  const { AccountLimit } = await askAws<{ AccountLimit?: { ConcurrentExecutions?: number } }>(
    "lambda",
    "GetAccountSettings",
    {},
    region,
  );
  const limit = AccountLimit?.ConcurrentExecutions ?? 0;
  if (limit >= leastConcurrency) return;
  throw new Error(
    `This account may run ${limit} Lambda functions at once in ${region}; TAPI needs ${leastConcurrency}. ` +
      `Ask for 1,000 (free, usually granted within a day): ${quotaPage(region)}`,
  );
}
