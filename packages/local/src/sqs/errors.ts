import { ServiceError } from "../wire/service-error.ts";

const legacy = (code: string) => ({ queryCode: `AWS.SimpleQueueService.${code}` });

/** A value that SQS rejects in its own general words; the SDK has no class for it. */
export const invalidParameter = (reason: string) =>
  new ServiceError("InvalidParameterValueException", reason, { queryCode: "InvalidParameterValue" });

export const missingParameter = (name: string) =>
  new ServiceError("MissingParameterException", `The request must contain the parameter ${name}.`, {
    queryCode: "MissingParameter",
  });

export const queueDoesNotExist = () =>
  new ServiceError("QueueDoesNotExist", "The specified queue does not exist.", legacy("NonExistentQueue"));

export const queueNameExists = (attribute: string) =>
  new ServiceError(
    "QueueNameExists",
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    { queryCode: "QueueAlreadyExists" },
  );

export const messageNotInFlight = () =>
  new ServiceError("MessageNotInflight", "The message is not in flight.", legacy("MessageNotInflight"));

export const receiptHandleInvalid = (handle: string) =>
  new ServiceError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not a valid receipt handle.`);

export const invalidContents = () =>
  new ServiceError(
    "InvalidMessageContents",
    "Invalid characters found. Valid unicode characters are those of XML 1.0.",
  );

export const overLimit = (reason: string) => new ServiceError("OverLimit", reason, { status: 403 });

export const purgeInProgress = (name: string) =>
  new ServiceError("PurgeQueueInProgress", `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`, {
    status: 403,
    ...legacy("PurgeQueueInProgress"),
  });

export const resourceNotFound = (reason: string) =>
  new ServiceError("ResourceNotFoundException", reason, { status: 404 });

export const invalidAttributeName = (name: string) =>
  new ServiceError("InvalidAttributeName", `Unknown Attribute ${name}.`);

export const invalidAttributeValue = (name: string, why: string) =>
  new ServiceError("InvalidAttributeValue", `Invalid value for the parameter ${name}. Reason: ${why}`);

export const batchError = (code: string, message: string) => new ServiceError(code, message, legacy(code));
