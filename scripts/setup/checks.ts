import { askAws } from "../../infra/aws.ts";
import { requireConcurrency } from "../../infra/quota.ts";
import { engines } from "../../package.json";
import { SetupError } from "./setup-error.ts";

const numbers = (version: string): number[] => (version.match(/\d+/g) ?? []).map(Number);

/** Node as package.json asks for it. */
export function checkNode(version: string): string {
  const [wanted = 0, wantedMinor = 0] = numbers(engines.node);
  const [major = 0, minor = 0] = numbers(version);
  if (major > wanted || (major === wanted && minor >= wantedMinor)) return `Node ${version}`;
  throw new SetupError(
    `This is Node ${version}; TAPI needs ${wanted}.${wantedMinor} or newer. Install one from https://nodejs.org and run this again.`,
  );
}

export interface Account {
  id: string;
  who: string;
}

const anew = "Log in anew (aws sso login), or set AWS_PROFILE or new keys, and run this again.";

/** What AWS's names for refused credentials mean, with the remedy. */
const refusals: Record<string, string> = {
  ExpiredToken: `Your AWS credentials have expired. ${anew}`,
  ExpiredTokenException: `Your AWS credentials have expired. ${anew}`,
  InvalidClientTokenId: `AWS does not know your access key: it was deleted, or belongs to another part of AWS. ${anew}`,
  SignatureDoesNotMatch: `Your secret access key does not belong to your access key, or this machine's clock is wrong. ${anew}`,
};

/** What a failed first request to AWS is about: credentials, the region, or the network. */
function explain(error: unknown, region: string): SetupError {
  const { name = "", code = "", message = "" } = error as { name?: string; code?: string; message?: string };
  const known = refusals[name];
  if (known) return new SetupError(known, { cause: error });
  if (/^(Credentials|Token)ProviderError$/.test(name)) {
    return new SetupError(`No usable AWS credentials were found (${message}). ${anew}`, { cause: error });
  }
  if (code === "ENOTFOUND") {
    const remedy = "Is it the name of a region (us-east-1, eu-west-1), and is this machine online?";
    return new SetupError(`Nothing of AWS answers in the region "${region}". ${remedy}`, { cause: error });
  }
  return new SetupError(`AWS does not say whose credentials these are: ${name}: ${message}`, { cause: error });
}

/** Whose credentials these are, by STS in the region that will be used. */
export async function checkCredentials(region: string): Promise<Account> {
  try {
    const { Account = "", Arn = "" } = await askAws<{ Account?: string; Arn?: string }>(
      "sts",
      "GetCallerIdentity",
      {},
      region,
    );
    return { id: Account, who: Arn };
  } catch (error) {
    throw explain(error, region);
  }
}

export async function checkQuota(region: string): Promise<string> {
  await requireConcurrency(region);
  return "Lambda's quota is enough";
}

export interface EveClient {
  ssoUrl: string;
  clientId: string;
  clientSecret: string;
}

const applications = "https://developers.eveonline.com";

/**
 * Asks EVE's SSO for the tokens of a grant that nobody was given. The SSO knows the client before it looks at the grant, so
 * that it refuses a wrong client as such and a right one for the grant (RFC 6749, section 5.2).
 */
export async function checkEveClient({ ssoUrl, clientId, clientSecret }: EveClient): Promise<string> {
  const response = await fetch(`${ssoUrl}/v2/oauth/token`, {
    method: "POST",
    redirect: "manual",
    headers: {
      accept: "application/json",
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      "user-agent": "TAPI setup",
    },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: "a-grant-of-nobody" }),
    signal: AbortSignal.timeout(20_000),
  }).catch((error: unknown) => {
    throw new SetupError(`EVE's SSO at ${ssoUrl} does not answer. Is this machine online? Run this again later.`, {
      cause: error,
    });
  });
  const body = (await response.json().catch(() => undefined)) as { error?: string } | undefined;
  const code = body?.error ?? "no error code";
  if (code === "invalid_grant" || code === "invalid_token") return `EVE knows the application ${clientId}`;
  if (response.status === 401 || code === "invalid_client" || code === "unauthorized_client") {
    throw new SetupError(
      `EVE does not know the application ${clientId} with this secret. ` +
        `Copy Client ID and Secret Key once more from ${applications}, and give the secret anew.`,
    );
  }
  throw new SetupError(
    `EVE's SSO answers ${response.status} (${code}), which does not tell whether it knows the application. ` +
      "Run this again later, or pass this check by with --skip-client-check.",
  );
}
