import { password, text } from "@clack/prompts";
import { SetupError } from "./setup-error.ts";

interface Question {
  /** The setting's name in `.env.<stage>` and in the environment. */
  name: string;
  flag: string;
  asks: string;
  suggestion?: string;
  needed: boolean;
}

/** What is asked, in this order. What is not asked is set by its flag or in the file (docs/deploy.md). */
export const questions: readonly Question[] = [
  {
    name: "TAPI_REGION",
    flag: "region",
    asks: "AWS region (eu-west-1 is nearest to ESI)",
    suggestion: "us-east-1",
    needed: true,
  },
  { name: "EVE_CLIENT_ID", flag: "client-id", asks: "Client ID of the EVE application", needed: true },
  { name: "CONTACT", flag: "contact", asks: "E-mail or Discord name that CCP can reach you by", needed: true },
  { name: "ADMIN_CHARACTER_IDS", flag: "admins", asks: "Character ids of administrators, by commas", needed: false },
  { name: "ALARM_EMAIL", flag: "alarm-email", asks: "E-mail address for alarms", needed: false },
];

/** Set by a flag or in the file, never asked. */
export const unasked = {
  domain: "TAPI_DOMAIN",
  certificate: "TAPI_CERTIFICATE_ARN",
  "hosted-zone": "TAPI_HOSTED_ZONE_ID",
} as const;

/** Asks a person; undefined where nobody is there to ask. */
export interface Asker {
  text(asks: string, suggestion?: string): Promise<string>;
  secret(asks: string): Promise<string>;
}

function answered(answer: string | symbol | undefined): string {
  if (typeof answer === "symbol")
    throw new SetupError("Stopped. Nothing of what you answered was kept; run this again to go on.");
  return answer ?? "";
}

export const terminalAsker: Asker = {
  text: async (message, suggestion) =>
    answered(await text({ message, ...(suggestion ? { placeholder: suggestion, defaultValue: suggestion } : {}) })),
  secret: async (message) => answered(await password({ message })),
};

/** The given settings with what was missing asked for. Throws one error that names all that nobody can be asked for. */
export async function complete(
  given: Readonly<Record<string, string>>,
  asker: Asker | undefined,
): Promise<Record<string, string>> {
  const settings = { ...given };
  const missing: string[] = [];
  for (const { name, flag, asks, suggestion, needed } of questions) {
    // Empty in the file: it was asked for before, and nothing was wanted.
    if (settings[name] || (settings[name] === "" && !needed)) continue;
    if (asker) settings[name] = (await asker.text(needed ? asks : `${asks} (none)`, suggestion)).trim();
    else if (needed) missing.push(`  --${flag} (${name}): ${asks}${suggestion ? `, for example ${suggestion}` : ""}`);
  }
  if (missing.length === 0) return settings;
  throw new SetupError(`These are missing, and nobody is there to be asked:\n${missing.join("\n")}`);
}
