import type { Context } from "hono";
import type { Simulation } from "../simulation.ts";
import { spec } from "../static-data/spec.ts";
import { pilots } from "../world/pilots.ts";
import { authorizePage } from "./authorize-page.ts";
import { clientId, isCallback } from "./clients.ts";
import type { TokenDesk } from "./token.ts";

const names = [
  "response_type",
  "client_id",
  "redirect_uri",
  "scope",
  "state",
  "code_challenge",
  "code_challenge_method",
] as const;

type Fields = Partial<Record<(typeof names)[number], string>>;

function knownScopes(): Record<string, string> {
  return spec().components.securitySchemes.OAuth2.flows.authorizationCode.scopes;
}

const scopesOf = (fields: Fields) => (fields.scope ?? "").split(/[\s+]+/).filter(Boolean);

/** What is wrong with a request, in words; the person stays here, since the callback cannot be trusted. */
function complaint(fields: Fields): string | undefined {
  if (fields.response_type !== "code") return "response_type must be code.";
  if (fields.client_id !== clientId) return `No such client; New Eden knows ${clientId}.`;
  if (!fields.redirect_uri || !isCallback(fields.redirect_uri)) return "redirect_uri must be a loopback address.";
  if (!fields.state) return "state is required.";
  if (fields.code_challenge && fields.code_challenge_method !== "S256") return "code_challenge_method must be S256.";
  const unknown = scopesOf(fields).find((scope) => scope !== "publicData" && !(scope in knownScopes()));
  return unknown ? `No such scope: ${unknown}.` : undefined;
}

function read(values: Record<string, unknown>): Fields {
  return Object.fromEntries(
    names.flatMap((name) => (typeof values[name] === "string" ? [[name, values[name]]] : [])),
  ) as Fields;
}

/** The page that asks whom to log in as. */
export function showAuthorize(c: Context, simulation: Simulation) {
  const fields = read(c.req.query());
  const wrong = complaint(fields);
  if (wrong) return c.text(wrong, 400);
  return c.html(
    authorizePage({
      pilots: pilots(simulation.world),
      scopes: scopesOf(fields),
      fields: fields as Record<string, string>,
    }),
  );
}

/** Someone was chosen: back to the application with a code. */
export async function authorize(c: Context, { simulation, codes, confidences }: TokenDesk) {
  const form = { ...c.req.query(), ...(await c.req.parseBody()) };
  const fields = read(form);
  const wrong = complaint(fields);
  if (wrong) return c.text(wrong, 400);
  const characterId = Number((form as Record<string, unknown>).character_id);
  if (!simulation.world.people.get(characterId)) return c.text("No such pilot.", 400);
  const target = new URL(fields.redirect_uri as string);
  const code = codes.issue(
    {
      characterId,
      clientId,
      scopes: scopesOf(fields),
      redirectUri: fields.redirect_uri as string,
      codeChallenge: fields.code_challenge,
    },
    simulation.clock.now(),
  );
  confidences.note("codes", code);
  confidences.note("states", fields.state);
  target.searchParams.set("code", code);
  target.searchParams.set("state", fields.state as string);
  return c.redirect(target.href, 302);
}
