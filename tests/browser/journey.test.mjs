// The journey map in a real browser: what stays in view, what can be hidden, the presentation,
// the form on phones and on paper. The long and the short journeys are made for it.

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import { browser, build, host, project } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
const FOUR = ['ruth-adeyinka', 'callum-reid', 'sunita-desai', 'geraint-pugh'];
const RICH = 'journeys/fleet-buying/';
const LONG = 'journeys/a-long-one/';

let chrome;
let site;
let folder;

before(async () => {
  folder = await project(shared);
  await mkdir(join(folder, 'content/journeys'), { recursive: true });
  await writeFile(join(folder, 'content/journeys/a-long-one.md'), journey('A long one', FOUR, 8, 6, (n) => `{ ${FOUR.map((id, k) => `${id}: ${n === 47 ? 1 : ((n * (k + 2)) % 5) - 2}`).join(', ')} }`));
  await writeFile(join(folder, 'content/journeys/a-short-one.md'), journey('A short one', ['bea-holloway'], 1, 1, () => '{ ruth-adeyinka: 1 }'));
  await writeFile(join(folder, 'content/journeys/a-silent-pair.md'), journey('A silent pair', FOUR.slice(1, 3), 1, 1, () => '{ ruth-adeyinka: 1 }'));
  const out = await build(shared, folder, ['--keep-going']);
  site = await host(shared, out);
  chrome = await browser(shared);
});

after(async () => {
  for (const release of cleanups) await release();
});

function journey(name, personas, stages, steps, emotion) {
  const lines = ['---', `name: ${name}`, `personas: [${personas.join(', ')}]`, 'scenario: All of it.', 'state: current', 'owner: fleet-sales', 'status: active', 'stages:'];
  for (let stage = 0; stage < stages; stage += 1) {
    lines.push(`  - id: stage-${stage}`, `    name: Stage number ${stage}`, '    goal: Come to its end', '    steps:');
    for (let step = 0; step < steps; step += 1) {
      lines.push(`      - action: Does the thing ${stage * steps + step}`, `        emotion: ${emotion(stage * steps + step)}`);
      if (stages > 1) lines.push('        thought: What now?', '        pains: [It takes too long for what it is]', '        opportunities: [Make it shorter]', '        backstage: [Somebody answers]');
    }
  }
  return `${lines.join('\n')}\n---\n`;
}

