// Personas side by side: the pages of pairs, and the page on which one chooses.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { browser, build, follow, host, project } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
const PAIR = 'compare/amara-nwosu/imogen-clarke/';
let chrome;
let site;

before(async () => {
  site = await host(shared, await build(shared, await project(shared)));
  chrome = await browser(shared);
});

after(async () => {
  for (const release of cleanups) await release();
});

async function open(t, path, options = {}) {
  const context = await chrome.newContext({ reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(site.url + path, { waitUntil: 'load' });
  return page;
}

/** The rows of all tables: their words, cell by cell. */
const rows = (page, within) =>
  page.locator(`${within} table.cmp tr`).evaluateAll((all) =>
    all.map((row) => [...row.cells].map((cell) => cell.textContent.replace(/\s+/g, ' ').trim())),
  );

it('is offered on the page of a persona, without scripts', async (t) => {
  const page = await open(t, 'personas/amara-nwosu/', { javaScriptEnabled: false });
  const links = page.locator('section[aria-labelledby=compare-with] a');
  assert.equal(await links.count(), 2);
  await follow(page, () => links.first().click());
  assert.equal(await page.locator('h1').textContent(), 'Amara Nwosu and Imogen Clarke');
  assert.ok(!(await page.locator('details.same table').isVisible()), 'what is the same is folded away');
  await page.locator('details.same summary').click();
  assert.ok(await page.locator('details.same table').isVisible());
});

it('says the same as what the browser puts together', async (t) => {
  const made = await open(t, PAIR);
  const chosen = await open(t, 'compare/?p=amara-nwosu&p=imogen-clarke');
  await chosen.waitForSelector('#compared table');
  const [one, other] = [await rows(made, 'main'), await rows(chosen, '#compared')];
  assert.ok(one.length > 30, `${one.length} rows`);
  assert.deepEqual(other, one);
  const markup = (page, within) => page.locator(`${within} table.cmp`).first().evaluate((table) =>
    [...table.querySelectorAll('*')].map((each) => `${each.tagName}.${each.getAttribute('class') ?? ''}`).join(' '));
  assert.equal(await markup(chosen, '#compared'), await markup(made, 'main'));
});

it('is chosen with the keyboard alone, and the choice is in the address', async (t) => {
  const page = await open(t, 'compare/');
  const input = page.getByRole('combobox');
  await input.focus();
  await page.keyboard.type('amara');
  await page.getByRole('option', { name: 'Amara Nwosu' }).waitFor();
  await page.keyboard.press('ArrowDown');
  assert.equal(await input.getAttribute('aria-activedescendant'), 'compare-name-0');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/compare/?p=amara-nwosu');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'compare-who');
  await page.keyboard.type('victor');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForSelector('#compared table');
  assert.match(page.url(), /\?p=amara-nwosu&p=victor-strand$/);
  await page.locator('#compare-status', { hasText: 'Compared: Amara Nwosu, Victor Strand.' }).waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/compare/?p=amara-nwosu');
  await page.goBack();
  await page.waitForSelector('#compared table');
  await page.goForward();
  await page.waitForFunction(() => !document.querySelector('#compared table'));
});

it('takes up to four, and tells of one that does not exist', async (t) => {
  const page = await open(t, 'compare/?p=amara-nwosu&p=imogen-clarke&p=victor-strand&p=bea-holloway&p=ruth-adeyinka');
  await page.waitForSelector('#compared table');
  assert.equal(await page.locator('#compared thead').first().locator('th').count(), 5);
  assert.ok(await page.getByRole('combobox').isDisabled());
  const other = await open(t, 'compare/?p=amara-nwosu&p=nobody');
  await other.locator('#compare-status', { hasText: 'nobody' }).waitFor();
});

it('fits on phones', async (t) => {
  for (const width of [390, 320]) {
    for (const path of [PAIR, 'compare/', 'compare/?p=amara-nwosu&p=imogen-clarke&p=victor-strand']) {
      const page = await open(t, path, { viewport: { width, height: 800 } });
      if (path.includes('?')) await page.waitForSelector('#compared table');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${path} is ${wide} px wide at ${width}`);
    }
  }
});
