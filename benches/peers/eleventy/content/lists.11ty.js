// The list of each kind.
import { KINDS, frame, item, site } from '../_includes/site.js';

export const data = {
  kinds: Object.keys(KINDS),
  pagination: { data: 'kinds', size: 1, alias: 'listed' },
  permalink: ({ listed }) => `/${listed}/`,
  layout: null,
};

export function render({ collections, listed }) {
  const known = site(collections.entities);
  const title = KINDS[listed];
  const entries = known.kinds[listed].map((entry) => item(known, entry));
  return frame(known, { title, here: listed, main: `<h1>${title}</h1>\n<ul class="index">\n${entries.join('\n')}\n</ul>` });
}