async function open(t, path, { width = 1280, height = 800, base = site.url, ...options } = {}) {
  const context = await chrome.newContext({ reducedMotion: 'reduce', viewport: { width, height }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(error));
  page.setDefaultTimeout(5000);
  await page.goto(base + path, { waitUntil: 'load' });
  return page;
}

const box = (page, selector) => page.locator(selector).first().evaluate((each) => each.getBoundingClientRect().toJSON());
const settled = (page) => page.waitForTimeout(60);
const shown = (page, selector) => page.locator(selector).evaluateAll((all) => all.filter((each) => each.checkVisibility({ checkVisibilityCSS: true }) && each.getClientRects().length > 0).length);
const search = (page) => page.evaluate(() => location.search);
/** What the browser finds at the middle of a box. */
const onTop = (page, selector) =>
  page.locator(selector).first().evaluate((each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    return each.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });

describe('the map on a wide screen', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`keeps stages at its top and lanes at its side, script ${javaScriptEnabled}`, async (t) => {
      const height = 560;
      const page = await open(t, LONG, { height, javaScriptEnabled });
      await page.locator('.frame').scrollIntoViewIfNeeded();
      const frame = await box(page, '.frame');
      assert.ok(frame.height <= height, `the frame is ${frame.height} px high`);
      await page.locator('.frame').evaluate((each) => each.scrollTo({ left: 4000, top: 150, behavior: 'instant' }));
      await settled(page);
      assert.ok((await page.locator('.frame').evaluate((each) => each.scrollTop)) > 100, 'the frame scrolls down');
      const [at, head, lane] = [await box(page, '.frame'), await box(page, '.stage-nav'), await box(page, '.lanes .ln-pains')];
      assert.ok(Math.abs(head.top - at.top) <= 2, `stages at ${head.top}, frame at ${at.top}`);
      assert.ok(Math.abs(lane.left - at.left) <= 2, `lanes at ${lane.left}, frame at ${at.left}`);
      assert.ok(await onTop(page, '.corner'), 'something lies over the corner');
      // The name of a stage six columns wide is to be read wherever in it one is.
      const names = await page.locator('.stage-nav a').evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON()));
      assert.ok(names.some(({ left, right }) => left >= at.left + 110 && right <= at.right), 'no name of a stage is in view');
    });
  }

  it('lets the page scroll, and the stages stay, where all steps fit', async (t) => {
    const page = await open(t, RICH, { width: 1920, height: 700 });
    const { overflow, inner, outer } = await page.locator('.frame').evaluate((each) => ({ overflow: getComputedStyle(each).overflowY, inner: each.scrollWidth, outer: each.clientWidth }));
    assert.equal(overflow, 'visible');
    assert.ok(inner <= outer + 1, `${inner} px in ${outer} px`);
    await page.locator('.ln-backstage').last().evaluate((each) => scrollTo({ top: each.getBoundingClientRect().top + scrollY - 300, behavior: 'instant' }));
    await settled(page);
    assert.ok((await box(page, '.frame')).top < -100);
    assert.ok(Math.abs((await box(page, '.stage-nav')).top) <= 1, 'stages at the top of the window');
  });

  it('scrolls by the keyboard, and never hides what has the focus below its heads', async (t) => {
    const page = await open(t, RICH, { height: 640 });
    await page.locator('.frame').focus();
    for (let n = 0; n < 6; n += 1) await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.querySelector('.frame').scrollTop > 100);
    const hidden = [];
    for (let n = 0; n < 80; n += 1) {
      await page.keyboard.press('Tab');
      await settled(page);
      const fault = await page.evaluate(() => {
        const each = document.activeElement;
        if (!each.closest('.step')) return null;
        const { left, top, width, height } = each.getBoundingClientRect();
        const hit = document.elementFromPoint(left + width / 2, top + height / 2);
        return each.contains(hit) ? null : each.textContent;
      });
      if (fault) hidden.push(fault);
    }
    assert.deepEqual(hidden, []);
  });

  for (const path of ['#bad-week', '#roll-out', '#van-contract-ends']) {
    it(`brings ${path} into view, below the stages`, async (t) => {
      const page = await open(t, RICH + path, { height: 720 });
      await page.waitForTimeout(100);
      const [head, target, frame] = [await box(page, '.stage-nav'), await box(page, ':target h4'), await box(page, '.frame')];
      assert.ok(head.top >= 0, `the stages begin at ${head.top}`);
      assert.ok(target.top >= head.bottom && target.bottom < 720, `the step is at ${target.top}, the stages end at ${head.bottom}`);
      assert.ok(target.left >= frame.left + 110 && target.left < frame.right - 100, `the step is at ${target.left}`);
    });
  }

  it('says stage, step and lane to those who hear it', async (t) => {
    const page = await open(t, RICH);
    const tree = await page.locator('.stages').ariaSnapshot();
    const place = ['Stage 3: Pilot', 'Connects sign-in', 'Thinking', 'Feeling', 'Callum Reid', 'Neutral', 'Touchpoint', 'Fleetdesk', 'Pains', 'Availability up to', 'Opportunities', 'Push a change', 'KPIs', 'Backstage', 'Evidence'].reduce((from, text) => {
      const at = tree.indexOf(text, from);
      assert.ok(at >= 0, `"${text}" is not where it belongs:\n${tree.slice(from, from + 800)}`);
      return at;
    }, 0);
    assert.ok(place > 0);
  });
});

