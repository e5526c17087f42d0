import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import * as Actor from "../../platform/actor/index.ts";
import { get } from "../../platform/config/index.ts";

// API Gateway's side of a connection: sending to it and ending it. It knows none of our rows.

let cached: { client: ApiGatewayManagementApiClient; endpoint: string } | undefined;

function management(): ApiGatewayManagementApiClient {
  const endpoint = get().SOCKET_MANAGEMENT_ENDPOINT;
  if (cached?.endpoint !== endpoint) cached = { client: new ApiGatewayManagementApiClient({ endpoint }), endpoint };
  return cached.client;
}

/** Sends to one connection; false if it is gone. */
export async function post(connectionId: string, payload: Uint8Array): Promise<boolean> {
  Actor.assertSystem();
  try {
    await management().send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: payload }));
    return true;
  } catch (error) {
    if (error instanceof GoneException) return false;
    throw error;
  }
}

/** RFC 6455, 7.4.1: the other side violated a policy. */
const policyViolation = "1008";

export interface Closing {
  /** The other side abused the socket. AWS cannot tell it: its API takes no close code. */
  forAbuse?: boolean;
}

/** Ends a connection, if it is still there. */
export async function hangUp(connectionId: string, { forAbuse = false }: Closing): Promise<void> {
  Actor.assertSystem();
  const command = new DeleteConnectionCommand({ ConnectionId: connectionId });
  if (forAbuse) {
    command.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers["x-close-code"] = policyViolation;
        return next(args);
      },
      { step: "build" },
    );
  }
  await management()
    .send(command)
    .catch((error: unknown) => {
      if (!(error instanceof GoneException)) throw error;
    });
}
