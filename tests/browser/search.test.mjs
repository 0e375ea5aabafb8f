// The search and the A–Z index, on a made-up library of some thousand entities.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import { browser, build, files, follow, host, root, scratch } from './harness.mjs';
import { library, vocabulary } from './library.mjs';
import { at, measure, queries } from './search-load.mjs';

const PERSONAS = 800;
const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };

let chrome;
let out;
let site;
let names;
let words;

before(async () => {
  const folder = await scratch(shared);
  ({ names, words } = await library(folder, PERSONAS));
  out = await build(shared, folder);
  site = await host(shared, out);
  chrome = await browser(shared);
}, { timeout: 120_000 });

after(async () => {
  for (const release of cleanups) await release();
});

async function open(t, path = '', options = {}) {
  const context = await chrome.newContext({ reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  t.after(() => assert.deepEqual(errors, []));
  await page.goto(site.url + path);
  return page;
}

const field = (page) => page.locator('dialog.search input[type=search]');

/** Opens the dialog and types; waits until the answer to all of it stands. */
async function ask(page, query) {
  if (!(await page.locator('dialog.search[open]').count())) await page.keyboard.press('/');
  const input = field(page);
  await input.waitFor();
  const turn = await page.locator('dialog.search').getAttribute('data-ready');
  await input.fill(query);
  await page.waitForFunction((turn) => document.querySelector('dialog.search').dataset.ready !== turn, turn);
  return page.locator('dialog.search .hit b').allTextContents();
}

/** The page of the search for a query, when its answer stands. */
async function searched(t, query, options) {
  const page = await open(t, `search/${query}`, options);
  await page.locator('[data-search-page][data-ready]').waitFor();
  return page;
}

const count = (page) => page.locator('.search-page [role=status]').textContent();

describe('the dialog', () => {
  it('opens with / and Ctrl-K from any page, and gives the focus back', async (t) => {
    for (const path of ['', 'personas/', 'personas/persona-0/', 'no/such/page/', 'journeys/journey-3/']) {
      const page = await open(t, path);
      const link = page.locator('.brand');
      await link.focus();
      for (const keys of ['/', 'Control+k', 'Meta+k']) {
        await page.keyboard.press(keys);
        await field(page).waitFor();
        assert.ok(await page.evaluate(() => document.activeElement.matches('dialog input[type=search]')), `${path} ${keys}`);
        await page.keyboard.press('Escape');
        await page.locator('dialog.search').waitFor({ state: 'hidden' });
        assert.ok(await link.evaluate((node) => node === document.activeElement), `${path} ${keys}: focus is lost`);
      }
    }
  });

  it('leaves / alone in a field, and when it is turned off', async (t) => {
    const page = await open(t, 'personas/');
    await page.locator('.filters input').focus();
    await page.keyboard.press('/');
    assert.equal(await page.locator('.filters input').inputValue(), '/');
    assert.equal(await page.locator('dialog.search').count(), 0);
    await page.keyboard.press('Control+k');
    await page.getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await page.locator('.brand').focus();
    await page.keyboard.press('/');
    await page.waitForTimeout(200);
    assert.ok(await page.locator('dialog.search').isHidden());
    await page.reload();
    await page.keyboard.press('/');
    await page.waitForTimeout(200);
    assert.equal(await page.locator('dialog.search').count(), 0);
  });

  it('loses nothing of what is typed at once, in the header or after the key', async (t) => {
    const page = await open(t);
    await page.keyboard.press('/');
    await page.keyboard.type('jurgen');
    await page.locator('dialog.search .hit').first().waitFor();
    assert.equal(await field(page).inputValue(), 'jurgen');
    await page.keyboard.press('Escape');
    await page.locator('.find input').focus();
    await page.keyboard.type('lukasz', { delay: 20 });
    await page.locator('dialog.search .hit').first().waitFor();
    assert.equal(await field(page).inputValue(), 'lukasz');
  });

  it('is worked with the keyboard alone', async (t) => {
    const page = await open(t);
    const first = names[20].split(' ')[0];
    await ask(page, first);
    const chosen = () => page.locator('[role=option][aria-selected=true]');
    const active = () => field(page).getAttribute('aria-activedescendant');
    const all = await page.locator('[role=option]').evaluateAll((nodes) => nodes.map((node) => node.id));
    assert.ok(all.length > 2);
    assert.equal(await active(), all[0]);
    await page.keyboard.press('ArrowDown');
    assert.equal(await active(), all[1]);
    assert.equal(await chosen().count(), 1);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    assert.equal(await active(), all.at(-1), 'the list is a ring');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const href = await chosen().evaluate((link) => link.href);
    await follow(page, () => page.keyboard.press('Enter'));
    assert.equal(page.url(), href);
  });

  it('groups by kind, counts aloud and marks what was looked for', async (t) => {
    const page = await open(t);
    await ask(page, 'journey');
    const dialog = page.locator('dialog.search');
    assert.match(await dialog.getByRole('status').textContent(), /^200 results$/);
    assert.equal(await dialog.getByRole('group', { name: 'Journeys 200' }).count(), 1);
    assert.deepEqual([...new Set(await dialog.locator('mark').allTextContents())], ['journey']);
    assert.equal(await field(page).getAttribute('aria-expanded'), 'true');
    await ask(page, 'qqqqzzzz');
    assert.match(await dialog.getByRole('status').textContent(), /Nothing found/);
    assert.equal(await field(page).getAttribute('aria-expanded'), 'false');
  });

  it('has no accessibility violation', async (t) => {
    for (const colorScheme of ['light', 'dark']) {
      const page = await open(t, '', { colorScheme });
      await ask(page, 'manager');
      await page.locator('dialog.search summary').click();
      await page.locator('dialog.search select:visible').first().waitFor();
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => window.axe.run('dialog.search', { resultTypes: ['violations'] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
    }
  });

  it('is a whole sheet on a phone, with targets that can be hit', async (t) => {
    for (const width of [320, 390]) {
      const page = await open(t, 'personas/', { viewport: { width, height: 700 }, hasTouch: true });
      await page.getByRole('button', { name: 'Search' }).tap();
      await field(page).waitFor();
      await ask(page, 'manager');
      const box = await page.locator('dialog.search').boundingBox();
      assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, width, 700]);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      const small = await page.locator('dialog.search :is(a, button, summary)').evaluateAll((nodes) =>
        nodes.filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 24).map((node) => node.textContent));
      assert.deepEqual(small, []);
      await page.getByRole('button', { name: 'Close' }).tap();
      assert.ok(await page.locator('dialog.search').isHidden());
    }
  });
});

describe('what is found', () => {
  it('reads words as the index does', async (t) => {
    const page = await searched(t, '');
    const list = JSON.parse(await readFile(join(root, 'src/site/search/words.json'), 'utf8'));
    assert.ok(list.length > 20);
    const read = await page.evaluate((list) => list.map(([text]) => window.personarySearch.words(text)), list);
    assert.deepEqual(read, list.map(([, expected]) => expected));
  });

  it('finds without accents, by a beginning, and in any script', async (t) => {
    const page = await open(t);
    const cases = [
      ['Muller', 'Jürgen Müller'], ['müller jür', 'Jürgen Müller'], ['MÜLL', 'Jürgen Müller'], ['zak', 'Łukasz Żak'], ['orsted', 'Søren Ørsted'],
      ['елка', 'Ёлка Йодова'], ['山田', '山田太郎'], ['太', '山田太郎'], ['郎', '山田太郎'], ['太郎', '山田太郎'], ['花子', '佐藤花子'],
      ['민준', '김민준'], ['김', '김민준'], ['24', '24/7 Desk'], ['obrien', 'Zoë O’Brien'], ['zoe', 'Zoë O’Brien'], ['persona-0', 'Jürgen Müller'],
    ];
    for (const [query, name] of cases) {
      const found = await ask(page, query);
      assert.ok(found.includes(name), `${query}: ${found}`);
    }
    await ask(page, 'Muller');
    assert.ok((await page.locator('dialog.search mark').allTextContents()).includes('Müller'));
    await ask(page, '太郎');
    assert.ok((await page.locator('dialog.search mark').allTextContents()).includes('太郎'));
  });

  it('finds in spite of one typing error of any sort anywhere in a word', async (t) => {
    const page = await open(t, 'search/');
    await page.locator('[data-search-page][data-ready]').waitFor();
    const some = vocabulary(4000).filter((word, n) => n % 97 === 0 && word.length >= 4);
    const wrong = [];
    let asked = 0;
    for (const word of some) {
      const typos = [];
      for (let i = 0; i < word.length; i++) {
        typos.push(word.slice(0, i) + word.slice(i + 1), `${word.slice(0, i)}w${word.slice(i + 1)}`, `${word.slice(0, i)}w${word.slice(i)}`);
        if (i + 1 < word.length) typos.push(word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2));
      }
      const rare = typos.filter((typo) => typo.length >= 4);
      asked += rare.length;
      wrong.push(...await page.evaluate(async ({ word, rare }) => {
        const lost = [];
        for (const typo of rare) {
          const { instead, scores } = await window.personarySearch.find(typo);
          // What a typing error makes may be another word, or the beginning of one.
          const meant = instead[0] ? instead[0][1] : [typo];
          if (!scores.some(Boolean)) lost.push(`${typo}: nothing`);
          else if (instead.length && !meant.includes(word) && !meant.every((other) => window.personarySearch.near(typo, other))) lost.push(`${typo}: ${meant} for ${word}`);
        }
        return lost;
      }, { word, rare }));
    }
    assert.ok(asked > 500);
    assert.deepEqual(wrong, []);
  });

  it('puts names first and the retired last', async (t) => {
    const page = await searched(t, '?q=persona&kind=persona');
    const scores = await page.evaluate(async () => [...(await window.personarySearch.find('jurgen')).scores].filter(Boolean));
    assert.ok(Math.max(...scores) >= 9);
    const head = JSON.parse(await readFile(join(out, 'search/index.json'), 'utf8'));
    const of = head.kinds.find((kind) => kind.name === 'persona');
    const lines = [];
    for (let n = 0; n * head.shown < of.to; n++) lines.push(...(await readFile(join(out, `search/d${n}.txt`), 'utf8')).split('\n'));
    const retired = lines.slice(of.from, of.to).map((line) => line.split('\t')[2].includes('r'));
    assert.equal(retired.filter(Boolean).length, PERSONAS / 40);
    assert.ok(retired.slice(-PERSONAS / 40).every(Boolean));
  });

  it('knows nothing of drafts', async () => {
    const drafts = names.filter((_, n) => n % 40 === 38);
    const ids = names.flatMap((_, n) => (n % 40 === 38 ? [`persona-${n}`] : []));
    for (const name of await files(out)) {
      if (!/^(search|a-z)\//.test(name)) continue;
      const text = await readFile(join(out, name), 'utf8');
      for (const draft of drafts) assert.ok(!text.includes(`${draft}\t`) && !text.includes(`>${draft}<`), `${name}: ${draft}`);
      for (const id of ids) assert.ok(!text.includes(`\t${id}\t`) && !text.includes(`/${id}/`), `${name}: ${id}`);
    }
  });
});

describe('the page of the search', () => {
  it('narrows by filters, counts what each would leave, and keeps all in its address', async (t) => {
    const page = await searched(t, '?q=manager');
    const whole = Number(/\d+/.exec(await count(page))[0]);
    assert.ok(whole > 700);
    const status = page.getByLabel('Status');
    await status.selectOption('retired');
    await page.waitForFunction(() => /^20 /.test(document.querySelector('.search-page [role=status]').textContent));
    assert.match(page.url(), /\?q=manager&status=retired$/);
    assert.match(await page.getByLabel('Owner').locator('option', { hasText: 'Team 0' }).textContent(), /Team 0 \(\d+\)/);
    assert.equal(await page.locator('.hit .tag', { hasText: 'Retired' }).count(), 20);
    const again = await searched(t, page.url().slice(`${site.url}search/`.length));
    assert.match(await count(again), /^20 results/);
    assert.equal(await again.getByLabel('Status').inputValue(), 'retired');
    await again.getByRole('button', { name: 'Clear filters' }).click();
    await again.waitForFunction((whole) => document.querySelector('.search-page [role=status]').textContent.startsWith(String(whole)), whole);
  });

  it('shows more of a kind, and goes there from the dialog', async (t) => {
    const page = await open(t, 'personas/');
    await ask(page, 'start');
    await page.getByRole('link', { name: 'Show all' }).click();
    await page.waitForURL(/search\/\?q=start$/);
    await page.locator('[data-search-page][data-ready]').waitFor();
    const shown = await page.locator('.search-page .hit').count();
    await page.getByRole('button', { name: /^Show \d+ more$/ }).first().click();
    await page.waitForFunction((shown) => document.querySelectorAll('.search-page .hit').length > shown, shown);
    assert.ok(await page.evaluate(() => document.activeElement.matches('.hit')), 'the focus goes to what is new');
  });

  it('takes what is typed in the header, and has / for its own field', async (t) => {
    const page = await searched(t, '?q=manager', { viewport: { width: 1280, height: 800 } });
    await page.locator('.find input').focus();
    await page.keyboard.type('l');
    assert.equal(await page.locator('dialog.search').count(), 0);
    assert.equal(await page.locator('.search-page input[type=search]').inputValue(), 'l');
    await page.locator('.brand').focus();
    await page.keyboard.press('/');
    assert.ok(await page.evaluate(() => document.activeElement.matches('.search-page input')));
  });

  it('says without JavaScript that it cannot search, and shows everything by name', async (t) => {
    const page = await open(t, 'personas/persona-3/', { javaScriptEnabled: false });
    await page.locator('.find input').fill('anybody');
    await page.locator('.find input').press('Enter');
    await page.waitForURL(/search\/\?q=anybody$/);
    assert.ok(await page.locator('.head .notice').isVisible());
    await page.getByRole('navigation', { name: 'Letters' }).getByRole('link', { name: /^B/ }).click();
    await page.waitForURL(/a-z\/b\/$/);
    assert.ok((await page.locator('.names a').count()) > 10);
  });
});

describe('the A–Z index', () => {
  it('has everything once, in pages that are not too long', async () => {
    const pages = (await files(out)).filter((name) => /^a-z\/.+\/index\.html$/.test(name));
    const found = [];
    for (const name of pages) {
      const text = await readFile(join(out, name), 'utf8');
      assert.ok(text.length < 300_000, `${name}: ${text.length} bytes`);
      const list = text.slice(text.indexOf('<ul class="names">'));
      found.push(...[...list.slice(0, list.indexOf('</ul>')).matchAll(/<li><a href="([^"]+)"/g)].map(([, href]) => href.replace(/^(\.\.\/)+/, '')));
    }
    const { entities } = JSON.parse(await readFile(join(out, 'library.json'), 'utf8'));
    assert.deepEqual(found.sort(), entities.map((entity) => entity.path).sort());
    for (const letter of ['han', 'hangul', '0-9', 'е', 'z', 'l', 's']) assert.ok(pages.includes(`a-z/${letter}/index.html`), letter);
  });
});

it('transfers at most 150 kB for a query and answers within 50 ms', { timeout: 300_000 }, async (t) => {
  const context = await chrome.newContext();
  t.after(() => context.close());
  const asked = [...queries([...words, ...names.flatMap((name) => name.split(' '))], 204), '山田', '太郎', '민', 'muller', 'manager', 'start end', 'a', 'ba'];
  const cost = await measure(context, site.url, asked);
  const of = (key) => cost.map((one) => one[key]);
  t.diagnostic(`bytes: half ${at(of('bytes'), 0.5)}, most ${at(of('bytes'), 1)}; ms: half ${at(of('took'), 0.5)}, 95% ${at(of('took'), 0.95)}`);
  const heavy = cost.filter((one) => one.bytes > 150_000);
  assert.deepEqual(heavy, []);
  assert.ok(at(of('took'), 0.9) < 50, `one query in ten takes ${at(of('took'), 0.9)} ms`);
  assert.ok(cost.filter((one) => one.count > 0).length > asked.length / 2);
});
