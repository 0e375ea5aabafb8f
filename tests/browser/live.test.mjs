// The preview in a real browser: what an author sees while saving files.

import assert from 'node:assert/strict';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { browser, field, files, project, published, serve, withField } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
/** An author looks up from the editor: by then the page must show what was saved. */
const SOON = 2000;

let chrome;

before(async () => {
  chrome = await browser(shared);
});

after(async () => {
  for (const release of cleanups) await release();
});

describe('the preview of the sample', () => {
  let folder;
  let server;
  let personas;
  let originals;

  before(async () => {
    folder = await project(shared);
    server = await serve(shared, folder);
    const entities = await published(folder);
    personas = entities.filter(({ kind, text }) => kind === 'persona' && field(text, 'status') === 'active');
    assert.ok(personas.length >= 2, 'the sample needs two active personas');
    originals = new Map(entities.map(({ file, text }) => [file, text]));
  });

  // Each test begins with the sample as it is in the repository.
  beforeEach(async () => {
    for (const [file, text] of originals) {
      if ((await readFile(join(folder, file), 'utf8').catch(() => '')) !== text) await writeFile(join(folder, file), text);
    }
  });

  const save = (file, text) => writeFile(join(folder, file), text);

  it('answers with pages that are marked as live', async (t) => {
    const { page } = await open(t, server.url);
    assert.equal(await page.title().then((title) => title.length > 0), true);
    assert.equal((await page.request.get(`${server.url}personas/no-such-persona/`)).status(), 404);
  });

  it('shows a saved summary of a persona at once and keeps place and focus', async (t) => {
    const { page } = await open(t, server.url + personas[0].route);
    await keepsPlace(page, personas[0]);
  });

  it('keeps open what the reader opened', async (t) => {
    const { entity, page } = await openWithDetails(t);
    const details = page.locator('main details').last();
    const was = await details.evaluate((each) => each.open);
    await details.evaluate((each) => (each.open = !each.open));
    await keepsPlace(page, entity);
    assert.equal(await page.locator('main details').last().evaluate((each) => each.open), !was, 'the opened part closed');
  });

  it('shows a file that an editor replaced in one move', async (t) => {
    const { page } = await open(t, server.url + personas[0].route);
    for (const round of [1, 2, 3]) {
      const { after: fresh, text } = reworded(personas[0], `Replaced ${round}`);
      const aside = join(folder, dirname(personas[0].file), `.${personas[0].id}.md.swp-${round}`);
      await writeFile(aside, text);
      await rename(aside, join(folder, personas[0].file));
      await shows(page, fresh);
    }
    await stayed(page);
  });

  it('shows a panel with file and line while the front matter is broken', async (t) => {
    const [entity] = personas;
    const { page } = await open(t, server.url + entity.route);
    assert.equal(await panel(page).count(), 0, 'a panel without a fault');
    const line = entity.text.split('\n').findIndex((each) => /^market: /.test(each)) + 1;
    assert.ok(line > 1);
    await save(entity.file, entity.text.replace(/^market: /m, 'market: [['));

    await panel(page).waitFor({ state: 'attached', timeout: SOON });
    const words = await panel(page).innerText();
    assert.ok(words.includes(`${entity.file}:${line}:`), `the panel does not name line ${line} of ${entity.file}:\n${words}`);
    const editor = await panel(page).locator('.place a').first().getAttribute('href');
    assert.match(editor, new RegExp(`^vscode://file/.*/${entity.file}:${line}:\\d+$`));
    await stayed(page);

    // Whoever opens the page now is told as well.
    const { page: late } = await open(t, server.url + entity.route);
    await panel(late).waitFor({ state: 'attached', timeout: SOON });

    await save(entity.file, entity.text);
    await panel(page).waitFor({ state: 'detached', timeout: SOON });
    await panel(late).waitFor({ state: 'detached', timeout: SOON });
    await shows(page, field(entity.text, 'name'));
  });

  it('prints what is wrong as text, never as markup', async (t) => {
    const [entity] = personas;
    const { page } = await open(t, server.url + entity.route);
    await save(entity.file, withField(entity.text, 'market', '<img src=x onerror="window.hit = true">'));
    await panel(page).waitFor({ state: 'attached', timeout: SOON });
    assert.match(await panel(page).innerText(), /<img src=x/);
    await page.waitForTimeout(200);
    assert.equal(await page.evaluate(() => window.hit), undefined);
  });

  it('follows a file that is made, renamed and deleted', async (t) => {
    const [one, two] = ['content/personas/zz-first-name.md', 'content/personas/zz-second-name.md'];
    t.after(() => Promise.all([one, two].map((file) => rm(join(folder, file), { force: true }))));
    const text = withField(personas[0].text, 'name', 'Test of Renaming').replace(/^aliases:.*(\n\s+.*)*\n/m, '');
    const { page: index } = await open(t, `${server.url}personas/`);

    await save(one, text);
    await answers(`${server.url}personas/zz-first-name/`, 200);
    await shows(index, 'Test of Renaming');
    const { page } = await open(t, `${server.url}personas/zz-first-name/`);
    await shows(page, 'Test of Renaming');

    await rename(join(folder, one), join(folder, two));
    await answers(`${server.url}personas/zz-first-name/`, 404);
    await answers(`${server.url}personas/zz-second-name/`, 200);
    await shows404(page, server.url);
    await index.waitForFunction(
      () => document.querySelector('main a[href$="zz-second-name/"]') && !document.querySelector('main a[href$="zz-first-name/"]'),
      undefined,
      { timeout: SOON },
    );

    const { page: second } = await open(t, `${server.url}personas/zz-second-name/`);
    await rm(join(folder, two));
    await answers(`${server.url}personas/zz-second-name/`, 404);
    await shows404(second, server.url);
    await index.waitForFunction(() => !document.querySelector('main a[href*="zz-"]'), undefined, { timeout: SOON });
    await stayed(index);
  });

  it('keeps what was typed into a filter, and what it hides', async (t) => {
    const [entity] = personas;
    const { page } = await open(t, `${server.url}personas/`);
    const filter = page.locator('main input:is([type=search], [type=text], :not([type])):visible').first();
    const query = field(entity.text, 'name').split(' ')[0];
    const visible = () =>
      page.evaluate(() => [...new Set([...document.querySelectorAll('main a[href*="personas/"], main li a[href]')].filter((each) => each.checkVisibility()).map((each) => each.href))]);
    const all = await visible();
    await filter.click();
    await filter.pressSequentially(query);
    await page.waitForTimeout(400);
    const some = await visible();
    assert.ok(some.length > 0 && some.length < all.length, `the filter shows ${some.length} of ${all.length}`);

    const { after: fresh, text } = reworded(entity);
    await save(entity.file, text);
    await page.waitForFunction((wanted) => document.querySelector('main').textContent.replace(/\s+/g, ' ').includes(wanted), fresh, { timeout: SOON });
    await stayed(page);
    assert.equal(await filter.inputValue(), query);
    assert.equal(await filter.evaluate((each) => each === document.activeElement), true, 'the filter lost the focus');
    assert.deepEqual(await visible(), some, 'the filter was forgotten');
    await page.keyboard.type('x');
    assert.equal(await filter.inputValue(), `${query}x`, 'the caret moved');
  });

  it('updates the one tab whose page changed', async (t) => {
    const [changed, untouched] = personas;
    const tabs = {};
    for (const [name, path] of Object.entries({ changed: changed.route, untouched: untouched.route, fields: 'fields/', terms: 'terms/' })) {
      tabs[name] = (await open(t, server.url + path)).page;
    }
    // The body of a persona is shown on its own page alone.
    await save(changed.file, `${changed.text.trimEnd()}\n\nA paragraph that only one page shows.\n`);
    await shows(tabs.changed, 'A paragraph that only one page shows.');
    await tabs.changed.waitForTimeout(500);
    const updates = {};
    for (const [name, page] of Object.entries(tabs)) {
      await stayed(page);
      updates[name] = await page.evaluate(() => window.updates);
    }
    assert.deepEqual(updates, { changed: 1, untouched: 0, fields: 0, terms: 0 });
  });

  it('goes on when the server is started again', async (t) => {
    const own = await project(t);
    const first = await serve(t, own);
    const port = new URL(first.url).port;
    const { page } = await open(t, first.url + personas[0].route);
    await first.stop();
    const second = await serve(t, own, { port });
    assert.equal(second.url, first.url);
    const { after: fresh, text } = reworded(personas[0]);
    await writeFile(join(own, personas[0].file), text);
    // The browser tries again after a pause of its own.
    await shows(page, fresh, 10_000);
  });

  /** Scrolls down, puts the focus on a link, changes the summary: the words change, the rest stays. */
  async function keepsPlace(page, entity) {
    await page.evaluate(() => scrollTo({ top: 260, behavior: 'instant' }));
    const link = await page.evaluate(() => {
      const target = [...document.querySelectorAll('main a[href]')].filter((each) => each.checkVisibility()).at(-1);
      target.focus({ preventScroll: true });
      return target.getAttribute('href');
    });
    const top = await page.evaluate(() => scrollY);
    assert.ok(top > 0, 'the page is too short to scroll');

    const { before: old, after: fresh, text } = reworded(entity);
    assert.ok((await shownText(page)).includes(old), `${entity.route} does not show its summary`);
    await save(entity.file, text);
    await shows(page, fresh);

    await stayed(page);
    assert.ok(Math.abs((await page.evaluate(() => scrollY)) - top) <= 2, 'the page scrolled');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), link, 'the focus moved');
  }

  /** The first entity page with a part that opens; journeys and KPIs have their figures as a table in one. */
  async function openWithDetails(t) {
    const page = (await open(t, server.url)).page;
    const entities = (await published(folder)).filter(({ kind }) => kind === 'journey' || kind === 'kpi');
    for (const entity of entities) {
      await page.goto(server.url + entity.route, { waitUntil: 'load' });
      const usable = await page.evaluate(() => document.querySelectorAll('main details').length > 0 && document.body.scrollHeight > innerHeight + 400);
      if (!usable || !(await shownText(page)).includes(field(entity.text, 'summary') ?? '\0')) continue;
      await mark(page);
      return { entity, page };
    }
    throw new Error('no page of the sample shows a summary and has a part that opens');
  }
});

