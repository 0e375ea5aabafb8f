// The page of a persona: what it answers at once, on one sheet of paper and on a slide, and what
// it weighs.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { browser, build, field, follow, host, project, published } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };

let chrome;
let out;
let site;
let personas;

before(async () => {
  const folder = await project(shared);
  const all = await published(folder);
  personas = all.filter(({ kind }) => kind === 'persona');
  assert.ok(personas.length >= 10, 'the sample lacks personas');
  out = await build(shared, folder);
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

const negative = ({ text }) => field(text, 'stance') === 'negative';

describe('what a claim rests on', () => {
  for (const width of [1280, 390]) {
    it(`stands beside its icon, without a frame, ${width} pixels wide`, async (t) => {
      const page = await open(t, '', { viewport: { width, height: 900 } });
      const wrong = [];
      let chips = 0;
      for (const { route } of personas) {
        await page.goto(site.url + route);
        const found = await page.locator('.claims .chip').evaluateAll((all) =>
          all.map((chip) => {
            const icon = chip.querySelector('svg, .bars')?.getBoundingClientRect();
            const [line] = chip.querySelector(':scope > span:not(.bars)')?.getClientRects() ?? [];
            const isBeside = !icon || !line || (icon.top < line.bottom && icon.bottom > line.top);
            const isFramed = getComputedStyle(chip).borderStyle === 'solid';
            return { text: chip.textContent, good: isBeside && !isFramed };
          }),
        );
        chips += found.length;
        wrong.push(...found.filter(({ good }) => !good).map(({ text }) => `${route}: ${text}`));
      }
      assert.ok(chips > 50, `${chips} chips`);
      assert.deepEqual(wrong, []);
    });
  }
});

describe('the card at the top', () => {
  for (const [width, height, screens] of [
    [1280, 900, 1],
    [390, 844, 2.1],
  ]) {
    it(`answers within ${screens} screens of ${width} by ${height}`, async (t) => {
      const page = await open(t, '', { viewport: { width, height } });
      const late = [];
      for (const { route } of personas) {
        await page.goto(site.url + route);
        const end = await page.locator('.glance').evaluate((card) => card.getBoundingClientRect().bottom + scrollY);
        if (end > height * screens) late.push(`${route}: ${Math.round(end)} px`);
      }
      assert.deepEqual(late, []);
    });
  }

  it('says who, what they want and what hurts, how to talk with them and what it rests on', async (t) => {
    const { route } = personas.find((each) => !negative(each) && field(each.text, 'status') === 'active');
    const page = await open(t, route, { javaScriptEnabled: false });
    const card = page.locator('.glance');
    assert.equal(await card.locator('h1').count(), 1);
    for (const part of ['.a-wants li', '.a-hurts li', '.a-talk li', '.basis dd']) assert.ok((await card.locator(part).count()) > 0, part);
    assert.ok((await card.locator('.a-wants li').count()) <= 3);
    assert.ok((await card.locator('.a-hurts li').count()) <= 3);
    assert.match(await card.locator('.basis').innerText(), /\d+ of \d+ claims rest on research/);
  });

  it('puts the worst pains first', async (t) => {
    const page = await open(t, '');
    for (const { route } of personas) {
      await page.goto(site.url + route);
      const bars = await page.locator('.a-hurts li').evaluateAll((all) => all.map((each) => each.querySelectorAll('.bars .on').length));
      assert.deepEqual(bars, bars.toSorted((one, other) => other - one), route);
    }
  });

  it('leads from each line to its claim, and shows nothing under the same id twice', async (t) => {
    const page = await open(t, '');
    for (const { route } of personas) {
      await page.goto(site.url + route);
      const faults = await page.evaluate(() => {
        const ids = [...document.querySelectorAll('[id]')].map((each) => each.id);
        const links = [...document.querySelectorAll('.glance li a[href^="#"], .rest a, .contents a')];
        const lines = [...document.querySelectorAll('.glance li a[href^="#"]')];
        return [
          ...ids.filter((id, n) => ids.indexOf(id) !== n),
          ...links.filter((link) => !document.getElementById(decodeURIComponent(link.hash.slice(1)))).map((link) => link.hash),
          ...lines.filter((line) => document.getElementById(decodeURIComponent(line.hash.slice(1)))?.querySelector('p').textContent !== line.textContent).map((line) => line.textContent),
        ];
      });
      assert.deepEqual(faults, [], route);
    }
  });

  it('tells a negative persona by words and form, how to recognise it and what to do', async (t) => {
    const { route } = personas.find(negative);
    const page = await open(t, route);
    assert.ok(await page.locator('.glance .verdict').isVisible());
    assert.ok((await page.locator('.a-signals li').count()) > 0);
    assert.ok((await page.locator('.a-handling p').innerText()).length > 0);
    assert.match(await page.locator('.glance .tile').evaluate((tile) => getComputedStyle(tile).clipPath), /^polygon/);
    assert.match(await page.locator('.hero .stance-negative').innerText(), /Negative/);
  });

  it("says so where the value of a KPI is everybody's", async (t) => {
    const page = await open(t, '');
    let everybody = 0;
    for (const { route, id } of personas) {
      await page.goto(site.url + route);
      const chips = await page.locator('.claim a.chip:has(.num)').evaluateAll((all) => all.map((chip) => [chip.href.split('/').at(-2), chip.textContent.includes('all:')]));
      for (const [kpi, says] of chips) {
        const own = (await readFile(join(out, `kpis/${kpi}.csv`), 'utf8')).split('\n').some((line) => line.split(',').includes(id));
        assert.equal(says, !own, `${route}: ${kpi}`);
        everybody += says ? 1 : 0;
      }
    }
    assert.ok(everybody > 0, 'the sample has no goal whose KPI is measured for everybody only');
  });

  it("shows at a goal the persona's own value, and everybody's beside it where the KPIs are listed", async (t) => {
    const page = await open(t, 'personas/amara-nwosu/');
    const rows = (await readFile(join(out, 'kpis/repair-csat.csv'), 'utf8')).trim().split('\n').map((line) => line.split(','));
    const [value] = rows.filter((row) => row[1] === 'amara-nwosu').map((row) => row[2]).slice(-1);
    const chip = page.locator('#repair-with-a-date a.chip[href*="repair-csat"]');
    assert.equal(await chip.locator('.num').innerText(), `${value} percent`);
    const [everybody] = rows.filter((row) => row[1] === '*').map((row) => row[2]).slice(-1);
    const listed = page.locator('.watch li', { has: page.locator('a[href*="repair-csat"]') });
    assert.equal(await listed.locator('b').innerText(), value);
    assert.ok((await listed.innerText()).includes(`all customers ${everybody}`));
  });
});

describe('on paper', () => {
  for (const format of ['A4', 'Letter']) {
    it(`a persona takes one sheet of ${format}`, { timeout: 120_000 }, async (t) => {
      const page = await open(t, '');
      const sheets = {};
      for (const { route } of personas) {
        await page.goto(site.url + route);
        sheets[route] = pagesOf(await page.pdf({ format }));
      }
      assert.deepEqual(sheets, Object.fromEntries(personas.map(({ route }) => [route, 1])));
    });
  }

  it('nothing of the sample is cut off at the foot of the sheet', async (t) => {
    // The width of Letter less its margins.
    const page = await open(t, '', { viewport: { width: 733, height: 972 } });
    await page.emulateMedia({ media: 'print' });
    const cut = [];
    for (const { route } of personas) {
      await page.goto(site.url + route);
      const over = await page.locator('.persona').evaluate((each) => each.scrollHeight - each.clientHeight);
      if (over > 1) cut.push(`${route}: ${over} px`);
    }
    assert.deepEqual(cut, []);
  });

  it('one with very much to say takes one sheet, too, and says how much is left out', async (t) => {
    const page = await open(t, personas[0].route);
    const address = await page.evaluate(() => {
      for (const list of document.querySelectorAll('.claims ul, .answers ul, .watch, .buying ul')) {
        const [first] = list.children;
        for (let n = 0; n < 40; n += 1) {
          const copy = first.cloneNode(true);
          copy.removeAttribute('id');
          list.append(copy);
        }
      }
      return document.querySelector('.basis .on-paper').textContent;
    });
    assert.ok(address.includes(personas[0].route), address);
    for (const format of ['A4', 'Letter']) assert.equal(pagesOf(await page.pdf({ format })), 1, format);
  });
});

describe('the card for slides', () => {
  for (const [width, height] of [
    [1280, 720],
    [1920, 1080],
  ]) {
    it(`fits ${width} by ${height}, with nothing cut off`, async (t) => {
      const page = await open(t, '', { viewport: { width, height } });
      const faults = [];
      for (const { route } of personas) {
        await page.goto(`${site.url}${route}card/`);
        const found = await page.evaluate(() => {
          const { scrollWidth, scrollHeight } = document.scrollingElement;
          const parts = ['.slide', '.slide > div', '.slide .answers', '.slide header'].map((part) => document.querySelector(part));
          const over = parts.map((part) => part.scrollHeight - part.clientHeight);
          const { width, height } = parts[0].getBoundingClientRect();
          const type = parseFloat(getComputedStyle(document.querySelector('.answers li')).fontSize);
          return { wide: scrollWidth, high: scrollHeight, over: Math.max(...over), width, height, type };
        });
        const fits = found.wide <= width && found.high <= height && found.over <= 1 && Math.round(found.width) === width && Math.round(found.height) === height;
        if (!fits || found.type < width / 72) faults.push(`${route}: ${JSON.stringify(found)}`);
      }
      assert.deepEqual(faults, []);
    });
  }

  it('leads back, is linked, and is kept out of search engines', async (t) => {
    const { route } = personas[0];
    const page = await open(t, route);
    await follow(page, () => page.locator('.to-card a').click());
    assert.equal(page.url(), `${site.url}${route}card/`);
    assert.equal(await page.locator('meta[name=robots]').getAttribute('content'), 'noindex');
    assert.equal(await page.locator('.top').count(), 0);
    await follow(page, () => page.locator('footer a').click());
    assert.equal(page.url(), site.url + route);
  });
});

describe('the weight of a page', () => {
  it('is below 14 kB, and below 45 kB with its style and script', async (t) => {
    const page = await open(t, personas[0].route);
    const files = await page.locator('link[rel=stylesheet], script[src]').evaluateAll((all) => all.map((each) => each.href ?? each.src));
    const zipped = async (path) => gzipSync(await readFile(join(out, path)), { level: 9 }).length;
    let rest = 0;
    for (const file of files) rest += await zipped(file.slice(site.url.length));
    const heavy = [];
    for (const { route } of personas) {
      const html = await zipped(`${route}index.html`);
      if (html > 14_000 || html + rest > 45_000) heavy.push(`${route}: ${html} + ${rest} bytes`);
    }
    assert.deepEqual(heavy, []);
    assert.ok(files.length >= 3 && rest > 1000, `${files}`);
  });
});

/** How many pages a PDF of Chromium's has. */
const pagesOf = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
