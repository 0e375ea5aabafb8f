// What the site tells of the history: what is new, and what changed in an entry; in three languages.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { accessible, browser, build, follow, host, openPage, project } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
const PERSONA = 'personas/imogen-clarke/';
const PAGES = ['news/', PERSONA, `${PERSONA}history/`, 'kpis/nps/'];
const WIDTHS = [1280, 390];

let chrome;
/** Language → where its site is served. */
const sites = {};

const run = promisify(execFile);
const git = (folder, ...args) =>
  run('git', ['-C', folder, '-c', 'user.name=Ada Byron', '-c', 'user.email=ada@example.com', ...args]);

/** Edits a file and commits everything. */
async function commit(folder, subject, path, edit) {
  if (path) {
    const file = join(folder, path);
    const text = await readFile(file, 'utf8');
    const edited = edit(text);
    assert.notEqual(edited, text, `${subject}: nothing to edit in ${path}`);
    await writeFile(file, edited);
  }
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '-q', '-m', subject);
}

/** The first goal of a persona, in other words. */
const withGoal = (text) => (file) => file.replace(/(\ngoals:\n(?:.*\n)*?\s+text: ).*/, `$1${text}`);

before(async () => {
  chrome = await browser(shared);
  for (const lang of ['en', 'de', 'he']) {
    const folder = await project(shared);
    const settings = join(folder, 'personary.yaml');
    if (lang !== 'en') {
      const written = await readFile(settings, 'utf8');
      await writeFile(settings, written.replace(/^lang: en$/m, `lang: ${lang}`).replace(/^languages:.*$/m, ''));
      for (const path of ['personas/imogen-clarke', 'personas/dez-fowler', 'journeys/pause-not-cancel']) {
        await rm(join(folder, 'content', `${path}.de.md`));
      }
    }
    await git(folder, 'init', '-q');
    const imogen = 'content/personas/imogen-clarke.md';
    const nps = 'content/kpis/nps.csv';
    await commit(folder, 'Begin the library');
    await commit(folder, 'Say it better', imogen, withGoal('Get to work on time every single day of the week.'));
    await commit(folder, 'Measure once more', nps, (text) => `${text.trimEnd()}\n${text.trimEnd().split('\n').at(-1).replace(/^\d{4}/, '2031')}\n`);
    await commit(folder, 'Edit the past', nps, (text) => text.split('\n').map((line, n) => (n === 1 ? line.replace(/(\d+)/, (year) => Number(year) - 20) : line)).join('\n'));
    await commit(folder, 'Say it shorter', imogen, withGoal('Get to work on time every day.'));
    await commit(folder, 'Tag it', imogen, (text) => text.replace(/^tags:.*$/m, 'tags: [one, two]'));
    await commit(folder, 'Say more', imogen, (text) => `${text}\nAnd one sentence more.\n`);
    await commit(folder, 'Take a word out', imogen, (text) => text.replace('And one sentence more.', 'And one sentence.'));
    sites[lang] = await host(shared, await build(shared, folder, ['--keep-going']));
  }
});

after(async () => {
  for (const release of cleanups) await release();
});

const open = (t, lang, path, options) => openPage(t, chrome, sites[lang].url + path, options);

describe('the history', () => {
  for (const lang of ['en', 'de', 'he']) {
    it(`is accessible and fits in ${lang}, in light and dark`, async (t) => {
      for (const path of PAGES) {
        for (const width of WIDTHS) {
          for (const colorScheme of ['light', 'dark']) {
            const page = await open(t, lang, path, { viewport: { width, height: 900 }, colorScheme });
            const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
            assert.equal(wide, false, `${lang}/${path} scrolls sideways at ${width}`);
            await accessible(page, `${lang}/${path} ${width} ${colorScheme}`);
            await page.close();
          }
        }
      }
    });
  }

  it('is told on the page of an entry without scripts, and leads to the earlier changes', async (t) => {
    const page = await open(t, 'en', PERSONA, { javaScriptEnabled: false });
    const steps = page.locator('.history .steps-told > li');
    assert.equal(await steps.count(), 4);
    assert.match(await steps.first().textContent(), /Take a word out[\s\S]*Text changed/);
    assert.match(await steps.first().textContent(), /Ada Byron/);
    const reworded = steps.nth(3);
    assert.match(await reworded.textContent(), /To review[\s\S]*Goal reworded/);
    assert.match(await reworded.locator('del b').allTextContents().then((all) => all.join(' ')), /single/);
    await follow(page, () => page.locator('.history > p a').click());
    assert.match(page.url(), /\/history\/$/);
    assert.equal(await page.locator('.steps-told > li').count(), 6);
    assert.match(await page.locator('.steps-told > li').last().textContent(), /Begin the library[\s\S]*New/);
  });

  it('links a change to the claim that it is about', async (t) => {
    const page = await open(t, 'en', 'news/');
    const link = page.locator('.words a', { hasText: 'Goal reworded' }).first();
    const href = await link.getAttribute('href');
    await follow(page, () => link.click());
    assert.notEqual(new URL(page.url()).hash, '');
    const anchor = decodeURIComponent(href.split('#')[1]);
    assert.equal(await page.locator(`[id="${anchor}"]`).count(), 1, href);
  });

  it('tells breaking changes apart by a word', async (t) => {
    for (const [lang, word] of [['en', 'Breaking'], ['de', 'Folgenschwer'], ['he', 'שובר']]) {
      const page = await open(t, lang, 'news/');
      assert.equal(await page.locator('.weight-breaking').first().textContent(), word);
    }
  });

  it('is told in the language of the site', async (t) => {
    const german = await open(t, 'de', PERSONA);
    assert.match(await german.locator('.history').textContent(), /Was sich hier geändert hat[\s\S]*Ziel umformuliert/);
    const hebrew = await open(t, 'he', PERSONA);
    assert.match(await hebrew.locator('.history').textContent(), /מטרה – ניסוח חדש/);
    assert.match(await hebrew.locator('.history > p a').textContent(), /שני שינויים קודמים/);
  });
});
