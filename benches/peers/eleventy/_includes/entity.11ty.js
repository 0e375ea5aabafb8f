// The page of an entity of any kind.
import { readFileSync } from 'node:fs';
import { CLAIMS, KINDS, esc, facts, frame, label, link, refs, site } from './site.js';

// Lists of those who refer to something end here, as Personary's do.
const CITED = 150;
const LISTED = 60;

const cited = (list) => `<ul>${list.slice(0, CITED).map(({ item, field, anchor, text }) => `<li>${link(item)}, ${field}: <a href="${item.url}#${anchor}">${esc(text)}</a></li>`).join('')}</ul>`;
const list = (values) => `<ul>${values.map((value) => `<li>${esc(value)}</li>`).join('')}</ul>`;
const meter = (value, min, max) => `<meter min="${min}" max="${max}" value="${value}">${value}</meter>`;

function claims(known, all) {
  const one = (c) => `<li id="${c.id}">${esc(c.text)}${c.severity ? ` <em>${c.severity}</em>` : ''}${
    c.evidence ? refs(known, c.evidence) : ' <em>assumption</em>'}${c.kpis ? refs(known, c.kpis) : ''}</li>`;
  return `<ul>${all.map(one).join('')}</ul>`;
}

function persona(known, p) {
  const told = CLAIMS.filter((field) => p[field]);
  const all = told.flatMap((field) => p[field]);
  return `<p class="badges">${[p.market, p.stance, p.status, p.basis].map((b) => `<span>${esc(b)}</span>`).join('')}</p>
<p>${esc(p.summary)}</p>
<blockquote id="quote">${esc(p.quote.text)} ${refs(known, [p.quote.evidence])}</blockquote>
${p.negative ? `<h2>Why not to serve</h2>${facts(p.negative)}` : ''}
<h2>Facts</h2>
${facts({ last_reviewed: p.last_reviewed, lifecycle: p.lifecycle })}
<p>Owner ${refs(known, [p.owner])} Segments ${refs(known, p.segments)}</p>
${facts(p.demographics)}
<h2>Channels</h2>${list(p.channels.preferred)}${meter(p.channels.online_share, 0, 100)}
<h2>Traits</h2>
<dl>${Object.entries(p.traits).map(([name, value]) => `<dt>${label(name)}</dt><dd>${meter(value, 1, 5)}</dd>`).join('')}</dl>
${told.map((field) => `<section><h2>${label(field)}</h2>${claims(known, p[field])}</section>`).join('\n')}
<p>${all.filter((c) => c.evidence).length} of ${all.length} claims rest on evidence.</p>
${p.b2b ? `<h2>At work</h2>${facts(p.b2b)}` : ''}${p.b2c ? `<h2>At home</h2>${facts(p.b2c)}` : ''}
${p.content}
<h2>Evidence</h2>${refs(known, p.evidence)}
<h2>KPIs</h2>${refs(known, p.kpis ?? [])}`;
}

function journey(known, p) {
  const steps = p.stages.flatMap((stage) => stage.steps);
  const points = steps.map((step, at) => `${50 + 100 * at},${100 - 40 * step.emotion}`);
  const step = (s) => `<div id="${s.id}"><h3>${esc(s.action)}</h3>
<p>${esc(s.thought)}</p><p>${s.emotion} · ${esc(s.channel)}</p>
<h4>Pains</h4>${list(s.pains)}<h4>Opportunities</h4>${list(s.opportunities)}
<p>KPIs ${refs(known, s.kpis)}</p><p>Evidence ${refs(known, s.evidence)}</p></div>`;
  return `<p>${esc(p.scenario)}</p>
<p>${esc(p.expectations)}</p>
<p>Personas ${refs(known, p.personas)} Owner ${refs(known, [p.owner])}</p>
${facts({ state: p.state, status: p.status, last_reviewed: p.last_reviewed })}
<svg viewBox="0 0 ${100 * steps.length} 200" role="img" aria-label="How it feels"><polyline points="${points.join(' ')}"/></svg>
${p.stages.map((stage) => `<section><h2 id="${stage.id}">${esc(stage.name)}</h2><p>${esc(stage.lifecycle)}</p>
${stage.steps.map(step).join('\n')}</section>`).join('\n')}
${p.content}`;
}

function kpi(known, p, id) {
  const rows = readFileSync(`assets/kpis/${p.measurements}`, 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
  const series = new Map();
  for (const [, who, value] of rows) series.set(who, [...series.get(who) ?? [], value]);
  const periods = [...new Set(rows.map(([period]) => period))];
  const line = (values) => values.map((v, at) => `${(600 * at / (values.length - 1)).toFixed(1)},${(100 - v).toFixed(1)}`).join(' ');
  const felt = known.steps.get(id);
  return `<p>${esc(p.summary)}</p>
<p class="latest">${series.get('*').at(-1)} ${esc(p.unit)}</p>
${facts({ kind: p.kind, class: p.class, direction: p.direction, cadence: p.cadence, target: `${p.target.value} by ${p.target.by}`, warn: p.thresholds.warn, bad: p.thresholds.bad })}
<p>Owner ${refs(known, [p.owner])}</p>
<svg viewBox="0 0 600 100" role="img" aria-label="${esc(p.name)}">
${[...series.values()].map((values) => `<polyline points="${line(values)}"/>`).join('')}
</svg>
<table><thead><tr><th>Period</th>${[...series.keys()].map((who) => `<th>${who === '*' ? 'All' : refs(known, [who])}</th>`).join('')}</tr></thead>
<tbody>${periods.map((period, at) => `<tr><th>${period}</th>${[...series.values()].map((values) => `<td>${values[at]}</td>`).join('')}</tr>`).join('')}</tbody></table>
<p><a href="/kpis/${p.measurements}">CSV</a></p>
${felt ? `<h2>Where it is felt</h2>${cited(felt)}` : ''}
${p.content}`;
}

function evidence(known, p, id) {
  const resting = known.claims.get(id);
  return `<p>${esc(p.summary)}</p>
${facts({ method: p.method, population: p.population, n: p.n, collected: `${p.collected.from} to ${p.collected.to}` })}
<p>Owner ${refs(known, [p.owner])}</p>
${resting ? `<h2>What rests on it</h2>${cited(resting)}` : ''}
${p.content}`;
}

const other = (known, p) => `<p>${esc(p.summary)}</p>
${p.contact ? `<p>${esc(p.contact)}</p>` : ''}${p.owner ? `<p>Owner ${refs(known, [p.owner])}</p>` : ''}
${p.content}`;

const BODIES = { personas: persona, journeys: journey, kpis: kpi, evidence };

export function render(data) {
  const known = site(data.collections.entities);
  const id = data.page.fileSlug;
  const mentions = known.mentions.get(id) ?? [];
  const groups = Object.entries(KINDS).map(([kind, title]) => [title, mentions.filter((m) => m.data.folder === kind)]).filter(([, found]) => found.length);
  const back = groups.map(([title, found]) => `<h3>${title}</h3><ul>${found.slice(0, LISTED).map((m) => `<li>${link(m)}</li>`).join('')}</ul>`);
  const main = `<h1>${esc(data.name)}</h1>
${(BODIES[data.folder] ?? other)(known, data, id)}
${back.length ? `<section><h2>Referred to by</h2>${back.join('')}</section>` : ''}`;
  return frame(known, { title: data.name, summary: data.summary, here: data.folder, path: data.page.inputPath, main });
}
