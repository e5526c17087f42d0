/** A refusal in the service's own words: becomes the error that the AWS SDK throws. */
export class ServiceError extends Error {
  /** The error's shape, e.g. `QueueDoesNotExist`: the SDK's `error.name`. */
  readonly type: string;
  readonly status: number;
  /** The code of the older Query protocol, where it differs from the shape's name. */
  readonly queryCode: string | undefined;

  constructor(type: string, message: string, options: { status?: number; queryCode?: string } = {}) {
    super(message);
    this.type = type;
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode;
  }
}
