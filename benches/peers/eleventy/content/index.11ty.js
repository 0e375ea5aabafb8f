// The home page.
import { KINDS, frame, item, site } from '../_includes/site.js';

export const data = { permalink: '/', layout: null };

export function render({ collections }) {
  const known = site(collections.entities);
  const counts = Object.entries(KINDS).map(([kind, title]) => `<li><a href="/${kind}/">${title}</a> ${known.kinds[kind].length}</li>`);
  const first = known.kinds.personas.slice(0, 12).map((entry) => item(known, entry));
  const main = `<h1>Persona library</h1>\n<ul class="counts">${counts.join('')}</ul>\n<h2>Personas</h2>\n<ul>${first.join('')}</ul>`;
  return frame(known, { title: 'Persona library', main });
}
