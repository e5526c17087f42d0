import { HttpApi, type IHttpApi, WebSocketApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { StackContext } from "sst/constructs";
import { socketStage } from "../packages/functions/src/topology.ts";

/** Addresses of the HTTP and the WebSocket API, needed by everyone who names them; `Api` says who answers there. */
export function Endpoints({ app, stack }: StackContext) {
  const http = new HttpApi(stack, "Http", { apiName: `${app.name}-${app.stage}`, createDefaultStage: false });
  const sockets = new WebSocketApi(stack, "Sockets", { apiName: `${app.name}-${app.stage}-sockets` });
  const host = (apiId: string) => `${apiId}.execute-api.${stack.region}.${stack.urlSuffix}`;
  return {
    // CDK's own class and interface differ under exactOptionalPropertyTypes.
    http: http as IHttpApi,
    sockets,
    httpHost: host(http.apiId),
    socketUrl: `wss://${host(sockets.apiId)}/${socketStage}`,
    managementEndpoint: `https://${host(sockets.apiId)}/${socketStage}`,
  };
}
