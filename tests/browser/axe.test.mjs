// Every type of page in a real browser: accessible in light and dark, never wider than the
// screen, and readable without scripts.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import { KINDS, browser, build, field, files, host, project, published, route } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let chrome;
let site;
/** Type of page → its route. */
let pages;

before(async () => {
  const folder = await project(shared);
  const out = await build(shared, folder);
  site = await host(shared, out);
  chrome = await browser(shared);
  pages = await pageTypes(folder, out);
});

after(async () => {
  for (const release of cleanups) await release();
});

/** One page of every type; the longest of its kind, which shows the most. */
async function pageTypes(folder, out) {
  const types = { home: '' };
  const entities = await published(folder);
  for (const [kind, below] of Object.entries(KINDS)) {
    const ofKind = entities.filter((entity) => entity.kind === kind);
    assert.ok(ofKind.length > 0, `the sample has no published ${kind}`);
    types[`index of ${below}`] = `${below}/`;
    const longest = (some) => some.reduce((one, other) => (other.text.length > one.text.length ? other : one));
    if (kind === 'persona') {
      const negative = ofKind.filter((entity) => field(entity.text, 'stance') === 'negative');
      const b2c = ofKind.filter((entity) => field(entity.text, 'market') === 'b2c' && !negative.includes(entity));
      const b2b = ofKind.filter((entity) => field(entity.text, 'market') === 'b2b' && !negative.includes(entity));
      assert.ok(negative.length > 0 && b2c.length > 0 && b2b.length > 0, 'the sample lacks a negative, a B2B or a B2C persona');
      types['B2B persona'] = longest(b2b).route;
      types['B2C persona'] = longest(b2c).route;
      types['negative persona'] = longest(negative).route;
    } else {
      types[kind] = longest(ofKind).route;
    }
  }
  const free = (await files(out)).filter((name) => /^pages\/.+\.html$/.test(name) && name !== 'pages/index.html');
  assert.ok(free.length > 0, 'the sample has no free page');
  types['free page'] = route(free[0]);
  types['field reference'] = 'fields/';
  types['not found'] = '404.html';
  for (const [type, path] of Object.entries(types)) {
    assert.ok(existsSync(join(out, path.endsWith('.html') ? path : `${path}index.html`)), `${type}: no page ${path}`);
  }
  return types;
}

async function open(t, options) {
  const context = await chrome.newContext({ reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  return context.newPage();
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 390]) {
    describe(`${colorScheme}, ${width} px wide`, () => {
      it('has no accessibility violation', { timeout: 300_000 }, async (t) => {
        const page = await open(t, { colorScheme, viewport: { width, height: 900 } });
        // One mistake in a template shows on many pages: told once, with all places.
        const found = new Map();
        for (const [type, path] of Object.entries(pages)) {
          await page.goto(site.url + path, { waitUntil: 'load' });
          // Closed parts are read too, by whoever opens them.
          await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
          await page.evaluate(axe.source);
          const { violations } = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values } }), TAGS);
          for (const { id, impact, help, nodes } of violations) {
            const rule = `${id} [${impact}] ${help}`;
            if (!found.has(rule)) found.set(rule, { on: new Set(), places: [] });
            found.get(rule).on.add(type);
            for (const { target, any } of nodes) found.get(rule).places.push(`/${path} ${target.join(' ')}${any[0] ? `: ${any[0].message}` : ''}`);
          }
        }
        const lines = [...found].map(
          ([rule, { on, places }]) => `${rule}\n    on ${[...on].join(', ')}\n    ${places.slice(0, 8).join('\n    ')}\n    ${places.length} places in all`,
        );
        assert.equal(lines.length, 0, `${lines.length} rules are broken:\n  ${lines.join('\n  ')}`);
      });
    });
  }
}

describe('a narrow screen', () => {
  for (const width of [390, 320]) {
    it(`of ${width} px shows every page without scrolling sideways`, { timeout: 300_000 }, async (t) => {
      const page = await open(t, { viewport: { width, height: 800 } });
      const findings = [];
      for (const [type, path] of Object.entries(pages)) {
        await page.goto(site.url + path, { waitUntil: 'load' });
        await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
        const { wide, clientWidth, culprits } = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.scrollingElement;
          const beyond = [...document.body.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > clientWidth + 1);
          return {
            wide: scrollWidth,
            clientWidth,
            culprits: beyond.slice(0, 3).map((each) => `<${each.tagName.toLowerCase()} class="${each.getAttribute('class') ?? ''}">`),
          };
        });
        if (wide > clientWidth) findings.push(`${type} (/${path}): ${wide} px, ${culprits.join(', ')}`);
      }
      assert.equal(findings.length, 0, `pages are too wide:\n  ${findings.join('\n  ')}`);
    });
  }
});

describe('without scripts', () => {
  it('the main content is the same text', { timeout: 300_000 }, async (t) => {
    const [scripted, plain] = [await open(t), await open(t, { javaScriptEnabled: false })];
    const findings = [];
    for (const [type, path] of Object.entries(pages)) {
      const texts = [];
      for (const page of [scripted, plain]) {
        await page.goto(site.url + path, { waitUntil: 'load' });
        texts.push(await mainText(page));
      }
      const [withScripts, without] = texts;
      if (without.length === 0) findings.push(`${type} (/${path}): no text in main`);
      const odd = without.findIndex((line, n) => line !== withScripts[n]);
      if (odd >= 0) findings.push(`${type} (/${path}): "${without[odd]}" but with scripts "${withScripts[odd] ?? ''}"`);
      else if (withScripts.length > without.length) findings.push(`${type} (/${path}): only with scripts "${withScripts[without.length]}"`);
    }
    assert.equal(findings.length, 0, `main content differs:\n  ${findings.join('\n  ')}`);
  });

  it('every page can be reached by links', async (t) => {
    const page = await open(t, { javaScriptEnabled: false });
    await page.goto(site.url, { waitUntil: 'load' });
    const found = await page.locator('a[href]').evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
    for (const path of ['/personas/', '/journeys/', '/kpis/', '/fields/']) assert.ok(found.includes(path), `home has no link to ${path}`);
  });
});

/** The visible texts of `main`, without the controls that only scripts make useful. */
function mainText(page) {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const { parentElement: element, data } = walker.currentNode;
      const text = data.replace(/\s+/g, ' ').trim();
      if (text === '' || element.closest('form, button, [role=search], output, [role=status], script, style, noscript')) continue;
      if (element.checkVisibility({ checkVisibilityCSS: true })) found.push(text);
    }
    return found;
  });
}