describe('the preview of a project with a theme of its own', () => {
  it('swaps a style sheet without loading the page again', async (t) => {
    const folder = await project(t);
    const config = join(folder, 'personary.yaml');
    const written = await readFile(config, 'utf8');
    await writeFile(config, `${written.replace(/^theme:.*\n?/m, '')}\ntheme: mine\n`);
    const style = join(folder, 'themes/mine/static/style.css');
    await mkdir(dirname(style), { recursive: true });
    await writeFile(style, 'body { --probe: one; }\n');

    const server = await serve(t, folder);
    const { page } = await open(t, `${server.url}personas/`);
    const probe = () => page.evaluate(() => getComputedStyle(document.body).getPropertyValue('--probe').trim());
    assert.equal(await probe(), 'one', 'the theme’s own style.css is not used');
    for (const value of ['two', 'three']) {
      await writeFile(style, `body { --probe: ${value}; }\n`);
      await page.waitForFunction((wanted) => getComputedStyle(document.body).getPropertyValue('--probe').trim() === wanted, value, { timeout: SOON });
    }
    await stayed(page);
    assert.equal(await page.locator('link[rel=stylesheet][href*="style.css"]').count(), 1, 'the old style sheet was left behind');
  });

  it('shows a changed template', async (t) => {
    const folder = await project(t);
    const config = join(folder, 'personary.yaml');
    const written = await readFile(config, 'utf8');
    await writeFile(config, `${written.replace(/^theme:.*\n?/m, '')}\ntheme: mine\n`);
    const template = join(folder, 'themes/mine/templates/404.html');
    await mkdir(dirname(template), { recursive: true });
    await writeFile(template, '<!doctype html><html lang="en"><title>t</title><main><h1>First words</h1></main></html>');
    const server = await serve(t, folder);
    const says = async () => (await fetch(`${server.url}nowhere/`)).text();
    assert.match(await says(), /First words/);
    await writeFile(template, '<!doctype html><html lang="en"><title>t</title><main><h1>Other words</h1></main></html>');
    const end = Date.now() + SOON;
    while (!/Other words/.test(await says())) {
      assert.ok(Date.now() < end, 'the template was not read again');
      await new Promise((done) => setTimeout(done, 25));
    }
  });
});

