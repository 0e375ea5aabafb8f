// Lists that are too long for one page: pages and letters without a script, filters over all entries with one.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import { browser as launch, build, follow, host, scratch } from './harness.mjs';

const COUNT = 620;
const NAMES = ['Ada', 'Ben', 'Cleo', 'Dora', 'Emil', 'Fay', 'Gus', 'Hana', 'Élise', 'Zoe'];

/** A project with so many personas that their list has three pages. */
async function crowd(t) {
  const folder = await scratch(t);
  const put = async (path, text) => {
    const file = join(folder, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, text);
  };
  await put('personary.yaml', 'title: Crowd\nrules: { assumption-based: off, demographic-only: off }\n');
  await put('content/teams/one.md', '---\nname: Team One\ncontact: one@example.com\nlast_reviewed: 2026-11-01\n---\n');
  for (const segment of ['north', 'south']) {
    await put(`content/segments/${segment}.md`, `---\nname: The ${segment}\nsummary: A segment.\nowner: one\nlast_reviewed: 2026-11-01\n---\n`);
  }
  const personas = Array.from({ length: COUNT }, (_, n) => put(`content/personas/p-${n}.md`, `---
name: ${NAMES[n % NAMES.length]} ${String(n).padStart(3, '0')}
${n % 3 ? 'market: b2c\nb2c: { interests: [Gardens] }' : 'market: b2b\nb2b: { designation: Buyer, department: Purchasing, role: strategic }'}
stance: target
status: active
basis: qualitative
owner: one
summary: "Needs help with ${n % 5 ? 'forms' : 'R&D <grants>'}."
segments: [${n % 2 ? 'north' : 'south'}]
last_reviewed: 2026-${String(1 + (n % 9)).padStart(2, '0')}-01
goals:
  - id: g
    text: "Goal ${n}."
---
`));
  await Promise.all(personas);
  return folder;
}

