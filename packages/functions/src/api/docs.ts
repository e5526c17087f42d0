import { html } from "hono/html";
import type { Document, Operation } from "./openapi.ts";

const operation = (method: string, path: string, { summary, description, parameters, responses }: Operation) => html`
  <section>
    <h2><b>${method.toUpperCase()}</b> <code>${path}</code></h2>
    <p>${summary}. ${description ?? ""}</p>
    ${parameters.map(
      (each) =>
        html`<li><code>${each.name}</code> in ${each.in}${each.required ? ", required" : ""} ${each.description ?? ""}</li>`,
    )}
    <p>${Object.entries(responses).map(([status, { description }]) => html`<span title="${description}">${status}</span> `)}</p>
  </section>`;

/** The API's documentation as one page without any script, made from its OpenAPI description. */
export const docsPage = ({ info, paths }: Document) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${info.title}</title>
    <style>
      body { margin: 2rem auto; max-width: 54rem; padding: 0 1rem; background: #0b0e13; color: #d6dbe4; font: 15px/1.5 system-ui, sans-serif; }
      section { border-top: 1px solid #232a36; padding: 0.5rem 0; }
      h2 { font-size: 1rem; margin: 0.4rem 0; } h2 b { color: #6cb6ff; display: inline-block; min-width: 4.5rem; }
      code { font-family: ui-monospace, monospace; } a { color: #6cb6ff; } p, li { margin: 0.2rem 0; color: #98a2b3; }
    </style>
  </head>
  <body>
    <h1>${info.title} <small>${info.version}</small></h1>
    <p>${info.description} Machine-readable: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
    ${Object.entries(paths).map(([path, methods]) => Object.entries(methods).map(([method, each]) => operation(method, path, each)))}
  </body>
</html>`;
