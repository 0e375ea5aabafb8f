// What a page may load and run: a strict policy that every page has, and that all of the sample keeps.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { browser, build, files, host, project, run, scratch, serve } from './harness.mjs';
import { visited } from './watch.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
after(async () => {
  for (const release of cleanups) await release();
});

describe('the policy of pages', () => {
  /** The sample: what is on its pages is what a policy could break. */
  let sample;
  let out;
  before(async () => {
    sample = await project(shared);
    out = await build(shared, sample);
  });

  const everyPage = async (from) => (await files(from)).filter((name) => name.endsWith('.html'));
  /** Those that do not lead on by themselves. */
  const staying = async (from) => {
    const all = await everyPage(from);
    const texts = await Promise.all(all.map((name) => readFile(join(from, name), 'utf8')));
    return all.filter((_, n) => !texts[n].includes('http-equiv="refresh"'));
  };

  it('is the first thing in every head, strict, and the same everywhere', async () => {
    const policies = new Set();
    for (const name of await everyPage(out)) {
      const head = /<head>\s*(<[^>]*>)/.exec(await readFile(join(out, name), 'utf8'))?.[1] ?? '';
      policies.add(/^<meta http-equiv="Content-Security-Policy" content="([^"]*)">$/.exec(head)?.[1] ?? `none in ${name}`);
    }
    assert.equal(policies.size, 1, [...policies].join('\n'));
    const [policy] = policies;
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  });

  it('is kept by every page of the sample, below a path and from a folder', { timeout: 300_000 }, async (t) => {
    const chrome = await browser(t);
    const web = await host(t, out, '/docs/site/');
    // Without an address of the site this one page has its styles at the top of a host alone.
    const all = (await staying(out)).filter((name) => name !== '404.html');
    assert.deepEqual(await visited(chrome, all.map((name) => web.url + name), new URL(web.url).origin), []);
    const top = await host(t, out);
    assert.deepEqual(await visited(chrome, [`${top.url}404.html`], new URL(top.url).origin), []);
    // From a folder a page has styles and scripts; what asks for files by itself has never worked there.
    const page = await chrome.newPage();
    const blocked = [];
    page.on('console', (message) => message.type() === 'error' && /policy/i.test(message.text()) && blocked.push(message.text()));
    for (const name of ['index.html', 'personas/bea-holloway/index.html', 'journeys/breakdown-day/index.html']) {
      await page.goto(pathToFileURL(join(out, name)).href);
      assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('main')).display !== 'inline' && document.styleSheets.length > 1), true, name);
      assert.equal(await page.evaluate(() => document.documentElement.classList.contains('js')), true, name);
    }
    assert.deepEqual(blocked, []);
  });

  it('is kept by the preview, with its panel and its updates', { timeout: 120_000 }, async (t) => {
    const folder = await project(t);
    const { url } = await serve(t, folder);
    const chrome = await browser(t);
    const page = await (await chrome.newContext()).newPage();
    const faults = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await page.goto(`${url}personas/bea-holloway/`);
    const file = join(folder, 'content/personas/bea-holloway.md');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^market: .*$/m, 'market: sideways'));
    await page.waitForFunction(() => document.querySelector('personary-live')?.shadowRoot.querySelector('.panel')?.getBoundingClientRect().width > 100);
    const position = await page.evaluate(() => getComputedStyle(document.querySelector('personary-live').shadowRoot.querySelector('.panel')).position);
    assert.equal(position, 'fixed');
    assert.deepEqual(faults, []);
  });

  it('is kept by another theme and by the colours of a brand', { timeout: 300_000 }, async (t) => {
    const folder = await project(t);
    const settings = join(folder, 'personary.yaml');
    await writeFile(settings, `${await readFile(settings, 'utf8')}\ntheme: ledger\nbrand: "#7a1f5c"\n`);
    const ledger = await build(t, folder);
    const chrome = await browser(t);
    const web = await host(t, ledger);
    const wanted = (await staying(ledger)).filter((name) => /^(index|personas\/|journeys\/|kpis\/nps)/.test(name));
    assert.deepEqual(await visited(chrome, wanted.map((name) => web.url + name), new URL(web.url).origin), []);
  });

  it('is kept by pages with changes, and is one of hashes in the report of a comparison', { timeout: 120_000 }, async (t) => {
    const git = (...args) => execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: sample, env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' }, stdio: 'pipe' });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'Begin');
    const file = join(sample, 'content/personas/bea-holloway.md');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^name: .*$/m, 'name: "</style><script>alert(1)</script>"'));
    const chrome = await browser(t);
    const marked = join(await scratch(t), 'site');
    assert.equal((await run(sample, ['build', '-o', marked, '--compare', 'HEAD'])).code, 0);
    const web = await host(t, marked);
    const changed = ['changes/', 'personas/bea-holloway/', 'personas/', ''].map((path) => web.url + path);
    assert.deepEqual(await visited(chrome, changed, new URL(web.url).origin), []);
    const { stdout } = await run(sample, ['diff', 'HEAD', '--format', 'html']);
    assert.match(stdout, /^<!doctype html>\n<html lang="en">\n<head>\n<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/);
    const report = join(await scratch(t), 'report.html');
    await writeFile(report, stdout);
    const page = await chrome.newPage();
    const faults = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('dialog', (dialog) => faults.push('a dialog') && dialog.dismiss());
    await page.goto(pathToFileURL(report).href);
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('ul.badges')).listStyleType), 'none');
    assert.deepEqual(faults, []);
  });
});
