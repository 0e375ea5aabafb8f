// A site that is compared with another state: what is marked, the switch between before and after,
// the way from mark to mark, and the page of what is gone.

import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { accessible, browser, host, project, repository, run, scratch } from './harness.mjs';
import { checkLinks } from './links.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
const BEA = 'personas/bea-holloway/';
const BREAKDOWN = 'journeys/breakdown-day/';
const GONE = 'personas/callum-reid/';
const PAGES = [BEA, BREAKDOWN, 'kpis/repair-csat/', 'kpis/nps/', GONE, 'personas/nia-price/', 'personas/', 'changes/'];

let chrome;
let out;
let site;

before(async () => {
  const folder = await project(shared);
  const git = repository(folder);
  const edit = async (path, ...edits) => {
    let text = await readFile(join(folder, path), 'utf8');
    for (const [from, to] of edits) {
      assert.ok(text.includes(from), `${path}: ${from}`);
      text = text.replace(from, to);
    }
    await writeFile(join(folder, path), text);
  };
  await edit(
    'content/personas/bea-holloway.md',
    ['at fourteen cafés by 07:15', 'at sixteen cafés by 07:00'],
    ['needs:\n', 'needs:\n  - text: One number that somebody answers.\n    evidence: [trader-interviews-2026]\n'],
    ['monthly_ceiling: 240', 'monthly_ceiling: 260'],
  );
  const journey = join(folder, 'content/journeys/breakdown-day.md');
  let text = await readFile(journey, 'utf8');
  text = text.slice(0, text.indexOf('      - id: rings-closed-desk')) + text.slice(text.indexOf('  - id: wait'));
  text = text.replace('        emotion: -1\n', '        emotion: 1\n');
  await writeFile(journey, text);
  await edit('content/kpis/repair-csat.csv', ['2026-10,bea-holloway,90.0', '2026-10,bea-holloway,91.0']);
  await edit('content/kpis/nps.md', ['value: 50', 'value: 45']);
  await rm(join(folder, 'content/personas/callum-reid.md'));
  const nia = ['name: Nia Price', 'market: b2c', 'stance: target', 'status: active', 'basis: proto', 'owner: marketing', 'summary: Somebody new.', 'b2c: { impulse: low }'];
  await writeFile(join(folder, 'content/personas/nia-price.md'), `---\n${nia.join('\n')}\n---\n\nNew.\n`);
  git('add', '-A');
  git('commit', '-q', '-m', 'Change');
  out = join(await scratch(shared), 'site');
  // Others refer to the one that is gone, which is an error; the site is published all the same.
  const { stderr } = await run(folder, ['build', '-o', out, '--keep-going', '--drafts', '--compare', 'HEAD~1']);
  assert.match(stderr, /Published \d+ files/);
  site = await host(shared, out);
  chrome = await browser(shared);
});

after(async () => {
  for (const release of cleanups) await release();
});

async function open(t, path, options) {
  const context = await chrome.newContext({ reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(site.url + path, { waitUntil: 'load' });
  return page;
}

const shown = (page, text) => page.getByText(text, { exact: true }).first().isVisible();

for (const width of [1280, 390, 320]) {
  describe(`at ${width} px`, () => {
    const viewport = { width, height: 900 };
    it('shows what came and went', async (t) => {
      const page = await open(t, BEA, { viewport });
      const goal = page.locator('#first-bake-out');
      assert.match(await goal.locator('del').first().textContent(), /fourteen/);
      assert.match(await goal.locator('ins').first().textContent(), /sixteen/);
      assert.ok(await goal.locator('del').first().isVisible());
      assert.match(await page.locator('.chg-bar').textContent(), /Compared with HEAD~1/);
    });

    for (const path of PAGES) {
      it(`fits ${path}`, async (t) => {
        const page = await open(t, path, { viewport });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} px too wide`);
      });
    }
  });
}

describe('the switch', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`works by keyboard ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
      const page = await open(t, BEA, { javaScriptEnabled });
      const goal = page.locator('#first-bake-out > p').first();
      const said = () => goal.innerText();
      await page.locator('#chg-both').focus();
      await page.keyboard.press('ArrowLeft');
      assert.match(await said(), /at fourteen cafés by 07:15/);
      assert.doesNotMatch(await said(), /sixteen/);
      assert.equal(await shown(page, 'One number that somebody answers.'), false);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      assert.match(await said(), /at sixteen cafés by 07:00/);
      assert.doesNotMatch(await said(), /fourteen/);
    });
  }

  it('is remembered', async (t) => {
    const page = await open(t, BEA);
    await page.locator('#chg-after').check({ force: true });
    await page.goto(site.url + BREAKDOWN);
    assert.ok(await page.locator('#chg-after').isChecked());
  });

  it('hides what is gone, and what is new', async (t) => {
    const page = await open(t, GONE);
    assert.ok(await page.locator('h1').isVisible());
    await page.locator('#chg-after').check({ force: true });
    assert.equal(await page.locator('h1').isVisible(), false);
    await page.goto(site.url + 'personas/nia-price/');
    await page.locator('#chg-before').check({ force: true });
    assert.equal(await page.locator('h1').isVisible(), false);
  });
});

it('goes from mark to mark', async (t) => {
  const page = await open(t, BEA);
  await page.keyboard.press('Alt+ArrowDown');
  assert.match(await page.locator('.chg-go output').textContent(), /^1 of \d+$/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'change-1');
  await page.getByRole('button', { name: 'Next change' }).click();
  assert.match(await page.locator('.chg-go output').textContent(), /^2 of/);
});

it('leads from the words in the bar to the marks', async (t) => {
  const page = await open(t, BEA);
  const links = await page.locator('.chg-list a[href^="#change-"]').all();
  assert.ok(links.length >= 3, `${links.length} links`);
  for (const link of links) {
    assert.equal(await page.locator(await link.getAttribute('href')).count(), 1);
  }
});

it('keeps the columns of a map together', async (t) => {
  const page = await open(t, BREAKDOWN, { viewport: { width: 1280, height: 900 } });
  for (const mode of ['both', 'before', 'after']) {
    await page.locator(`#chg-${mode}`).check({ force: true });
    const [names, stages] = await page.evaluate(() => {
      const left = (all) => [...document.querySelectorAll(all)].filter((e) => e.offsetParent).map((e) => Math.round(e.getBoundingClientRect().left));
      return [left('.stage-nav li'), left('li.stage')];
    });
    assert.equal(names.length, stages.length);
    for (const [n, left] of names.entries()) assert.ok(Math.abs(left - stages[n]) <= 12, `${mode}: ${names} and ${stages}`);
  }
});

for (const path of PAGES) {
  for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['dark', 390]]) {
    it(`${path} is accessible in ${colorScheme} at ${width} px`, async (t) => {
      const page = await open(t, path, { colorScheme, viewport: { width, height: 900 } });
      await accessible(page, path);
    });
  }
}

it('has no link that leads nowhere', async () => {
  const { faults } = await checkLinks(out, site.url);
  const ours = faults.filter((fault) => !/callum-reid#/.test(fault));
  assert.deepEqual(ours.slice(0, 10), []);
});
