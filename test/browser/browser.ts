import { type Browser, type BrowserContext, chromium, type Page, type Request, type Response } from "playwright-core";

const imageHost = "https://images.evetech.net/";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  // Pages in the background must be as live as the one in front.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

export function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH;
  if (!executablePath) throw new Error("Set CHROMIUM_PATH to a Chromium; npm test finds or installs one.");
  return chromium.launch({ executablePath, args: quiet });
}

/** Somebody with a browser of their own: everything in it that went wrong, and every secret that passed through it. */
export interface Visitor {
  context: BrowserContext;
  open(): Promise<Page>;
  /** Errors on the console (violations of the content security policy among them), failed requests, strange hosts. */
  troubles: string[];
  /** Cookies and tickets, by what they are. */
  secrets: { kind: string; value: string }[];
}

interface VisitorOptions {
  viewport: { width: number; height: number };
  /** A screen to be tapped on. */
  touch?: boolean;
  /** Whether a console message or an answer is part of what the test does. */
  expected?: (trouble: string) => boolean;
}

export async function openVisitor(browser: Browser, options: VisitorOptions): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: options.viewport,
    hasTouch: options.touch ?? false,
    locale: "en-GB",
    timezoneId: "UTC",
  });
  // The machine may be busy with other tests; what is broken fails by what it shows, not by how long it takes.
  context.setDefaultTimeout(90_000);
  // Nothing outside this machine is asked; the pages must be good without portraits.
  await context.route(`${imageHost}**`, (route) => route.abort());
  const troubles: string[] = [];
  const secrets: Visitor["secrets"] = [];
  const note = (trouble: string) => {
    if (!options.expected?.(trouble)) troubles.push(trouble);
  };
  context.on("console", (message) => {
    const { url } = message.location();
    if (message.type() !== "error" || url.startsWith(imageHost) || isSimulators(url)) return;
    note(`console: ${message.text()} (${pathOf(url)})`);
  });
  context.on("weberror", (error) => note(`uncaught: ${error.error().stack ?? error.error().message}`));
  context.on("request", (request) => {
    if (!isOwn(request)) note(`strange host: ${request.url()}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 500) note(`${response.status()} ${response.request().method()} ${pathOf(response.url())}`);
    void remember(response, secrets).catch(() => undefined);
  });
  return { context, open: () => context.newPage(), troubles, secrets };
}

/** Adding a corporation is refused once, which is how the page learns that a director's scopes have to be asked for. */
export const isRequestForScopes = (trouble: string): boolean =>
  trouble.startsWith("console: Failed to load resource") && trouble.endsWith("403 (Forbidden) (/api/v1/corporations)");

const isSimulators = (url: string) => url.startsWith("http://127.0.0.1:");

const isOwn = (request: Request) =>
  request.url().startsWith(imageHost) ||
  /^(https?|wss?):\/\/(localhost|127\.0\.0\.1):|^data:|^blob:/.test(request.url());

const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : url);

async function remember(response: Response, secrets: Visitor["secrets"]): Promise<void> {
  for (const { name, value } of await response.headersArray()) {
    if (name.toLowerCase() !== "set-cookie") continue;
    const [, cookie, content] = /^([^=]+)=([^;]*)/.exec(value) ?? [];
    if (cookie && content) secrets.push({ kind: `cookie ${cookie.replace(/^(tapi-login)-.*/, "$1")}`, value: content });
  }
  if (response.url().endsWith("/socket/ticket") && response.status() === 201) {
    const { data } = (await response.json()) as { data: { ticket: string } };
    secrets.push({ kind: "socket ticket", value: data.ticket });
  }
}
