// The built site, as a web host would serve it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { browser, build, field, files, follow, host, project, published, route, run } from './harness.mjs';
import { checkLinks } from './links.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };

let folder;
let out;
let names;
let base;

before(async () => {
  folder = await project(shared);
  out = await build(shared, folder);
  names = await files(out);
  base = siteBase(await readFile(join(folder, 'personary.yaml'), 'utf8'));
});

after(async () => {
  for (const release of cleanups) await release();
});

/** Where the site says it will lie; a path alone gets a host that does not exist. */
function siteBase(config) {
  const written = /^base_url:\s*["']?([^"'\s#]+)/m.exec(config)?.[1] ?? '/';
  const address = new URL(written, 'https://site.invalid/').href;
  return address.endsWith('/') ? address : `${address}/`;
}

const html = () => names.filter((name) => name.endsWith('.html'));
const text = (name, from = out) => readFile(join(from, name), 'utf8');

/** Fails with one line for each finding, so that all are seen at once. */
function none(findings, what) {
  const shown = findings.slice(0, 60).join('\n  ');
  const more = findings.length > 60 ? `\n  … and ${findings.length - 60} more` : '';
  assert.equal(findings.length, 0, `${findings.length} ${what}:\n  ${shown}${more}`);
}

describe('the built site', () => {
  it('has every page and every JSON view', async () => {
    const expected = ['index.html', '404.html', 'sitemap.xml', 'robots.txt', 'library.json', 'fields/index.html', 'rules/index.html', 'health/index.html', 'health/index.json', 'traceability/index.html', 'traceability/index.json', 'a-z/index.html', 'search/index.html', 'search/index.json', 'search/t0.txt', 'search/d0.txt', 'search/x-owner.txt'];
    const entities = await published(folder);
    assert.ok(entities.length >= 20, `the sample has ${entities.length} published entities`);
    for (const entity of entities) {
      expected.push(`${entity.route.split('/')[0]}/index.html`, `${entity.route}index.html`, `${entity.route}index.json`);
    }
    for (const name of await files(join(folder, 'content/pages'))) {
      if (!name.endsWith('.md') || name === 'index.md' || /(^|\/)_/.test(name)) continue;
      if (field(await readFile(join(folder, 'content/pages', name), 'utf8'), 'status') === 'draft') continue;
      expected.push(`pages/${name.replace(/\.md$/, '').replace(/(^|\/)index$/, '$1').replace(/\/$/, '')}/index.html`);
    }
    const there = new Set(names);
    none([...new Set(expected)].filter((name) => !there.has(name)), 'files are not there');
  });

  it('publishes no draft and no file with a leading underscore', async () => {
    const routes = new Set((await published(folder)).map((entity) => entity.route));
    const kinds = new Set([...routes].map((each) => each.split('/')[0]));
    const extra = html()
      .map(route)
      .filter((each) => kinds.has(each.split('/')[0]) && each.split('/').length === 3 && !routes.has(each));
    const pages = new Map();
    for (const each of extra) pages.set(each, (await checkedPages()).get(`${each}index.html`));
    none(extra.filter((each) => pages.get(each).redirect === undefined), 'pages have no published file');
  });

  it('has JSON files that parse', async () => {
    const json = names.filter((name) => /\.(json|webmanifest)$/.test(name));
    const faults = [];
    for (const name of json) {
      try {
        JSON.parse(await text(name));
      } catch (error) {
        faults.push(`${name}: ${error.message}`);
      }
    }
    none(faults, 'JSON files do not parse');
  });

  it('has no dead link, no dead fragment and no missing asset', async () => {
    const { pages, links, faults } = await checkLinks(out, base);
    none(faults, 'faults');
    assert.ok(pages.size >= 20 && links >= 200, `${pages.size} pages with ${links} links were looked at`);
  });

  it('tells machines which language each page is in', async () => {
    const pages = await checkedPages();
    none(html().filter((name) => !pages.get(name).lang), 'pages have no lang');
  });

  it('marks in its menu where the reader is', async () => {
    const findings = [];
    for (const entity of await published(folder)) {
      const list = entity.route.split('/')[0];
      for (const [page, current] of [[`${list}/`, 'page'], [entity.route, 'true']]) {
        const link = new RegExp(`<a href="[^"]*/${list}/" aria-current="${current}"`);
        if (!link.test(await text(`${page}index.html`))) findings.push(page);
      }
    }
    none([...new Set(findings)], 'pages do not mark their place');
  });

  it('passes the Nu HTML checker, styles and pictures included', { timeout: 300_000 }, async () => {
    const checked = names.filter((name) => /\.(html|css|svg)$/.test(name));
    none(await nu(checked.map((name) => join(out, name))), 'findings');
  });

  it('is well-formed where it is XML, and its robots.txt is one', async (t) => {
    const page = await (await browser(t)).newPage();
    const xml = [];
    for (const name of names.filter((each) => /\.(xml|svg|atom|rss)$/.test(each))) xml.push([name, await text(name)]);
    const faults = await page.evaluate(
      (documents) =>
        documents
          .map(([name, source]) => [name, new DOMParser().parseFromString(source, 'application/xml').querySelector('parsererror')])
          .filter(([, error]) => error)
          .map(([name, error]) => `${name}: ${error.textContent}`),
      xml,
    );
    none(faults, 'files are not well-formed');

    const lines = (await text('robots.txt')).split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
    none(lines.filter((line) => !/^(User-agent|Allow|Disallow|Sitemap|Crawl-delay):/i.test(line)), 'lines of robots.txt are unknown');
    assert.match(lines[0] ?? '', /^User-agent: /i);
  });

  it('works below a sub-path: nothing is asked for outside, nothing is missing', { timeout: 300_000 }, async (t) => {
    const { url } = await host(t, out, '/docs/site/');
    const origin = new URL(url).origin;
    const context = await (await browser(t)).newContext();
    const faults = [];
    const pages = await checkedPages();
    // The 404 page is shown at any depth, so its links need the site's address: it is tried below with one.
    const left = html().filter((each) => each !== '404.html' && pages.get(each).redirect === undefined);
    const tab = async () => {
      const page = await context.newPage();
      let current = '';
      page.on('response', (response) => {
        const address = response.url();
        if (address.startsWith('data:')) return;
        if (!address.startsWith(origin)) faults.push(`${current}: asks for ${address}`);
        else if (response.status() >= 400) faults.push(`${current}: ${response.status()} ${address}`);
        else if (!address.startsWith(url) && !address.endsWith('/favicon.ico')) faults.push(`${current}: outside ${address}`);
      });
      page.on('requestfailed', (request) => {
        if (!dropped(request)) faults.push(`${current}: ${request.failure()?.errorText} ${request.url()}`);
      });
      page.on('pageerror', (error) => faults.push(`${current}: script error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(`${current}: console: ${message.text()}`);
      });
      while (left.length > 0) {
        current = left.shift();
        await page.goto(url + route(current), { waitUntil: 'load' });
      }
      await page.waitForTimeout(200);
      return page;
    };
    const [page] = await Promise.all([tab(), tab(), tab()]);
    none([...new Set(faults)], 'faults');

    // A visitor's way from page to page, by the links themselves.
    await page.goto(url, { waitUntil: 'load' });
    await follow(page, () => page.locator('a[href*="personas/"]').first().click());
    assert.ok(page.url().startsWith(`${url}personas/`), page.url());
  });

  it('sends the visitor of an old address to the new one', async (t) => {
    const pages = await checkedPages();
    const redirects = html().filter((name) => pages.get(name).redirect !== undefined);
    const aliases = [];
    for (const entity of await published(folder)) {
      const [, inline, block] = /^aliases:(?: *\[(.*)\]|((?:\n +- .*)+))/m.exec(entity.text) ?? [];
      for (const alias of (inline?.split(',') ?? block?.split('\n').slice(1) ?? []).map((each) => each.replace(/^ *- /, '').trim())) {
        aliases.push([`${entity.route.split('/')[0]}/${alias}/`, entity.route]);
      }
    }
    assert.ok(aliases.length > 0, 'the sample has no alias');
    const targets = redirects.map((name) => [route(name), route(new URL(pages.get(name).redirect, base + route(name)).href.slice(base.length))]);
    assert.deepEqual(targets.sort(), aliases.sort());
    const { url } = await host(t, out, '/docs/site/');
    const page = await (await browser(t)).newPage();
    for (const name of redirects) {
      await page.goto(url + route(name));
      await page.waitForURL((address) => address.pathname !== new URL(url + route(name)).pathname, { timeout: 5000 });
      await page.waitForLoadState('load');
      assert.equal(await page.evaluate(() => performance.getEntriesByType('navigation')[0].responseStatus), 200, page.url());
    }
  });

  it('is the same to the byte when built again', async () => {
    const again = await build(shared, folder);
    await sameTree(out, again);
  });

  it('is the same to the byte when built from another folder', async (t) => {
    const again = await build(t, await project(t));
    await sameTree(out, again);
  });
});

describe('a site that leaves out what it can', () => {
  it('has none of it, and no link to it, one by one and all at once', { timeout: 300_000 }, async (t) => {
    const copy = await project(t);
    const schema = JSON.parse((await run(copy, ['schema', 'settings'])).stdout);
    const extras = schema.properties.leave_out.items.enum;
    assert.ok(extras.length >= 7, String(extras));
    const settings = join(copy, 'personary.yaml');
    const before = await readFile(settings, 'utf8');
    const without = async (some) => {
      await writeFile(settings, `${before}\nleave_out: [${some}]\n`);
      const built = await build(t, copy);
      none((await checkLinks(built, base)).faults, `faults without ${some}`);
      const left = new Set(await files(built));
      none([...left].filter((name) => !names.includes(name)), `files more without ${some}`);
      return names.filter((name) => !left.has(name));
    };
    const gone = new Set();
    for (const extra of extras) {
      const missing = await without([extra]);
      assert.ok(missing.length > 0, `nothing is gone without ${extra}`);
      missing.forEach((name) => gone.add(name));
    }
    assert.deepEqual(await without(extras), names.filter((name) => gone.has(name)));
    // What is left is the library: entries, lists, search, health, history.
    assert.ok(names.length - gone.size > 100, `${gone.size} of ${names.length} files are gone`);
  });
});

describe('the site built for a folder of a host', () => {
  // No host that the sample links to, such as that of its `edit_url`.
  const target = 'http://personas.example/docs/';
  let based;
  let pages;

  before(async () => {
    based = await build(shared, folder, ['--base-url', target]);
    pages = (await checkLinks(based, target)).pages;
  });

  it('has no link that leaves its folder', async () => {
    none((await checkLinks(based, target)).faults, 'faults');
  });

  it('gives every page one canonical address, its own', () => {
    const faults = [];
    for (const [name, page] of pages) {
      if (!name.endsWith('.html') || name === '404.html') continue;
      const expected = page.redirect === undefined ? target + route(name) : new URL(page.redirect, target + route(name)).href;
      if (page.canonical !== expected) faults.push(`${name}: ${page.canonical}, not ${expected}`);
    }
    none(faults, 'canonical addresses are wrong');
  });

  it('has a 404 page whose links hold at any depth', () => {
    const relative = pages
      .get('404.html')
      .links.filter(({ address }) => !/^(#|data:|mailto:|https?:|\/docs\/)/.test(address))
      .map(({ address, from }) => `${from} ${address}`);
    none(relative, 'relative links');
  });

  it('works: its absolute links open below /docs/', { timeout: 300_000 }, async (t) => {
    const { url } = await host(t, based, '/docs/');
    // The address the site was built for is answered by the server on this machine.
    const page = await (await browser(t, [`--host-resolver-rules=MAP ${new URL(target).host} ${new URL(url).host}`])).newPage();
    const faults = [];
    page.on('response', (response) => {
      if (response.status() >= 400 && !response.url().endsWith('/nowhere/at/all')) faults.push(`${response.status()} ${response.url()}`);
    });
    page.on('requestfailed', (request) => {
      if (!dropped(request)) faults.push(`${request.failure()?.errorText} ${request.url()}`);
    });
    page.on('pageerror', (error) => faults.push(`${page.url()}: script error: ${error.message}`));
    for (const path of ['', 'personas/', 'fields/', (await published(folder))[0].route]) {
      const response = await page.goto(target + path, { waitUntil: 'load' });
      if (response.status() !== 200) faults.push(`${response.status()} ${path}`);
    }
    // The host shows 404.html at the address that was asked for, however deep.
    const lost = await page.goto(`${target}nowhere/at/all`, { waitUntil: 'load' });
    assert.equal(lost.status(), 404);
    await page.locator('a[href]').first().waitFor({ state: 'attached' });
    await follow(page, () => page.locator('a[href*="personas/"]').first().click());
    assert.ok(page.url().startsWith(`${target}personas/`), page.url());
    none(faults, 'faults');
  });

  it('lists every page in the sitemap, and no other', async (t) => {
    const page = await (await browser(t)).newPage();
    const listed = await page.evaluate(
      (xml) => [...new DOMParser().parseFromString(xml, 'application/xml').querySelectorAll('url > loc')].map((loc) => loc.textContent.trim()),
      await text('sitemap.xml', based),
    );
    const expected = [...pages]
      .filter(([name, { redirect, noindex }]) => name.endsWith('.html') && name !== '404.html' && redirect === undefined && !noindex)
      .map(([name]) => target + route(name).split('/').map(encodeURIComponent).join('/'));
    sameList(listed, expected);
    assert.ok((await text('robots.txt', based)).split('\n').includes(`Sitemap: ${target}sitemap.xml`), 'robots.txt does not name the sitemap');
  });
});

// ---- helpers

let parsed;
/** The pages as the link checker read them, once. */
async function checkedPages() {
  parsed ??= checkLinks(out, base);
  return (await parsed).pages;
}

/** The browser drops what a page had not finished loading when the next one is opened. */
const dropped = (request) => request.failure()?.errorText === 'net::ERR_ABORTED';

/** A file on disk has no origin, so that to the checker no file is its own. policy.test.mjs asks a browser. */
const OWN_FILE = /^Resource violates Content Security Policy \(meta tag\): [^“]*“(?![a-z]+:|\/\/)[^”]*” blocked/i;

/** Nor does a block of data run, so that no policy is asked about it. */
const isData = ({ message, extract }) => message.startsWith('Inline script violates') && extract.includes('<script type="application/json"');

/** All errors and warnings of the Nu HTML checker, in one run: starting Java costs more than a page. */
function nu(paths) {
  const jar = String(createRequire(import.meta.url)('vnu-jar'));
  // The first compiler alone is twice as fast for so short a run; its frames need more stack.
  const args = ['-XX:TieredStopAtLevel=1', '-Xss8m', '-jar', jar, '--stdout', '--format', 'json', '--exit-zero-always', '--skip-info-messages', '--also-check-css', '--also-check-svg'];
  return new Promise((done, fail) => {
    execFile(process.env.JAVA ?? 'java', [...args, ...paths], { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error) return fail(new Error(`the Nu HTML checker did not run: ${error.message}\n${stderr}`));
      return done(
        JSON.parse(stdout).messages.filter((each) => !OWN_FILE.test(each.message) && !isData(each)).map(({ url, type, subType, lastLine, message, extract }) => {
          const name = decodeURIComponent((url ?? '').replace(/^file:/, '')).split('/site/').at(-1);
          return `${name}:${lastLine ?? 0}: ${subType ?? type}: ${message}${extract ? `  «${extract.replace(/\s+/g, ' ').trim()}»` : ''}`;
        }),
      );
    });
  });
}

/** Both lists hold the same, in whatever order; says which entries are too many or too few. */
function sameList(actual, expected) {
  const [has, wants] = [new Set(actual), new Set(expected)];
  none(
    [...actual.filter((each) => !wants.has(each)).map((each) => `+ ${each}`), ...expected.filter((each) => !has.has(each)).map((each) => `- ${each}`)],
    'entries too many (+) or too few (-)',
  );
  assert.equal(actual.length, expected.length, 'an entry is there twice');
}

async function sameTree(one, other) {
  const [left, right] = [await files(one), await files(other)];
  sameList(right, left);
  const different = [];
  for (const name of left) {
    if (!(await readFile(join(one, name))).equals(await readFile(join(other, name)))) different.push(name);
  }
  none(different, 'files differ');
}
