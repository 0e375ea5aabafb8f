// What all layouts share: from an id to its page, to those who refer to it, and to the claims and
// steps that do; made once a build.
export const KINDS = {
  personas: 'Personas', journeys: 'Journeys', kpis: 'KPIs', evidence: 'Evidence', segments: 'Segments', teams: 'Teams',
};
export const CLAIMS = ['goals', 'needs', 'motivations', 'pains', 'expectations', 'behaviours'];

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const esc = (text) => String(text ?? '').replace(/[&<>"]/g, (c) => ESCAPES[c]);
export const label = (key) => esc(key[0].toUpperCase() + key.slice(1).replaceAll('_', ' '));

let known;
let from;
export function site(entities) {
  // A preview builds again with another list.
  if (from !== entities) [known, from] = [gather(entities), entities];
  return known;
}

function gather(entities) {
  const pages = new Map();
  const mentions = new Map();
  const claims = new Map();
  const steps = new Map();
  const kinds = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, []]));
  for (const item of entities) {
    pages.set(item.fileSlug, item);
    kinds[item.data.folder].push(item);
  }
  for (const kind of Object.values(kinds)) kind.sort((a, b) => (a.data.name < b.data.name ? -1 : 1));
  const put = (map, id, value) => (map.has(id) ? map.get(id).push(value) : map.set(id, [value]));
  for (const item of entities) {
    const { data } = item;
    const seen = new Set();
    const all = (ids) => ids?.forEach((id) => seen.add(id));
    const claim = (map, ids, field, anchor, text) => {
      all(ids);
      ids?.forEach((id) => put(map, id, { item, field, anchor, text }));
    };
    all(data.owner && [data.owner]);
    for (const field of ['segments', 'evidence', 'kpis', 'personas']) if (Array.isArray(data[field])) all(data[field]);
    if (data.quote) claim(claims, [data.quote.evidence], 'Quote', 'quote', data.quote.text);
    for (const field of CLAIMS) {
      for (const c of data[field] ?? []) {
        claim(claims, c.evidence, label(field), c.id, c.text);
        all(c.kpis);
      }
    }
    for (const stage of data.stages ?? []) {
      for (const step of stage.steps) {
        claim(claims, step.evidence, 'Step', step.id, step.action);
        claim(steps, step.kpis, 'Step', step.id, step.action);
      }
    }
    for (const id of seen) put(mentions, id, item);
  }
  return { pages, mentions, claims, steps, kinds };
}

export const link = (item) => `<a href="${item.url}">${esc(item.data.name)}</a>`;

export function refs(known, ids) {
  const found = ids.map((id) => {
    const item = known.pages.get(id);
    if (!item) throw new Error(`there is no page "${id}"`);
    return link(item);
  });
  return `<span class="refs">${found.join('')}</span>`;
}

export function facts(values) {
  const shown = Object.entries(values).filter(([, value]) => value);
  return `<dl>${shown.map(([key, value]) => `<dt>${label(key)}</dt><dd>${esc(Array.isArray(value) ? value.join(', ') : value)}</dd>`).join('')}</dl>`;
}

export const item = (known, entry) => {
  const { data } = entry;
  const badges = [data.market, data.stance, data.status, data.method, data.cadence].filter(Boolean).map((b) => `<span>${esc(b)}</span>`).join('');
  return `<li>${link(entry)}<p>${esc(data.summary)}</p><p class="badges">${badges}${data.segments ? refs(known, data.segments) : ''}</p></li>`;
};

const menus = new Map();
function menu(known, here) {
  if (menus.get(here)?.known !== known) {
    const links = Object.entries(KINDS).map(([kind, title]) => `<li><a href="/${kind}/"${kind === here ? ' aria-current="page"' : ''}>${title}</a> ${known.kinds[kind].length}</li>`);
    menus.set(here, { known, text: `<header><a href="/">Persona library</a>\n<nav><ul>${links.join('')}</ul></nav></header>` });
  }
  return menus.get(here).text;
}

export function frame(known, { title, summary, here, path, main }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${esc(title)} · Persona library</title>
${summary ? `<meta name="description" content="${esc(summary)}">` : ''}
<link rel="stylesheet" href="/style.css">
</head>
<body>
${menu(known, here)}
<main>
${main}
</main>
<footer>Persona library${path ? ` · <code>${esc(path)}</code>` : ''}</footer>
</body>
</html>
`;
}
