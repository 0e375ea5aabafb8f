// Every type of page in a real browser: accessible in light and dark, never wider than the
// screen, and readable without scripts.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import { KINDS, TAGS, browser, build, field, files, host, project, published, route } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };

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
      types['card of a persona'] = `${longest(b2b).route}card/`;
      types['card of a negative persona'] = `${longest(negative).route}card/`;
    } else {
      types[kind] = longest(ofKind).route;
    }
  }
  const free = (await files(out)).filter((name) => /^pages\/.+\.html$/.test(name) && name !== 'pages/index.html');
  assert.ok(free.length > 0, 'the sample has no free page');
  types['free page'] = route(free[0]);
  types['field reference'] = 'fields/';
  types['A–Z index'] = 'a-z/';
  types.search = 'search/';
  types.rules = 'rules/';
  types.health = 'health/';
  types.traceability = 'traceability/';
  types.comparing = 'compare/';
  types['three compared'] = 'compare/?p=amara-nwosu&p=imogen-clarke&p=victor-strand';
  types['a comparison'] = 'compare/amara-nwosu/imogen-clarke/';
  types.finder = 'finder/';
  types.coverage = 'coverage/';
  types['personas by lifecycle'] = 'coverage/lifecycle/';
  types['personas by KPI'] = 'coverage/kpis/';
  types['feelings by touchpoint'] = 'coverage/touchpoints/';
  types.opportunities = 'coverage/opportunities/';
  types.channels = 'channels/';
  types.channel = 'channels/app/';
  types.rule = 'rules/stale-evidence/';
  types['not found'] = '404.html';
  for (const [type, path] of Object.entries(types)) {
    const file = path.replace(/\?.*/, '');
    assert.ok(existsSync(join(out, file.endsWith('.html') ? file : `${file}index.html`)), `${type}: no page ${path}`);
  }
  return types;
}

async function open(t, options) {
  const context = await chrome.newContext({ reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  return context.newPage();
}

/** Opens every type of page, two at a time, with all parts unfolded: they are read too, by whoever opens them. */
async function visit(t, options, look) {
  const left = Object.entries(pages);
  const tab = async () => {
    const page = await open(t, options);
    for (let next = left.shift(); next; next = left.shift()) {
      const [type, path] = next;
      await page.goto(site.url + path, { waitUntil: 'load' });
      // The menu lies over the page while it is open: once is enough.
      const folded = type === 'home' ? 'details' : 'details:not(.menu)';
      await page.evaluate((folded) => document.querySelectorAll(folded).forEach((each) => (each.open = true)), folded);
      if (path.includes('?') && options.javaScriptEnabled !== false) await page.waitForSelector('#compared table');
      await look(page, type, path);
    }
  };
  await Promise.all([tab(), tab()]);
}

const SCHEMES = {
  light: { type: 'tag', values: TAGS },
  // What else the rules look at is the same in both schemes.
  dark: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
};

for (const width of [1280, 390]) {
  it(`has no accessibility violation in light and dark, ${width} px wide`, { timeout: 300_000 }, async (t) => {
    // One mistake in a template shows on many pages: told once, with all places.
    const found = new Map();
    await visit(t, { viewport: { width, height: 900 } }, async (page, type, path) => {
      await page.evaluate(axe.source);
      for (const [colorScheme, runOnly] of Object.entries(SCHEMES)) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }), runOnly);
        for (const { id, impact, help, nodes } of violations) {
          const rule = `${id} [${impact}] ${help}`;
          if (!found.has(rule)) found.set(rule, { on: new Set(), places: [] });
          found.get(rule).on.add(`${type} (${colorScheme})`);
          for (const { target, any } of nodes) found.get(rule).places.push(`/${path} ${target.join(' ')}${any[0] ? `: ${any[0].message}` : ''}`);
        }
      }
    });
    const lines = [...found].map(
      ([rule, { on, places }]) => `${rule}\n    on ${[...on].join(', ')}\n    ${places.slice(0, 8).join('\n    ')}\n    ${places.length} places in all`,
    );
    assert.equal(lines.length, 0, `${lines.length} rules are broken:\n  ${lines.join('\n  ')}`);
  });
}

it('shows every page on a narrow screen without scrolling sideways', { timeout: 300_000 }, async (t) => {
  const findings = [];
  await visit(t, {}, async (page, type, path) => {
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      const { wide, clientWidth, culprits } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.scrollingElement;
        const beyond = [...document.body.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > clientWidth + 1);
        return {
          wide: scrollWidth,
          clientWidth,
          culprits: beyond.slice(0, 3).map((each) => `<${each.tagName.toLowerCase()} class="${each.getAttribute('class') ?? ''}">`),
        };
      });
      if (clientWidth > width || wide > clientWidth) findings.push(`${type} (/${path}) at ${width} px: ${wide} px, ${culprits.join(', ')}`);
    }
  });
  assert.equal(findings.length, 0, `pages are too wide:\n  ${findings.join('\n  ')}`);
});

describe('without scripts', () => {
  it('the main content is the same text', { timeout: 300_000 }, async (t) => {
    const texts = {};
    const read = (javaScriptEnabled) =>
      visit(t, { javaScriptEnabled }, async (page, type) => ((texts[type] ??= {})[javaScriptEnabled] = await mainText(page)));
    await read(true);
    await read(false);
    const findings = [];
    for (const [type, { true: withScripts, false: without }] of Object.entries(texts)) {
      const place = `${type} (/${pages[type]})`;
      if (without.length === 0) findings.push(`${place}: no text in main`);
      const odd = without.findIndex((line, n) => line !== withScripts[n]);
      if (odd >= 0) findings.push(`${place}: "${without[odd]}" but with scripts "${withScripts[odd] ?? ''}"`);
      else if (withScripts.length > without.length) findings.push(`${place}: only with scripts "${withScripts[without.length]}"`);
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
      // What somebody chose by the address is compared by the script.
      if (text === '' || element.closest('form, button, [role=search], output, [role=status], script, style, noscript, #compared')) continue;
      if (element.checkVisibility({ checkVisibilityCSS: true })) found.push(text);
    }
    return found;
  });
}
