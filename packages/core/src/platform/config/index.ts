// The settings of this process, and what follows from them. Only this module reads the environment.

export { eveClientSecret } from "./secret.ts";
export {
  type Config,
  ConfigError,
  deadLetterQueueUrl,
  get,
  parse,
  prefix,
  queueUrl,
  reset,
  userAgent,
} from "./settings.ts";
