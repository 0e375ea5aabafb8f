// The tables of coverage: what they say is what stands in them, they can be read on a phone and by
// keyboard, and each cell leads to what it is about.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { browser, build, follow, host, project } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };

let chrome;
let site;

before(async () => {
  const out = await build(shared, await project(shared));
  site = await host(shared, out);
  chrome = await browser(shared);
});

after(async () => {
  for (const release of cleanups) await release();
});

async function open(t, path, options = {}) {
  const context = await chrome.newContext({ reducedMotion: 'reduce', viewport: { width: 1280, height: 900 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(site.url + path, { waitUntil: 'load' });
  return page;
}

describe('coverage', () => {
  it('counts the gaps that it shows', async (t) => {
    const page = await open(t, 'coverage/lifecycle/');
    const gaps = await page.locator('.matrix td.gap').count();
    const named = (await page.locator('.matrix td.covered').count()) + gaps;
    assert.ok(gaps > 0, 'the sample has a gap');
    const said = await page.locator('.say').innerText();
    assert.match(said, new RegExp(`^${gaps} of ${named} `));
    const foot = await page.locator('.matrix tfoot td').last().innerText();
    assert.equal(foot, `${named - gaps}/${named}`);
    await page.goto(`${site.url}coverage/`);
    assert.equal(await page.locator('section[aria-labelledby=lifecycle] .say').innerText(), said);
  });

  it('leads from every sort of cell to an element that is there', async (t) => {
    const page = await open(t, 'coverage/lifecycle/');
    for (const [path, cell] of [
      ['coverage/lifecycle/', 'td.covered a'],
      ['coverage/touchpoints/', 'td.mood a'],
      ['coverage/touchpoints/', '[aria-labelledby=channels] td.mood a'],
      ['coverage/opportunities/', 'tbody th a'],
    ]) {
      await page.goto(site.url + path);
      const hrefs = await page.locator(cell).evaluateAll((links) => links.map((link) => link.href));
      assert.ok(hrefs.length > 0, `${path}: no ${cell}`);
      for (const href of hrefs.slice(0, 6)) {
        const answer = await page.goto(href);
        assert.equal(answer?.status() ?? 200, 200, href);
        const id = decodeURIComponent(new URL(href).hash.slice(1));
        assert.ok(id !== '' && (await page.evaluate((id) => document.getElementById(id) !== null, id)), `${href} has no such place`);
      }
    }
  });

  it('keeps head and first column in view while a table scrolls in its frame, and nothing else scrolls', async (t) => {
    for (const width of [320, 768]) {
      const page = await open(t, 'coverage/kpis/', { viewport: { width, height: 500 } });
      const found = await page.evaluate(() => {
        const frame = document.querySelector('.matrix-frame');
        const at = (element) => element.getBoundingClientRect();
        frame.scrollTo(200, 150);
        const box = at(frame);
        const row = at(frame.querySelector('tbody th'));
        const head = at(frame.querySelectorAll('thead th')[2]);
        return {
          scrolled: [frame.scrollLeft, frame.scrollTop],
          first: Math.round(row.left - box.left),
          top: Math.round(head.top - box.top),
          wide: document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth,
        };
      });
      assert.deepEqual(found.scrolled, [200, 150], `${width} px`);
      assert.ok(found.first <= 2 && found.top <= 2, `${width} px: ${JSON.stringify(found)}`);
      assert.equal(found.wide, 0, `${width} px`);
    }
  });

  it('can be scrolled by keyboard', async (t) => {
    const page = await open(t, 'coverage/kpis/', { viewport: { width: 390, height: 700 } });
    await page.locator('.matrix-frame').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('.matrix-frame').scrollLeft > 0);
    assert.equal(await page.evaluate(() => document.querySelector('.matrix-frame').getAttribute('role')), 'region');
  });

  it('says in words what colours say', async (t) => {
    const page = await open(t, 'coverage/kpis/');
    for (const state of ['good', 'warn', 'bad', 'named', 'unneeded']) {
      const cells = page.locator(`.kpi-matrix tbody td.${state}`);
      assert.ok((await cells.count()) > 0, `the sample has a cell that is ${state}`);
      assert.match(await cells.first().evaluate((cell) => cell.textContent.trim()), /\p{L}{3}/u);
    }
  });
});

describe('opportunities', () => {
  const rows = (page) => page.locator('.opportunities tbody tr');
  const visible = (page) => page.locator('.opportunities tbody tr:not([hidden])');

  it('are sorted by severity times reach, which stand beside', async (t) => {
    const page = await open(t, 'coverage/opportunities/');
    const texts = await page.locator('.opportunities td.num').allInnerTexts();
    const found = texts.map((text) => text.match(/^(\d+)\s+(\d+) × (\d+)$/)?.slice(1).map(Number));
    assert.ok(found.every((row) => row && row[0] === row[1] * row[2]), texts.join('; '));
    const points = found.map(([score]) => score);
    assert.deepEqual(points, points.toSorted((a, b) => b - a));
  });

  it('are filtered by keyboard, and the choice can be shared', async (t) => {
    const page = await open(t, 'coverage/opportunities/');
    const all = await rows(page).count();
    await page.locator('select[name=owner]').focus();
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => location.search.includes('owner='));
    const shown = await visible(page).count();
    assert.ok(shown > 0 && shown < all, `${shown} of ${all}`);
    assert.match(await page.locator('[role=status]').innerText(), new RegExp(`^${shown} of ${all} `));
    await page.reload();
    assert.equal(await visible(page).count(), shown);
  });

  it('are filtered by the link on the page of a team', async (t) => {
    const page = await open(t, 'teams/service-operations/');
    await follow(page, () => page.locator('[aria-labelledby=opportunities] .more a').click());
    assert.equal(await page.locator('select[name=owner]').inputValue(), 'service-operations');
    assert.ok((await visible(page).count()) < (await rows(page).count()));
  });

  it('are all there without scripts', async (t) => {
    const page = await open(t, 'coverage/opportunities/', { javaScriptEnabled: false });
    assert.equal(await page.locator('form.filters').isVisible(), false);
    assert.equal(await visible(page).count(), await rows(page).count());
  });
});

describe('channels', () => {
  it('are linked from a step, a persona and a touchpoint', async (t) => {
    const page = await open(t, 'channels/app/');
    for (const path of ['journeys/breakdown-day/', 'personas/amara-nwosu/', 'touchpoints/sumpter-app/']) {
      await page.goto(site.url + path);
      const link = page.locator('main a[href$="channels/app/"]').first();
      await follow(page, () => link.click());
      assert.match(page.url(), /\/channels\/app\/$/);
    }
    await page.goto(`${site.url}channels/`);
    assert.equal(await page.locator('main a[href$="app/"]').count(), 1);
  });
});
