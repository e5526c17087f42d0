import type { Context } from "aws-lambda";
import type { Invocation } from "./worker-protocol.ts";

const refuse = () => {
  throw new Error("Handlers answer with a promise; callbacks left with the nodejs24.x runtime.");
};

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export function lambdaContext({ id, functionName, timeoutMs, memoryMb }: Invocation): Context {
  // Real time: the function's own time limit does not follow the simulated clock.
  const deadline = performance.now() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: String(memoryMb),
    awsRequestId: id,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "local",
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    done: refuse,
    fail: refuse,
    succeed: refuse,
  };
}
