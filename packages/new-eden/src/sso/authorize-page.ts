import { html, raw } from "hono/html";
import type { Pilot } from "../world/pilots.ts";

const style = `
:root{color-scheme:dark;--line:#23303d;--text:#d7e0e8;--dim:#8496a6;--accent:#4fb3d9}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:radial-gradient(circle at 50% -10%,#16283a,#070b10 60%) fixed;color:var(--text);
font:15px/1.45 system-ui,sans-serif}
main{max-width:880px;margin:0 auto;padding:40px 20px 80px}
h1{font-size:24px;font-weight:600;margin:0}h2{font-size:14px;color:var(--dim);margin:28px 0 10px;font-weight:600}
p{color:var(--dim);margin:6px 0 20px}
details{border:1px solid var(--line);border-radius:8px;padding:10px 14px;margin-bottom:18px;color:var(--dim)}
details code{display:block;font-size:12px;margin-top:4px}
input[type=search]{width:100%;padding:11px 14px;border-radius:8px;border:1px solid var(--line);background:#0c141c;
color:inherit;font:inherit}
input[type=search]:focus,button:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.pilots{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:10px}
button{display:flex;gap:12px;align-items:center;width:100%;padding:10px 12px;border:1px solid var(--line);border-radius:8px;
background:#0f1922;color:inherit;font:inherit;text-align:left;cursor:pointer}
button:hover{border-color:var(--accent);background:#132230}
.portrait{flex:none;width:42px;height:42px;border-radius:6px;display:grid;place-items:center;font-weight:700;color:#fff}
.name{display:block;font-weight:600}.position{color:var(--dim);font-size:13px}
section[hidden],button[hidden]{display:none}
`;

const script = `
const search=document.querySelector("input[type=search]");
search.addEventListener("input",()=>{
  const text=search.value.trim().toLowerCase();
  for(const section of document.querySelectorAll("section")){
    let shown=0;
    for(const button of section.querySelectorAll("button")){
      button.hidden=!button.dataset.search.includes(text);
      if(!button.hidden)shown++;
    }
    section.hidden=shown===0;
  }
});
search.addEventListener("keydown",(event)=>{
  if(event.key!=="Enter")return;
  event.preventDefault();
  document.querySelector("section:not([hidden]) button:not([hidden])")?.click();
});
`;

function initials(name: string): string {
  return name
    .split(" ")
    .map((part) => part[0] ?? "")
    .join("")
    .slice(0, 2);
}

function pilotButton({ characterId, name, corporationName, position }: Pilot) {
  const hue = (characterId * 47) % 360;
  const portrait = `background:linear-gradient(135deg,hsl(${hue} 45% 38%),hsl(${(hue + 60) % 360} 45% 22%))`;
  return html`<button
    name="character_id"
    value="${characterId}"
    data-character-id="${characterId}"
    data-search="${`${name} ${corporationName} ${position}`.toLowerCase()}"
  >
    <span class="portrait" style="${portrait}" aria-hidden="true">${initials(name)}</span>
    <span><span class="name">${name}</span><span class="position">${position}</span></span>
  </button>`;
}

interface AuthorizePage {
  pilots: readonly Pilot[];
  scopes: readonly string[];
  /** Everything the form must carry on: the authorize request's own parameters. */
  fields: Record<string, string>;
}

/** Where a person chooses whom to be. */
export function authorizePage({ pilots, scopes, fields }: AuthorizePage) {
  const corporations = new Map<string, Pilot[]>();
  for (const pilot of pilots) {
    const { corporationName } = pilot;
    corporations.set(corporationName, [...(corporations.get(corporationName) ?? []), pilot]);
  }
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>New Eden · log in</title><link rel="icon" href="data:,"><style>${raw(style)}</style>
</head>
<body><main>
<h1>Choose your pilot</h1>
<p>This is a simulated EVE Online login: everyone here is invented, no password is asked.</p>
<details><summary>The application asks for ${scopes.length} ${scopes.length === 1 ? "scope" : "scopes"}</summary>
${scopes.map((scope) => html`<code>${scope}</code>`)}</details>
<form method="post" action="/v2/oauth/authorize">
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<input type="search" placeholder="Search pilots, corporations, positions" aria-label="Search pilots" autofocus>
${[...corporations].map(
  ([name, members]) => html`<section><h2>${name}${members[0] ? ` [${members[0].ticker}]` : ""}</h2>
<div class="pilots">${members.map(pilotButton)}</div></section>`,
)}
</form></main><script>${raw(script)}</script></body></html>`;
}
