// Colours, contrast and themes, as a browser shows them: more contrast, the system's own colours, the
// colour of a brand, and the example theme.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import { browser, build, field, host, project, published } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };

let chrome;
let plain;
/** Some pages of every make. */
let pages;
let kpis;

before(async () => {
  const folder = await project(shared);
  plain = await host(shared, await build(shared, folder));
  chrome = await browser(shared);
  const entities = await published(folder);
  const of = (kind, wanted = () => true) => entities.find((entity) => entity.kind === kind && wanted(entity)).route;
  kpis = entities.filter(({ kind }) => kind === 'kpi');
  const stance = (word) => (entity) => field(entity.text, 'stance') === word;
  pages = {
    home: '',
    list: 'personas/',
    persona: of('persona', (entity) => stance('target')(entity) && entity.text.includes('\nquote:')),
    negative: of('persona', stance('negative')),
    journey: of('journey'),
    kpi: of('kpi'),
    evidence: of('evidence'),
    health: 'health/',
    fields: 'fields/',
  };
});

after(async () => {
  for (const release of cleanups) await release();
});

/** A site of the sample with these lines in its settings. */
async function siteWith(t, lines) {
  const folder = await project(t);
  const settings = join(folder, 'personary.yaml');
  await writeFile(settings, `${await readFile(settings, 'utf8')}\n${lines}\n`);
  return host(t, await build(t, folder));
}

