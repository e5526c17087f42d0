import { html, raw } from "hono/html";
import type { EsiParts } from "../esi/gateway.ts";
import { summary } from "./summary.ts";

const style = `
:root{color-scheme:dark;--line:#23303d;--dim:#8496a6;--accent:#4fb3d9}
*{box-sizing:border-box}
body{margin:0;background:#070b10;color:#d7e0e8;font:14px/1.5 system-ui,sans-serif}
main{max-width:1000px;margin:0 auto;padding:28px 20px}
h1{font-size:22px;margin:0 0 2px}h2{font-size:15px;margin:28px 0 8px}p{color:var(--dim);margin:0 0 14px}
table{border-collapse:collapse;width:100%}th,td{text-align:right;padding:6px 10px;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{text-align:left}th{color:var(--dim);font-weight:500}
button,select,input{background:#0f1922;border:1px solid var(--line);border-radius:6px;color:inherit;font:inherit;
padding:7px 12px}button{cursor:pointer}button:hover{border-color:var(--accent)}
.row{display:flex;flex-wrap:wrap;gap:8px;align-items:center}code{color:var(--accent)}
`;

const script = `
const call=async(method,path,body)=>{
  const answer=await fetch("/_control"+path,{method,headers:{"content-type":"application/json"},
    ...(body?{body:JSON.stringify(body)}:{})});
  if(!answer.ok)alert((await answer.json().catch(()=>({}))).error??answer.status);else location.reload();
};
for(const button of document.querySelectorAll("[data-advance]"))
  button.onclick=()=>call("POST","/clock",{advanceSeconds:Number(button.dataset.advance)});
for(const button of document.querySelectorAll("[data-remove]"))
  button.onclick=()=>call("DELETE","/faults/"+button.dataset.remove);
for(const button of document.querySelectorAll("[data-change]"))
  button.onclick=()=>call("POST",button.dataset.change,JSON.parse(button.dataset.body));
document.querySelector("#down").onclick=()=>call("POST","/downtime",{durationSeconds:300});
document.querySelector("form").onsubmit=(event)=>{
  event.preventDefault();
  const {kind,operationId,status}=Object.fromEntries(new FormData(event.target));
  call("POST","/faults",{kind,status:Number(status),...(operationId?{operationId}:{})});
};
`;

const steps = [
  { label: "+5 min", seconds: 300 },
  { label: "+1 h", seconds: 3600 },
  { label: "+1 day", seconds: 86_400 },
];

const figure = (value: number) => Math.round(value).toLocaleString("en");

function corporationRow({
  corporationId,
  name,
  ticker,
  memberCount,
  wallets,
  assets,
}: ReturnType<typeof summary>["corporations"][number]) {
  const isk = wallets.reduce((sum, { balance }) => sum + balance, 0);
  const join = JSON.stringify({ corporationId, join: 5 });
  const churn = JSON.stringify({ corporationId, changeFraction: 0.01 });
  return html`<tr><td>${name} [${ticker}]</td><td>${figure(memberCount)}</td><td>${figure(isk)}</td>
<td>${figure(assets.count)}</td><td><button data-change="/members" data-body="${join}">5 join</button>
<button data-change="/assets" data-body="${churn}">1 % of assets change</button></td></tr>`;
}

/** A small console for people: the world in figures, time, and what shall go wrong. */
export function controlPage({ simulation, faults, stats, readings }: EsiParts) {
  const { alliance, corporations, now, seed } = summary(simulation);
  const kinds = [
    "status",
    "latency",
    "rate_limited",
    "timeout",
    "reset",
    "malformed",
    "empty",
    "page_shift",
    "bad_row",
  ];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>New Eden</title><link rel="icon" href="data:,"><style>${raw(style)}</style></head><body><main>
<h1>New Eden</h1>
<p>A simulated EVE Online. Alliance ${alliance.name} [${alliance.ticker}], seed <code>${seed}</code></p>
<div class="row"><strong>${now}</strong>
${steps.map(({ label, seconds }) => html`<button data-advance="${seconds}">${label}</button>`)}
<button id="down">5 min downtime</button></div>
<h2>Corporations</h2>
<table><thead><tr><th>Corporation</th><th>Members</th><th>ISK</th><th>Assets</th><th></th></tr></thead>
<tbody>${corporations.map(corporationRow)}</tbody></table>
<h2>Faults</h2>
<form class="row">
<select name="kind" aria-label="Kind">${kinds.map((kind) => html`<option>${kind}</option>`)}</select>
<input name="operationId" placeholder="Operation id (all of ESI if empty)" size="44">
<input name="status" type="number" value="502" min="400" max="599" aria-label="Status">
<button>Switch on</button></form>
<table><tbody>${faults.list().map(
    ({ id, kind, operationId, struck }) => html`<tr><td>${kind} on ${operationId ?? "every route"}</td>
<td>${struck} tries</td><td><button data-remove="${id}">Switch off</button></td></tr>`,
  )}</tbody></table>
<h2>Requests</h2>
<p>${readings.early} before expiry · ${stats.sent429} refused with 429 · ${stats.sent420} with 420</p>
<table><tbody>${Object.entries(stats.requests).map(
    ([operationId, byStatus]) =>
      html`<tr><td>${operationId}</td><td>${Object.entries(byStatus)
        .map(([status, count]) => `${status}: ${count}`)
        .join(", ")}</td></tr>`,
  )}</tbody></table>
</main><script>${raw(script)}</script></body></html>`;
}