describe('the curves', () => {
  it('have a dash, a marker and a name each, and names do not lie upon each other', async (t) => {
    const page = await open(t, LONG);
    const forms = await page.locator('.plot .line').evaluateAll((all) => all.map((each) => getComputedStyle(each).strokeDasharray));
    assert.equal(new Set(forms).size, 4, forms.join(' | '));
    const marks = await page.locator('.defs [id^=m] path').evaluateAll((all) => all.map((each) => each.getAttribute('d')));
    assert.equal(new Set(marks).size, 4);
    const names = await page.locator('.ends span').evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON()));
    assert.equal(names.length, 4);
    for (const [n, one] of names.entries()) {
      for (const other of names.slice(n + 1)) assert.ok(one.bottom <= other.top + 1 || other.bottom <= one.top + 1, 'names overlap');
    }
  });

  it('show those who feel alike side by side', async (t) => {
    const page = await open(t, LONG);
    // At the last step all four feel the same.
    const places = await page.locator('.plot g > svg:last-child use').evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().left)));
    assert.equal(new Set(places).size, 4, places.join(' '));
  });

  it('can be left out one by one; the words stay', async (t) => {
    for (const javaScriptEnabled of [true, false]) {
      const page = await open(t, RICH, { javaScriptEnabled });
      const words = await shown(page, '.ln-feeling li');
      await page.locator('#who-1').uncheck();
      assert.equal(await shown(page, '.plot .w1'), 0);
      assert.ok((await shown(page, '.plot .w0')) >= 2);
      assert.equal(await shown(page, '.ln-feeling li'), words);
      if (!javaScriptEnabled) continue;
      assert.equal(await search(page), '?without=callum-reid');
      await page.reload();
      assert.equal(await page.locator('#who-1').isChecked(), false);
    }
  });

  it('step back while one of them is pointed at', async (t) => {
    const page = await open(t, RICH);
    await page.locator('.legend li').nth(2).hover();
    const opacity = (n) => page.locator(`.plot .line.w${n}`).evaluate((each) => Number(getComputedStyle(each).opacity));
    await page.waitForFunction(() => getComputedStyle(document.querySelector('.plot .line.w0')).opacity < 0.3);
    assert.equal(await opacity(2), 1);
  });

  it('are the same in the table', async (t) => {
    const page = await open(t, RICH);
    await page.locator('.data summary').click();
    const row = await page.locator('.data tr', { hasText: 'first bad week' }).locator('td').allTextContents();
    assert.deepEqual(row, ['Frustrated (−2)', '–', 'Uneasy (−1)', 'Uneasy (−1)']);
  });

  it('are not drawn where nobody feels anything', async (t) => {
    for (const path of ['journeys/a-short-one/', 'journeys/a-silent-pair/']) {
      const page = await open(t, path);
      assert.equal(await page.locator('.curve').count(), 0);
      assert.equal(await page.locator('.data').count(), 0);
      assert.equal(await shown(page, '.step h4'), 1);
    }
  });
});

describe('the lanes', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`can be chosen, script ${javaScriptEnabled}`, async (t) => {
      for (const width of [1280, 390]) {
        const page = await open(t, RICH, { width, javaScriptEnabled });
        assert.ok((await shown(page, '.ln-evidence')) > 0);
        assert.equal(await shown(page, '.own'), 0);
        await page.getByLabel('Essentials').check();
        assert.equal(await shown(page, '.ln-evidence'), 0);
        assert.ok((await shown(page, '.ln-pains')) > 0);
        await page.getByLabel('Choose lanes').check();
        assert.ok((await shown(page, '.ln-evidence')) > 0);
        await page.getByLabel('Pains', { exact: true }).uncheck();
        await page.getByLabel('Emotion', { exact: true }).uncheck();
        assert.equal(await shown(page, '.ln-pains'), 0);
        assert.equal(await shown(page, '.curve'), 0);
        assert.ok((await shown(page, '.ln-kpis')) > 0);
        await page.emulateMedia({ media: 'print' });
        assert.equal(await shown(page, '.ln-pains'), 0, 'print follows the choice');
        assert.ok((await shown(page, '.ln-kpis')) > 0);
      }
    });
  }

  it('are chosen by keyboard, remembered in the address, and come back from it', async (t) => {
    const page = await open(t, `${RICH}#pilot`);
    await page.getByLabel('All lanes').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await search(page), '?lanes=few');
    await page.keyboard.press('ArrowRight');
    await page.getByLabel('Thinking', { exact: true }).focus();
    await page.keyboard.press('Space');
    const chosen = await search(page);
    assert.match(chosen, /^\?lanes=goal,curve,feeling,touchpoint,pains,opportunities,kpis,backstage,evidence$/);
    assert.equal(await page.evaluate(() => location.hash), '#pilot');
    const other = await open(t, RICH + chosen);
    assert.equal(await shown(other, '.ln-thought'), 0);
    assert.ok((await shown(other, '.ln-pains')) > 0);
    await other.getByLabel('All lanes').check();
    assert.equal(await search(other), '');
  });

  it('hold against an address that means nothing', async (t) => {
    const page = await open(t, `${RICH}?lanes=%22%5D,zzz&without=nobody#%E0%A4%A`);
    assert.equal(await page.locator('#lanes-own').isChecked(), true);
    await page.locator('[data-present]').click();
    assert.match(await page.locator('output').textContent(), /^Stage 1 of 6/);
  });
});

