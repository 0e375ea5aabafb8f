// The link checker itself: a checker that finds nothing would pass any site.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { scratch } from './harness.mjs';
import { checkLinks, cssAddresses } from './links.mjs';

const BASE = 'https://example.com/docs/';

/** The faults of a site of the given files. */
async function faults(t, site) {
  const out = await scratch(t);
  for (const [name, text] of Object.entries(site)) {
    await mkdir(dirname(join(out, name)), { recursive: true });
    await writeFile(join(out, name), text);
  }
  return (await checkLinks(out, BASE)).faults;
}

const sound = {
  'a/index.html': '<h1 id="top-of-a">A</h1><a href="../">home</a><a href="../old/#there">moved</a>',
  'b/index.html': '<h1 id="there">B</h1>',
  'old/index.html': '<meta http-equiv="refresh" content="0; url=../b/"><a href="../b/">B</a>',
  'style.css': '/* url(gone.png) */ body { background: url("i/one.svg") }',
  'i/one.svg': '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="s"/></svg>',
};

it('finds no fault in a sound site', async (t) => {
  const index = `<link rel="stylesheet" href="style.css"><a href="a/#top-of-a">a</a> <a href="/docs/b/">b</a> <a href="#top">up</a>
    <a href="${BASE}a/?q=1">a</a> <a href="https://example.org/x">far</a> <a href="mailto:a@example.com">mail</a>
    <img src="i/one.svg" srcset="i/one.svg 1x, /docs/i/one.svg 2x" alt=""> <svg><use href="i/one.svg#s"/></svg>
    <img src="data:image/svg+xml,%3Csvg%3E" alt=""> <template><a href="a/">a</a></template>`;
  assert.deepEqual(await faults(t, { ...sound, 'index.html': index }), []);
});

for (const [what, markup, expected] of [
  ['a page that is not there', '<a href="c/">', /no file c\/index\.html/],
  ['a fragment that is not there', '<a href="a/#gone">', /no id "gone" in a\/index\.html/],
  ['a fragment of this page', '<a href="#gone">', /no id "gone" in index\.html/],
  ['a fragment behind a redirect', '<a href="old/#gone">', /no id "gone" in b\/index\.html/],
  ['a folder without its slash', '<a href="a">', /lacks the final slash/],
  ['an address outside the site', '<a href="/a/">', /leaves the site's folder/],
  ['a path above the site', '<a href="../../a/">', /leaves the site's folder/],
  ['a full address of a missing page', `<a href="${BASE}c/">`, /no file c\/index\.html/],
  ['a script in a link', '<a href="javascript:alert(1)">', /protocol javascript:/],
  ['data behind a link', '<a href="data:text/html,x">', /a link to data/],
  ['an empty link', '<a href="">', /is empty/],
  ['what is not an address', '<a href="https://[">', /is not an address/],
  ['a picture', '<img src="i/two.svg">', /no file i\/two\.svg/],
  ['a candidate of a srcset', '<img src="i/one.svg" srcset="i/one.svg 1x, i/two.svg 2x">', /no file i\/two\.svg/],
  ['a symbol', '<svg><use href="i/one.svg#gone"/></svg>', /no id "gone" in i\/one\.svg/],
  ['an old-style symbol', '<svg><use xlink:href="i/one.svg#gone"/></svg>', /no id "gone" in i\/one\.svg/],
  ['a poster', '<video poster="i/two.svg">', /no file i\/two\.svg/],
  ['a style attribute', '<p style="background: url(i/two.svg)">', /no file i\/two\.svg/],
  ['a link in a template', '<template><a href="c/"></template>', /no file c\/index\.html/],
  ['an id given twice', '<p id="x"><p id="x">', /id "x" is given twice/],
  ['a redirect to nowhere', '<meta http-equiv="refresh" content="0; url=c/">', /no file c\/index\.html/],
]) {
  it(`finds ${what}`, async (t) => {
    const found = await faults(t, { ...sound, 'index.html': markup });
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0], expected);
  });
}

it('finds addresses in style sheets', async (t) => {
  assert.deepEqual(cssAddresses('@import "a.css"; p { background: url( b.png ), url(\'c d.png\') } /* url(e) */'), ['a.css', 'b.png', 'c d.png']);
  const found = await faults(t, { ...sound, 'index.html': '<p>', 'fonts/f.css': '@font-face { src: url(../gone.woff2) }' });
  assert.equal(found.length, 1);
  assert.match(found[0], /^fonts\/f\.css:0: .* no file gone\.woff2/);
});
