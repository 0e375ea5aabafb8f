// "Which persona is in front of me?": as a tree without scripts, one question at a time with them.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { browser, build, host, project } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
let chrome;
let site;

before(async () => {
  site = await host(shared, await build(shared, await project(shared)));
  chrome = await browser(shared);
});

after(async () => {
  for (const release of cleanups) await release();
});

async function open(t, options = {}, query = '') {
  const context = await chrome.newContext({ reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${site.url}finder/${query}`, { waitUntil: 'load' });
  return page;
}

it('lets everybody be found without scripts, by answers alone', async (t) => {
  const page = await open(t, { javaScriptEnabled: false });
  const ids = await page.locator('#finder-tree .end li[data-id]').evaluateAll((all) => [...new Set(all.map((each) => each.dataset.id))]);
  assert.equal(ids.length, 10, 'all that are neither drafts nor retired');
  const first = page.locator('#finder-tree > .ask > .answers > li > details');
  assert.equal(await first.last().getAttribute('class'), 'answer unsure');
  await first.first().locator('> summary').click();
  assert.ok(await first.first().locator('> div').isVisible());
});

it('asks one question at a time, by keyboard, and keeps the answers in the address', async (t) => {
  const page = await open(t);
  const people = page.locator('.asking .found > li');
  assert.equal(await people.count(), 10);
  assert.ok(!(await page.locator('#finder-tree').isVisible()));
  await page.locator('.options button', { hasText: 'Grocery and parcel fleets' }).focus();
  await page.keyboard.press('Enter');
  assert.match(page.url(), /finder\/\?segment=grocery-and-parcel-fleets$/);
  assert.equal(await people.count(), 5);
  assert.equal(await page.locator('#finder-status').textContent(), '5 personas are left.');
  assert.ok(await page.evaluate(() => document.activeElement.parentElement.tagName === 'LEGEND'), 'the next question has the focus');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.ok((await people.count()) < 5);
  await page.goBack();
  await people.nth(4).waitFor();
  assert.equal(await people.count(), 5);
  await page.reload();
  assert.equal(await people.count(), 5);
  await page.getByRole('button', { name: 'Start again' }).click();
  assert.equal(await people.count(), 10);
  assert.match(page.url(), /finder\/$/);
});

it('goes on for those who do not know, and asks for the signs of a negative persona', async (t) => {
  const page = await open(t);
  await page.locator('.options .unsure').click();
  assert.equal(await page.locator('.asking .found > li').count(), 10);
  assert.match(page.url(), /\?segment=$/);
  // By the tree: an end at which a negative persona is left.
  const path = await page.locator('#finder-tree .end li[data-id=victor-strand]').first().evaluate((item) => {
    const steps = [];
    for (let at = item.closest('details.answer'); at; at = at.parentElement.closest('details.answer')) {
      steps.unshift(`${encodeURIComponent(at.closest('.ask').dataset.key)}=${encodeURIComponent(at.dataset.value)}`);
    }
    return steps.join('&');
  });
  const end = await open(t, {}, `?${path}`);
  assert.match(await end.locator('.asking .signals').textContent(), /Do you see any of these\?.*Refuses a test ride/s);
});

it('fits on phones', async (t) => {
  for (const width of [390, 320]) {
    for (const javaScriptEnabled of [true, false]) {
      const page = await open(t, { viewport: { width, height: 800 }, javaScriptEnabled });
      if (!javaScriptEnabled) await page.locator('#finder-tree summary').first().click();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${wide} px wide at ${width}`);
    }
  }
});