describe('the static file watch', () => {
  it('serves a file of static/ as it was last saved', async (t) => {
    const folder = await project(t);
    await mkdir(join(folder, 'static'), { recursive: true });
    await writeFile(join(folder, 'static/probe.txt'), 'one');
    const server = await serve(t, folder);
    const says = async () => (await fetch(`${server.url}probe.txt`)).text();
    assert.equal(await says(), 'one');
    await writeFile(join(folder, 'static/probe.txt'), 'two');
    const end = Date.now() + SOON;
    while ((await says()) !== 'two') {
      assert.ok(Date.now() < end, 'the file was not read again');
      await new Promise((done) => setTimeout(done, 25));
    }
    assert.ok((await files(join(folder, 'static'))).includes('probe.txt'));
  });
});

// ---- helpers

/** A tab with a mark on its window, which a navigation would wipe off, and a count of updates. */
async function open(t, address) {
  const context = await chrome.newContext({ viewport: { width: 1280, height: 700 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.updates = 0;
    // The capture phase passes window wherever the event is sent, and whether it bubbles or not.
    window.addEventListener('personary:update', () => (window.updates += 1), { capture: true });
  });
  await page.goto(address, { waitUntil: 'load' });
  await mark(page);
  return { context, page };
}

async function mark(page) {
  await page.evaluate(() => (window.marker = 'still here'));
  // Time for the event stream to be open: an edit before that is another test's matter.
  await page.waitForTimeout(300);
}

async function stayed(page) {
  assert.equal(await page.evaluate(() => window.marker), 'still here', 'the page was loaded again');
}

const shownText = (page) => page.evaluate(() => document.querySelector('main').textContent.replace(/\s+/g, ' '));

async function shows(page, words, timeout = SOON) {
  await page
    .waitForFunction((wanted) => document.querySelector('main')?.textContent.replace(/\s+/g, ' ').includes(wanted), words, { timeout })
    .catch(async (error) => {
      throw new Error(`after ${timeout} ms ${page.url()} does not show "${words}": ${error.message.split('\n')[0]}`);
    });
}

async function shows404(page, url) {
  const lost = await (await fetch(`${url}no/such/page/`)).text();
  const heading = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(lost)?.[1].replace(/<[^>]*>/g, '').replace(/\s+/g, ' ').trim();
  assert.ok(heading, 'the 404 page has no heading');
  await page.waitForFunction((wanted) => document.querySelector('h1')?.textContent.replace(/\s+/g, ' ').trim() === wanted, heading, { timeout: SOON });
}

async function answers(address, status) {
  const end = Date.now() + SOON;
  for (;;) {
    const response = await fetch(address);
    await response.arrayBuffer();
    if (response.status === status) return;
    assert.ok(Date.now() < end, `${address} answers ${response.status}, not ${status}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** The findings on top of a page, in a shadow root of their own. */
const panel = (page) => page.locator('personary-live section.panel');

/** A new summary as long as the old one, so that nothing on the page moves. */
function reworded(entity, start = 'Reworded') {
  const old = field(entity.text, 'summary');
  const fresh = `${start} ${old.slice(start.length + 1).trimStart()}`;
  return { before: old, after: fresh, text: withField(entity.text, 'summary', fresh) };
}