async function open(t, options) {
  const context = await chrome.newContext({ reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  return context.newPage();
}

/** What axe has against a page, a line each. */
async function violations(page, runOnly) {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }), runOnly);
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target.join(' ')} ${any[0]?.message ?? ''}`));
}

const CONTRAST = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
const ENHANCED = { type: 'rule', values: ['color-contrast-enhanced'] };
const ALL = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };

/** Looks at every page in light and dark and fails with all that is wrong. */
async function holds(t, site, options, rules) {
  const page = await open(t, options);
  const findings = [];
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(site.url + path, { waitUntil: 'load' });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const finding of await violations(page, rules)) findings.push(`${name} (${colorScheme}): ${finding}`);
    }
  }
  assert.equal(findings.length, 0, `${findings.length} findings:\n  ${findings.slice(0, 30).join('\n  ')}`);
}

/** A colour or another value as the browser computes it. */
const style = (page, selector, name) => page.locator(selector).first().evaluate((element, name) => getComputedStyle(element)[name], name);

describe('more contrast', () => {
  it('gives text 7:1 in light and dark', { timeout: 120_000 }, (t) => holds(t, plain, { contrast: 'more', viewport: { width: 1280, height: 900 } }, ENHANCED));

  it('follows the system and the button', async (t) => {
    const page = await open(t, { contrast: 'more', colorScheme: 'light' });
    await page.goto(plain.url + pages.persona);
    assert.equal(await style(page, 'body', 'color'), 'rgb(0, 0, 0)');
    await page.getByRole('button', { name: 'Dark colours' }).click();
    assert.equal(await style(page, 'body', 'color'), 'rgb(255, 255, 255)');
    await page.emulateMedia({ contrast: 'no-preference' });
    assert.notEqual(await style(page, 'body', 'color'), 'rgb(255, 255, 255)');
  });
});

it('writes no name of a level in a chart over another', async (t) => {
  const page = await open(t, { viewport: { width: 1280, height: 900 } });
  const wrong = [];
  let names = 0;
  for (const { route } of kpis) {
    await page.goto(plain.url + route);
    const found = await page.locator('.chart :is(.tt, .tl)').evaluateAll((all) =>
      all.map((text) => [text.textContent, text.getBoundingClientRect().toJSON()]),
    );
    names += found.length;
    for (const [at, [name, box]] of found.entries()) {
      for (const [other, { top, bottom }] of found.slice(at + 1)) {
        if (box.top < bottom - 1 && top < box.bottom - 1) wrong.push(`${route}: ${name}, ${other}`);
      }
    }
  }
  assert.ok(names > 10, `${names} names`);
  assert.deepEqual(wrong, []);
});

it('draws borders and charts where the system has its own colours', async (t) => {
  const page = await open(t, { forcedColors: 'active' });
  await page.goto(plain.url + pages.persona);
  const text = await style(page, 'body', 'color');
  for (const part of ['.hero', '.badges li', '.tile']) assert.notEqual(await style(page, part, 'borderTopStyle'), 'none', part);
  await page.goto(plain.url + pages.kpi);
  for (const [part, name] of [['.chart .line', 'stroke'], ['.chart text', 'fill'], ['.chart .m', 'fill']]) assert.equal(await style(page, part, name), text, part);
  await page.goto(plain.url + pages.journey);
  assert.equal(await style(page, '.curve .line', 'stroke'), text);
});

describe('the colour of a brand', () => {
  for (const brand of ['#ffe600', '#ffffff', '#000', '#0a6e5c', '#ff5a00']) {
    it(`${brand} can be read`, { timeout: 120_000 }, async (t) => {
      const site = await siteWith(t, `brand: "${brand}"`);
      await holds(t, site, { viewport: { width: 1280, height: 900 } }, CONTRAST);
    });
  }

  it('stands as it is in the mark and above the header, and nowhere without it', async (t) => {
    const site = await siteWith(t, 'brand: "#ffe600"');
    const page = await open(t, {});
    await page.goto(site.url);
    assert.match(await style(page, '.top', 'boxShadow'), /rgb\(255, 230, 0\)/);
    assert.notEqual(await style(page, 'main a', 'color'), 'rgb(255, 230, 0)');
    await page.goto(site.url + pages.persona);
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await style(page, '.skip', 'backgroundColor'), 'rgb(255, 230, 0)');
    await page.goto(plain.url);
    assert.equal(await page.locator('link[href*="brand.css"]').count(), 0);
    assert.equal((await page.request.get(`${plain.url}assets/brand.css`)).status(), 404);
  });
});

describe('the example theme', () => {
  let ledger;
  before(async () => (ledger = await siteWith(shared, 'theme: ledger')));

  it('has no accessibility violation', { timeout: 240_000 }, (t) => holds(t, ledger, { viewport: { width: 1280, height: 900 } }, ALL));
  it('has none on a phone', { timeout: 240_000 }, (t) => holds(t, ledger, { viewport: { width: 390, height: 900 } }, ALL));
  it('gives text 7:1 where that is asked for', { timeout: 240_000 }, (t) => holds(t, ledger, { contrast: 'more' }, ENHANCED));

  it('fits a screen of 320 px', async (t) => {
    const page = await open(t, { viewport: { width: 320, height: 800 } });
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(ledger.url + path);
      assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 320, name);
    }
  });

  it('looks and speaks otherwise, and keeps what it says nothing of', async (t) => {
    const page = await open(t, { viewport: { width: 1280, height: 900 } });
    const look = async (site) => {
      await page.goto(site.url + pages.persona);
      const texts = (selector) => page.locator(selector).allTextContents();
      return {
        family: await style(page, 'h1', 'fontFamily'),
        ground: await style(page, 'body', 'backgroundColor'),
        corner: await style(page, '.tile.xl', 'borderTopLeftRadius'),
        size: parseFloat(await style(page, 'h1', 'fontSize')),
        folio: await page.locator('.folio').count(),
        hero: await page.locator('.hero').count(),
        icon: await page.locator('.folio-no svg path').count(),
        facts: await texts('.folio-facts dd'),
        menu: (await texts('.bar a'))[0].trim(),
        claims: await texts('.claim p'),
      };
    };
    const one = await look(plain);
    const other = await look(ledger);
    for (const part of ['family', 'ground', 'corner', 'menu']) assert.notEqual(one[part], other[part], part);
    assert.ok(other.size > one.size);
    assert.deepEqual([one.folio, one.hero, other.folio, other.hero, other.icon], [0, 1, 1, 0, 1]);
    assert.ok(other.facts.length >= 3, other.facts.join());
    assert.equal(other.menu, 'Customers');
    assert.ok(one.claims.length > 3);
    assert.deepEqual(one.claims, other.claims);
  });

  it('takes a brand with it', async (t) => {
    const site = await siteWith(t, 'theme: ledger\nbrand: "#7a1f3d"');
    await holds(t, site, {}, CONTRAST);
    const page = await open(t, { colorScheme: 'light' });
    await page.goto(site.url + pages.persona);
    assert.equal(await style(page, '.skip', 'backgroundColor'), 'rgb(122, 31, 61)');
  });
});