describe('a list of many pages', () => {
  let browser, site, url;
  const held = [];
  const suite = { after: (release) => held.push(release) };
  before(async () => {
    site = await build(suite, await crowd(suite), ['--as-of', '2026-11-24']);
    const hosted = await host(suite, site, '/docs/');
    url = hosted.url ?? hosted;
    browser = await launch(suite);
  });
  after(async () => { for (const release of held.reverse()) await release(); });

  async function open(t, path, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    t.after(() => assert.deepEqual(errors, []));
    await page.goto(url + path);
    return page;
  }
  const shown = (page) => page.locator('#results li.card:visible');

  it('holds every entry once, in order, on pages of a bounded size', async (t) => {
    const page = await open(t, 'personas/', { javaScriptEnabled: false });
    const names = [];
    let pages = 0;
    for (;;) {
      pages++;
      names.push(...await page.locator('#list li.card h3').allTextContents());
      const next = page.locator('a[rel=next]');
      if (!(await next.count())) break;
      await follow(page, () => next.click());
    }
    assert.equal(pages, 3);
    assert.equal(names.length, COUNT);
    assert.equal(new Set(names).size, COUNT);
    // An accent makes no difference to the order.
    const plain = (name) => name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
    const sorted = [...names].sort((a, b) => (plain(a) < plain(b) ? -1 : 1));
    assert.deepEqual(names, sorted);
    for (const file of ['personas/index.html', 'lists/personas/2/index.html', 'lists/personas/0.json']) {
      assert.ok((await stat(join(site, file))).size < 300_000, file);
    }
    const data = await Promise.all([0, 1, 2].map(async (n) => JSON.parse(await readFile(join(site, `lists/personas/${n}.json`), 'utf8'))));
    assert.equal(data.reduce((sum, file) => sum + file.entries.length, 0), COUNT);
  });

  it('leads to each letter without a script', async (t) => {
    const page = await open(t, 'personas/', { javaScriptEnabled: false });
    assert.ok(await page.locator('form.filters').isHidden(), 'filters without a script');
    const letters = await page.locator('.letters a').allTextContents();
    assert.deepEqual(letters, ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'Z']);
    for (const letter of ['Z', 'E', 'A']) {
      await page.locator('.letters a', { hasText: new RegExp(`^${letter}$`) }).click();
      await page.locator('section.letter > h2:target', { hasText: new RegExp(`^${letter}$`) }).waitFor();
      const first = await page.locator('section.letter:has(> h2:target) li.card h3').first().textContent();
      assert.ok(first.normalize('NFD').startsWith(letter), `${first} below ${letter}`);
    }
  });

  it('filters all entries and keeps the choice in the address', async (t) => {
    const page = await open(t, 'personas/');
    await page.getByLabel('Segment').selectOption('north');
    await page.getByText(`310 of ${COUNT} shown`).waitFor();
    assert.equal(await shown(page).count(), 60);
    assert.ok(await page.locator('#list').isHidden());
    assert.match(page.url(), /\?segment=north$/);
    await page.getByLabel('Market').selectOption('b2b');
    await page.getByText(`103 of ${COUNT} shown`).waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    assert.equal(await shown(page).count(), 103);
    assert.ok(await page.getByRole('button', { name: 'Show more' }).isHidden());
    const focused = await page.evaluate(() => document.activeElement.closest('li')?.textContent);
    assert.equal(focused, await shown(page).nth(60).evaluate((li) => li.textContent), 'the first new entry has the focus');
    await page.reload();
    await page.getByText(`103 of ${COUNT} shown`).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.locator('#list').waitFor();
    assert.equal(new URL(page.url()).search, '');
  });

  it('shows an entry as the pages do, with links that lead to it', async (t) => {
    const page = await open(t, 'personas/?q=zoe+009');
    await page.getByText(`1 of ${COUNT} shown`).waitFor();
    const found = await shown(page).first().evaluate((li) => li.innerHTML);
    await page.goto(`${url}lists/personas/3/`);
    const listed = await page.locator('li.card', { hasText: 'Zoe 009' }).evaluate((li) => li.innerHTML);
    const plain = (html) => html.replace(/h[23]>/g, 'h>').replaceAll('../../../', '../').replace(/ data-s-\w+="[^"]*"/g, '');
    assert.equal(plain(found), plain(listed));
    await page.goto(`${url}personas/?q=zoe+009`);
    await follow(page, () => shown(page).first().getByRole('link').click());
    assert.equal(await page.locator('h1').textContent(), 'Zoe 009');
  });

  it('finds texts with characters that HTML escapes, and says when there is nothing', async (t) => {
    const page = await open(t, 'personas/');
    await page.getByLabel('Find in this list').pressSequentially('r&d <grants>');
    await page.getByText(`124 of ${COUNT} shown`).waitFor();
    assert.equal(await page.locator('#results grants').count(), 0);
    await page.getByLabel('Find in this list').fill('nobody at all');
    await page.getByText('Nothing matches these filters.').waitFor();
    assert.ok(await page.locator('#results').isHidden());
  });

  it('sorts all entries', async (t) => {
    const page = await open(t, 'personas/?sort=reviewed');
    await page.getByText(`${COUNT} of ${COUNT} shown`).waitFor();
    const days = await shown(page).evaluateAll((all) => all.map((li) => li.getAttribute('data-s-reviewed')));
    assert.ok(days.every((day) => day === '2026-09-01'), String(days));
  });

  it('filters by what the address says even if no menu offers it', async (t) => {
    const page = await open(t, 'personas/?tag=none');
    await page.getByText(`0 of ${COUNT} shown (tag: none)`).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.locator('#list').waitFor();
  });

  it('still has its pages when the data cannot be loaded', async (t) => {
    const page = await open(t, 'fields/');
    await page.route('**/lists/**', (route) => route.abort());
    await page.goto(`${url}personas/?market=b2b`);
    await page.getByText('The list could not be loaded.').waitFor();
    await page.locator('#list').waitFor();
  });

  it('is named by what refers to many, with the way to the rest', async (t) => {
    const page = await open(t, 'segments/north/');
    await follow(page, () => page.getByRole('link', { name: /^\d+ more personas$/ }).click());
    await page.getByText(`310 of ${COUNT} shown`).waitFor();
  });

  it('passes axe on every page of it', async (t) => {
    for (const path of ['', 'personas/', 'lists/personas/2/', 'personas/?segment=north']) {
      const page = await open(t, path);
      if (path.includes('?')) await shown(page).first().waitFor();
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () => (await window.axe.run()).violations.map((v) => `${v.id}: ${v.nodes[0].html}`));
      assert.deepEqual(found, [], path);
    }
  });

  for (const width of [390, 320]) {
    it(`fits ${width} pixels`, async (t) => {
      for (const path of ['personas/', 'lists/personas/2/', 'personas/?market=b2b']) {
        const page = await open(t, path, { viewport: { width, height: 800 } });
        if (path.includes('?')) await shown(page).first().waitFor();
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} scrolls sideways`);
        const small = await page.locator('.letters a:visible, .pager a:visible').evaluateAll((all) => all.filter((a) => a.getBoundingClientRect().height < 24).length);
        assert.equal(small, 0, 'small targets');
      }
    });
  }
});