describe('the presentation', () => {
  const place = (page) => page.locator('.show-bar output').textContent();
  const begin = async (page) => {
    await page.locator('[data-present]').focus();
    await page.keyboard.press('Enter');
    await page.locator('.present').waitFor();
  };

  it('goes by keyboard alone and gives the focus back', async (t) => {
    const page = await open(t, RICH);
    await page.evaluate(() => scrollTo({ top: 120, behavior: 'instant' }));
    await begin(page);
    const top = await page.evaluate(() => scrollY);
    const keys = [['ArrowRight', 2], ['PageDown', 3], [' ', 4], ['Shift+ ', 3], ['ArrowLeft', 2], ['End', 6], ['ArrowRight', 6], ['PageUp', 5], ['Home', 1], ['PageUp', 1]];
    assert.match(await place(page), /^Stage 1 of 6: Trigger$/);
    for (const [key, n] of keys) {
      await page.keyboard.press(key);
      assert.match(await place(page), new RegExp(`^Stage ${n} of 6: `), key);
      assert.equal(await shown(page, '.stage'), 1);
      assert.equal(await page.locator('.stage-nav [aria-current]').count(), 1);
    }
    assert.equal(await page.locator('.show-bar output').getAttribute('role') ?? 'status', 'status');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'frame');
    // Nothing behind it can be reached.
    for (let n = 0; n < 60; n += 1) {
      await page.keyboard.press('Tab');
      const outside = await page.evaluate(() => document.activeElement !== document.body && !document.activeElement.closest('.present'));
      assert.equal(outside, false);
    }
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('.present') && !document.fullscreenElement);
    assert.ok(await page.evaluate(() => document.activeElement.matches('[data-present]')));
    assert.equal(await page.evaluate(() => document.querySelectorAll('[inert]').length), 0);
    assert.ok(Math.abs((await page.evaluate(() => scrollY)) - top) < 200);
  });

  it('fills the window where the whole screen cannot be had, and marks the curve of the stage', async (t) => {
    const page = await open(t, `${RICH}#bad-week`, { width: 1280, height: 720 });
    await page.evaluate(() => { Element.prototype.requestFullscreen = () => Promise.reject(new Error('no')); });
    await begin(page);
    assert.match(await place(page), /^Stage 3 of 6: Pilot/, 'it begins where the reader is');
    const { left, top, width, height } = await box(page, '.present');
    assert.deepEqual([left, top, width, height], [0, 0, 1280, 720]);
    const [now, name] = [await box(page, '.plot .now'), await box(page, '.stage-nav li:has([aria-current])')];
    assert.ok(Math.abs(now.left - name.left) < 12 && Math.abs(now.right - name.right) < 12, `${now.left}–${now.right} below ${name.left}–${name.right}`);
    assert.match(await page.locator('[data-go="1"]').textContent(), /Next stage: Business case/);
    await page.locator('[data-go="1"]').click();
    assert.match(await place(page), /^Stage 4/);
    await page.locator('.stage-nav a').nth(1).click();
    assert.match(await place(page), /^Stage 2/);
    await page.locator('[data-end]').click();
    assert.equal(await page.locator('.present').count(), 0);
    assert.equal(await shown(page, '.stage'), 6);
  });

  it('turns at a stroke of the finger', async (t) => {
    const page = await open(t, RICH, { width: 390, height: 800, hasTouch: true });
    await page.locator('[data-present]').tap();
    const client = await page.context().newCDPSession(page);
    const stroke = async (from, to) => {
      await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [from] });
      await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [to] });
      await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    await stroke({ x: 300, y: 400 }, { x: 80, y: 410 });
    assert.match(await place(page), /^Stage 2/);
    await stroke({ x: 80, y: 400 }, { x: 300, y: 410 });
    assert.match(await place(page), /^Stage 1/);
    await stroke({ x: 200, y: 600 }, { x: 190, y: 300 });
    assert.match(await place(page), /^Stage 1/, 'a stroke down scrolls');
    const { wide, width } = await page.evaluate(() => ({ wide: document.scrollingElement.scrollWidth, width: innerWidth }));
    assert.ok(wide <= width);
  });

  it('has no accessibility violation, light and dark, wide and narrow', async (t) => {
    for (const width of [1280, 390]) {
      const page = await open(t, LONG, { width });
      await begin(page);
      await page.evaluate(axe.source);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(() => window.axe.run('.map-section', { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target }) => target.join(' '))}`), [], `${width} ${colorScheme}`);
      }
    }
  });

  it('is not offered without a script', async (t) => {
    const page = await open(t, RICH, { javaScriptEnabled: false });
    assert.equal(await shown(page, '[data-present], .show-bar'), 0);
  });
});

describe('on a phone', () => {
  for (const width of [390, 320]) {
    it(`reads stage by stage, ${width} px wide`, async (t) => {
      for (const path of [RICH, LONG, 'journeys/a-short-one/']) {
        const page = await open(t, path, { width, height: 700 });
        const { wide, inner } = await page.evaluate(() => ({ wide: document.scrollingElement.scrollWidth, inner: innerWidth }));
        assert.ok(wide <= inner, `${path} is ${wide} px wide`);
      }
      const page = await open(t, `${RICH}#bad-week`, { width, height: 700 });
      await page.waitForTimeout(100);
      const [head, step] = [await box(page, '#pilot .stage-h'), await box(page, '#bad-week')];
      assert.ok(Math.abs(head.top) <= 1, `the stage's name is at ${head.top}`);
      assert.ok(step.top >= head.bottom - 1 && step.top < 200, `the step is at ${step.top}, the name ends at ${head.bottom}`);
      // Each persona: marker, name, bar, face and word.
      const felt = page.locator('#bad-week .ln-feeling li').first();
      assert.match(await felt.innerText(), /Ruth Adeyinka[\s\S]*Frustrated/);
      assert.equal(await felt.locator('svg').count(), 2);
      assert.ok(await felt.evaluate((each) => parseFloat(getComputedStyle(each, '::before').width) >= 40), 'the bar can be seen');
      // Its neighbours are a touch away.
      const next = page.locator('#bad-week .way a').last();
      const { width: w, height: h } = await next.evaluate((each) => each.getBoundingClientRect().toJSON());
      assert.ok(w >= 24 && h >= 24);
      await next.click();
      await page.waitForURL(/#rebuild-the-sum$/);
      await page.locator('.stage-nav a').nth(4).click();
      await page.waitForURL(/#contract$/);
    });
  }

  it('names no step before the first and none after the last', async (t) => {
    const page = await open(t, RICH, { width: 390 });
    const links = page.locator('.way a');
    assert.equal(await links.count(), 14);
    const faults = await links.evaluateAll((all) => all.filter((each) => !document.querySelector(`.step[id="${each.hash.slice(1)}"]`)).length);
    assert.equal(faults, 0);
  });
});

