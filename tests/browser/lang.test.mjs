// Languages: a German and a Hebrew site, and pages that are there in two languages.

import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { accessible, browser, build, follow, host, openPage, project } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
const PAGES = ['', 'personas/', 'personas/imogen-clarke/', 'journeys/pause-not-cancel/', 'kpis/', 'kpis/nps/', 'health/', 'rules/'];

let chrome;
/** Language → where its site is served. */
const sites = {};

before(async () => {
  chrome = await browser(shared);
  for (const lang of ['en', 'de', 'he']) {
    const folder = await project(shared);
    const settings = join(folder, 'personary.yaml');
    const written = await readFile(settings, 'utf8');
    const own = lang === 'en' ? written : written.replace(/^lang: en$/m, `lang: ${lang}`).replace(/^languages:.*$/m, '');
    await writeFile(settings, own);
    // Without the setting the translations would be entities of their own.
    if (lang !== 'en') {
      for (const path of ['personas/imogen-clarke', 'personas/dez-fowler', 'journeys/pause-not-cancel']) {
        await rm(join(folder, 'content', `${path}.de.md`));
      }
    }
    sites[lang] = await host(shared, await build(shared, folder));
  }
});

after(async () => {
  for (const release of cleanups) await release();
});

const open = (t, lang, path, width = 1280) => openPage(t, chrome, sites[lang].url + path, { viewport: { width, height: 900 } });

describe('the interface', () => {
  for (const [lang, dir, home] of [['de', 'ltr', 'Startseite'], ['he', 'rtl', 'דף הבית']]) {
    it(`speaks ${lang}`, async (t) => {
      const page = await open(t, lang, 'personas/imogen-clarke/');
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).direction), dir);
      assert.equal(await page.textContent('.crumbs a'), home);
    });

    it(`is accessible and fits in ${lang}`, async (t) => {
      for (const path of PAGES) {
        const page = await open(t, lang, path, 320);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(wide, false, `${lang}/${path} scrolls sideways at 320`);
        await accessible(page, `${lang}/${path}`);
        await page.close();
      }
    });
  }

  it('writes numbers as in German and marks what is English', async (t) => {
    const kpi = await open(t, 'de', 'kpis/nps/');
    assert.match(await kpi.textContent('main'), /45,2/);
    const rule = await open(t, 'de', 'rules/');
    const marked = await rule.locator('td[lang=en]').count();
    assert.ok(marked > 10, `${marked} texts of rules are marked`);
  });
});

describe('a translation', () => {
  it('is reached with the keyboard and leads back', async (t) => {
    const page = await open(t, 'en', 'personas/imogen-clarke/');
    await page.focus('.languages a[hreflang=de]');
    await follow(page, () => page.keyboard.press('Enter'));
    assert.match(page.url(), /\/de\/personas\/imogen-clarke\/$/);
    assert.equal(await page.getAttribute('html', 'lang'), 'de');
    assert.equal(await page.getAttribute('.languages a[hreflang=de]', 'aria-current'), 'true');
    await page.focus('.languages a[hreflang=en]');
    await follow(page, () => page.keyboard.press('Enter'));
    assert.doesNotMatch(page.url(), /\/de\//);
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
  });

  it('names its other languages in its head, as the original does', async (t) => {
    for (const path of ['personas/imogen-clarke/', 'de/personas/imogen-clarke/']) {
      const page = await open(t, 'en', path);
      const all = await page.$$eval('link[hreflang]', (links) => links.map((l) => [l.hreflang, new URL(l.href).pathname.replace(/^.*?((de\/)?personas\/)/, '$1')]));
      assert.deepEqual(all, [
        ['en', 'personas/imogen-clarke/'],
        ['x-default', 'personas/imogen-clarke/'],
        ['de', 'de/personas/imogen-clarke/'],
      ]);
    }
  });

  it('marks what it leaves to the original, and says that it is older', async (t) => {
    const page = await open(t, 'en', 'de/personas/dez-fowler/', 320);
    assert.match(await page.textContent('.notice.older'), /älter als das Original vom 7\. September 2026/);
    assert.equal(await page.getAttribute('#many-riders p span', 'lang'), 'en');
    assert.equal(await page.locator('#margin [lang]:not(.chip [lang])').count(), 0);
    await accessible(page, 'de/personas/dez-fowler/');
  });

  it('leads to translations where there are any', async (t) => {
    const page = await open(t, 'en', 'de/personas/imogen-clarke/');
    const journey = page.locator('a', { hasText: 'Pausieren statt kündigen' }).first();
    assert.match(await journey.getAttribute('href'), /de\/journeys\/pause-not-cancel\/$/);
    assert.equal(await page.locator('a', { hasText: 'City renters' }).first().getAttribute('hreflang'), 'en');
    await page.goto(await journey.evaluate((a) => a.href));
    await accessible(page, 'de/journeys/pause-not-cancel/');
  });
});
