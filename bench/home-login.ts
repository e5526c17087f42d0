/** One pilot's browser: keeps cookies for the web app, and chooses the pilot on New Eden's page. */
function browserOf(web: string, characterId: number) {
  const jar = new Map<string, string>();
  const ask = async (url: string, init: RequestInit = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: url.startsWith(web) ? { cookie } : {} });
    for (const set of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (set.split(";")[0] ?? "").split(/=(.*)/s);
      jar.set(name, value);
    }
    await response.arrayBuffer();
    const location = response.headers.get("location");
    return location === null ? undefined : new URL(location, url).href;
  };
  return async (path: string): Promise<string> => {
    const authorize = await ask(`${web}${path}`);
    if (!authorize) throw new Error(`${path} leads nowhere`);
    const form = new URLSearchParams({ character_id: String(characterId) });
    const callback = await ask(authorize, { method: "POST", body: form });
    return (callback && (await ask(callback))) ?? "";
  };
}

/** Logs in as a corporation's CEO and adds the corporation, through the product's own pages. */
export async function addCorporation(web: string, characterId: number): Promise<void> {
  const open = browserOf(web, characterId);
  await open("/api/v1/auth/login");
  const page = await open("/api/v1/auth/login?purpose=corporation");
  if (!/\/corporations\/\d+$/.test(page)) throw new Error(`the corporation of ${characterId} was not added: ${page}`);
}