describe('from right to left', () => {
  it('the first step is on the right, in the map and in the curve', async (t) => {
    const settings = join(folder, 'personary.yaml');
    const text = await readFile(settings, 'utf8');
    await writeFile(settings, /^lang:/m.test(text) ? text.replace(/^lang:.*$/m, 'lang: ar') : `lang: ar\n${text}`);
    const out = await build(t, folder, ['--keep-going']);
    await writeFile(settings, text);
    const { url } = await host(t, out);
    const page = await open(t, RICH, { base: url });
    const [first, last] = [await box(page, '#van-contract-ends'), await box(page, '#store-by-store')];
    assert.ok(first.left > last.right);
    const mark = await box(page, '.plot g.w0 > svg use');
    assert.ok(mark.left > first.left && mark.right < first.right, 'the first marker stands over the first step');
    await page.locator('[data-present]').click();
    await page.keyboard.press('ArrowLeft');
    assert.match(await page.locator('output').textContent(), /Shortlist/);
  });
});

describe('on paper', () => {
  for (const format of ['A4', 'Letter']) {
    it(`takes few sheets of ${format}`, async (t) => {
      // A change that wastes a sheet is to be looked at.
      const most = { 'fleet-buying': 3, 'breakdown-day': 2, 'connecting-fleetdesk': 2, 'fleet-renewal': 2, 'household-first-bike': 3, 'pause-not-cancel': 2, 'winter-riders': 2, 'a-short-one': 1, 'a-long-one': 9 };
      for (const [id, sheets] of Object.entries(most)) {
        const page = await open(t, `journeys/${id}/`);
        const pdf = (await page.pdf({ format, printBackground: true })).toString('latin1');
        const found = pdf.match(/\/Type\s*\/Page[^s]/g).length;
        assert.ok(found <= sheets, `${id} takes ${found} sheets`);
      }
    });
  }

  it('cuts no column', async (t) => {
    for (const path of [RICH, LONG]) {
      const page = await open(t, path, { width: 720 });
      await page.emulateMedia({ media: 'print' });
      const beyond = await page.locator('.map-section *').evaluateAll((all) => all.filter((each) => each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 80)));
      assert.deepEqual(beyond, []);
      assert.ok((await shown(page, '.step')) > 0);
    }
  });
});
