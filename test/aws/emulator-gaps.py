"""What the emulator (ministack 1.5.33) does not do as AWS does; loaded as its `sitecustomize` (emulator.ts).

- SQS has no action for a batch: AWS authorises SendMessageBatch as sqs:SendMessage. The emulator asks for the batch's name.
- KMS gives policies the encryption context of a request (kms:EncryptionContext:<key>, kms:EncryptionContextKeys). The
  emulator gives none, so that a statement on one condition of them allows nothing.
- API Gateway answers at the names that it gives out, and CloudFront reaches it there. The emulator has names of its own, and
  its CloudFront refuses every origin under one of AWS's, so that nothing leaves for AWS; here they lead back to the emulator.
- A WebSocket that $connect refuses is refused with the status that the function answers. The emulator answers 403 to all.
- CloudFront reads a bucket over TLS. The emulator reads it as if without, which buckets refuse.
- /health is a path of the app; the emulator keeps it for itself at every name.
"""

import contextvars
import json
import os
import re

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import apigateway, cloudfront

extract_iam_action = iam_actions.extract_iam_action
request_tag_context = iam_actions.request_tag_context
origin_connect_target = cloudfront._origin_connect_target
handle_websocket = apigateway.handle_websocket
invoke_ws_lambda = apigateway._invoke_ws_lambda

connect_status = contextvars.ContextVar("connect_status", default=200)


def action_of_batch(service, *request):
    action = extract_iam_action(service, *request)
    return action.removesuffix("Batch") if action and service == "sqs" else action


def with_encryption_context(service, iam_action, body, params):
    context = request_tag_context(service, iam_action, body, params)
    if service != "kms":
        return context
    given = json.loads(body or b"{}").get("EncryptionContext") or {}
    pairs = {f"kms:EncryptionContext:{key}": value for key, value in given.items()}
    return {**context, **pairs, "kms:EncryptionContextKeys": list(given) or None}


def api_is_here(origin, viewer_is_https):
    if ".execute-api." in origin["domain_name"]:
        return "127.0.0.1", int(os.environ["GATEWAY_PORT"]), True
    return origin_connect_target(origin, viewer_is_https)


async def invoke_and_remember(*call, **options):
    answer = await invoke_ws_lambda(*call, **options)
    connect_status.set(int((answer or {}).get("statusCode", 200)))
    return answer


async def refuse_with_status(scope, receive, send, *rest, **options):
    async def send_refusal(message):
        status = connect_status.get()
        if message["type"] == "websocket.close" and status >= 300:
            await apigateway._refuse_ws_handshake(scope, send, status, "", "", "")
        else:
            await send(message)

    await handle_websocket(scope, receive, send_refusal, *rest, **options)


iam_actions.extract_iam_action = action_of_batch
iam_actions.request_tag_context = with_encryption_context
cloudfront._origin_connect_target = api_is_here
app._EXECUTE_API_RE = re.compile(r"^([a-f0-9]{8})\.execute-api\.us-east-1\.amazonaws\.com(?::\d+)?$")
apigateway._invoke_ws_lambda = invoke_and_remember
apigateway.handle_websocket = refuse_with_status
iam_evaluator._request_origin = contextvars.ContextVar("request_origin", default=("127.0.0.1", True))
app._HEALTH_PATHS = ("/_ministack/health",)
