interface Range {
  value: string;
  parameters: Map<string, string>;
  q: number;
}

const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/, "$1");

/** The members of an Accept or Accept-Encoding header (RFC 9110, section 12.5), names in lower case. */
function rangesOf(header: string): Range[] {
  return header.split(",").flatMap((member) => {
    const [value = "", ...rest] = member.split(";");
    if (value.trim() === "") return [];
    const parameters = new Map(
      rest.map((each) => {
        const [name = "", ...text] = each.split("=");
        return [name.trim().toLowerCase(), unquoted(text.join("="))] as const;
      }),
    );
    const q = Number(parameters.get("q") ?? 1);
    // Its older name (RFC 9110, section 8.4.1.3).
    const name = value
      .trim()
      .toLowerCase()
      .replace(/^x-gzip$/, "gzip");
    return [{ value: name, parameters, q: q >= 0 && q <= 1 ? q : 0 }];
  });
}

/**
 * The first of the codings, best one first, that a client takes and does not want less than the plain content; undefined
 * for the plain content, which is also what a client gets that takes nothing else that we have.
 */
export function codingFor<Coding extends string>(
  acceptEncoding: string | undefined,
  codings: readonly Coding[],
): Coding | undefined {
  const ranges = rangesOf(acceptEncoding ?? "");
  const weight = (coding: string): number | undefined =>
    (ranges.find(({ value }) => value === coding) ?? ranges.find(({ value }) => value === "*"))?.q;
  // Plain content need not be named to be taken.
  const plain = ranges.find(({ value }) => value === "identity")?.q ?? 0;
  const taken = codings.filter((coding) => (weight(coding) ?? 0) > 0 && (weight(coding) ?? 0) >= plain);
  return taken.sort((a, b) => (weight(b) ?? 0) - (weight(a) ?? 0))[0];
}

/** Whether a client asks for a media type with this profile, at least as much as for the same without. */
export function wantsProfile(accept: string | undefined, type: string, profile: string): boolean {
  const ranges = rangesOf(accept ?? "").filter(({ value }) => value === type);
  const best = (isWanted: (range: Range) => boolean) => Math.max(0, ...ranges.filter(isWanted).map(({ q }) => q));
  const isProfile = ({ parameters }: Range) => parameters.get("profile")?.toLowerCase() === profile;
  const wanted = best(isProfile);
  return wanted > 0 && wanted >= best((range) => !isProfile(range));
}
