"""What the emulator (ministack 1.5.33) does not know of IAM; loaded as its `sitecustomize` (emulator.ts).

- SQS has no action for a batch: AWS authorises SendMessageBatch as sqs:SendMessage. The emulator asks for the batch's name.
- KMS gives policies the encryption context of a request (kms:EncryptionContext:<key>, kms:EncryptionContextKeys). The
  emulator gives none, so that a statement on one condition of them allows nothing.
"""

import json

from ministack.core import iam_actions

extract_iam_action = iam_actions.extract_iam_action
request_tag_context = iam_actions.request_tag_context


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


iam_actions.extract_iam_action = action_of_batch
iam_actions.request_tag_context = with_encryption_context
