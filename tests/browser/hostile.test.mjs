// Content of people who mean harm: every text field of every kind holds an attack, and so do Markdown, CSV cells,
// names of files, translations and settings. The fields come from the schemas, so a new one is attacked, too.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parse } from 'parse5';
import { KINDS, browser, build, files, host, project, root, run, scratch, serve } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
after(async () => {
  for (const release of cleanups) await release();
});

const SETS = JSON.parse(await readFile(join(root, 'tests/hostile/vectors.json'), 'utf8'));
const VECTORS = Object.values(SETS).flat();
/** Entities of each kind. Their number and that of the attacks have no factor in common, nor have the steps. */
const EACH = 23;

// ---- a project that is filled from the schemas

/** Texts that are no attack, in the same number. */
const harmless = (n) => `Plain text number ${n % 5}`;
const attack = (n) => VECTORS[n % VECTORS.length];

class Filler {
  constructor(schema, text, from) {
    Object.assign(this, { schema, text, next: from, count: 0, ids: 0 });
  }

  /** A value for a part of the schema; texts are taken in turn. */
  value(node, name, depth = 0) {
    for (let at = node; at.$ref; node = at) at = this.schema.$defs[at.$ref.split('/').at(-1)];
    const choices = node.oneOf ?? node.anyOf;
    if (choices) return this.value(choices[this.count % choices.length], name, depth);
    if (node['x-reference']) return `${[node['x-reference']].flat()[0]}-${this.count % EACH}`;
    if (node.const !== undefined) return node.const;
    if (node.enum) return node.enum[this.count % node.enum.length];
    const type = [node.type].flat()[0];
    if (type === 'object' || node.properties) {
      if (depth > 6) return {};
      const parts = Object.entries(node.properties ?? {}).map(([key, part]) => [key, this.value(part, key, depth + 1)]);
      if (node.additionalProperties && typeof node.additionalProperties === 'object' && depth > 0) {
        const key = node.propertyNames ? `persona-${this.count % EACH}` : this.text(this.next++).slice(0, 40) || 'x';
        parts.push([key, this.value(node.additionalProperties, name, depth + 1)]);
      }
      return Object.fromEntries(parts.filter(([, value]) => value !== undefined));
    }
    if (type === 'array') return node.items ? [0, 1].map(() => this.value(node.items, name, depth + 1)) : undefined;
    if (type === 'integer' || type === 'number') return node.minimum ?? 1;
    if (type === 'boolean') return true;
    if (node.format === 'date') return '2026-10-01';
    if (/https/.test(node.pattern)) return `https://third.example/?${this.text((this.next += 7)).replaceAll(/\s/g, '')}`;
    // Ids and the like are refused when they are no ids; the attack on them stands in texts that name them.
    if (node.pattern && node.pattern !== '\\S') return /date|day|from|to|by|until|reviewed/.test(name) ? '2026-10-01' : `part-${(this.ids += 1)}`;
    this.count += 1;
    this.next += 7;
    return this.text(this.next) || 'x';
  }
}

/** Writes a project whose texts are all made by `text`. */
async function filled(t, text) {
  const folder = await scratch(t);
  const put = async (path, content) => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const yaml = (value) => JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  await put('personary.yaml', [
    `title: ${yaml(text(14))}`, `description: ${yaml(text(3))}`, 'lang: en', 'languages: [de]', 'history: off',
    `fields: {persona: {own_field: {type: string, title: ${yaml(text(6))}, description: ${yaml(text(9))}}}}`, '',
  ].join('\n'));
  let offset = 0;
  let fields = 0;
  for (const [kind, below] of Object.entries({ ...KINDS, page: 'pages' })) {
    const { stdout } = await run(folder, ['schema', kind]);
    const schema = JSON.parse(stdout);
    for (let n = 0; n < EACH; n += 1) {
      const filler = new Filler(schema, text, (offset += 11));
      const front = filler.value(schema, kind);
      fields = Math.max(fields, filler.count);
      Object.assign(front, { status: 'active', allow: undefined, aliases: undefined, superseded_by: undefined, sensitivity: undefined });
      if (kind === 'persona') {
        Object.assign(front, n % 4 ? { stance: 'target', negative: undefined } : { stance: 'negative' });
        Object.assign(front, n % 2 ? { market: 'b2b', b2c: undefined } : { market: 'b2c', b2b: undefined });
        front.extra = { [text(offset + 1)]: text(offset + 2), deep: [text(offset + 3)] };
      }
      const lines = Object.entries(front).filter(([, value]) => value !== undefined).map(([key, value]) => `${yaml(key)}: ${yaml(value)}`);
      // Each attack by itself, so that one that opens something swallows none of the others.
      const body = [0, 1, 2].map((step) => text(offset + n + step * 61)).join('\n\n');
      await put(`content/${below}/${kind}-${n}.md`, `---\n${lines.join('\n')}\n---\n\n${body}\n\n## ${text(offset + 4).replaceAll(/\s+/g, ' ')}\n`);
      if (kind === 'persona') {
        await put(`content/${below}/${kind}-${n}.de.md`, `---\nname: ${yaml(text(offset + 5))}\nsummary: ${yaml(text(offset + 6))}\n---\n\n${text(offset + 7)}\n`);
      }
      if (kind === 'kpi') {
        const cell = (value) => `"${value.replaceAll('"', '""').replaceAll(/[\r\n\0]/g, ' ')}"`;
        const rows = ['2026-08', '2026-09'].map((period) => `${period},${n + 1},persona-${n},40,${cell(text(offset + 8))}`);
        await put(`content/${below}/${kind}-${n}.csv`, `period,value,persona,n,source\n${rows.join('\n')}\n`);
      }
    }
  }
  return { folder, fields };
}

/** Elements with the names of their attributes, a line each. */
function* shapes(node, inProse = false) {
  for (const child of node.childNodes ?? []) {
    const prose = inProse || child.attrs?.some(({ name, value }) => name === 'class' && /(^|\s)prose(\s|$)/.test(value));
    if (child.tagName) yield { tag: child.tagName, at: Object.fromEntries(child.attrs.map(({ name, value }) => [name, value])), prose };
    yield* shapes(child, prose);
    if (child.content) yield* shapes(child.content, prose);
  }
}

const ADDRESS = /^(href|src|action|formaction|srcset|poster|data|background|xlink:href|cite|ping)$/;
const SAFE = /^(https?:|mailto:|tel:|#|\.{0,2}\/|[\w%~.-]+([/?#]|$)|\?|$)/i;
/** Classes that Markdown gives, and those that authors may choose. */
const TEXT_CLASS = /^(al-(left|center|right)|alert-title|aside|footnote-(definition|reference)|missing|scroll|term|unlinked|language-.*|markdown-alert-\w+|x-.*)$/;

/** The site of a project that has errors enough. */
async function published(folder) {
  const out = join(await scratch(shared), 'site');
  const { stdout, stderr } = await run(folder, ['build', '-o', out, '--keep-going', '--format', 'concise']);
  // What cannot be read would have no page: then nothing was tried.
  const unread = (stdout + stderr).split('\n').filter((line) => /yaml-syntax|schema|unknown-key|front-matter|error\[csv/.test(line) && !/must be a web address/.test(line));
  assert.deepEqual(unread.slice(0, 20), []);
  return out;
}

let site;
let plain;
let names;

before(async () => {
  const hostile = await filled(shared, attack);
  assert.ok(VECTORS.length >= 120 && hostile.fields > 30, `${VECTORS.length} attacks, ${hostile.fields} fields of one kind`);
  site = await published(hostile.folder);
  plain = await published((await filled(shared, harmless)).folder);
  names = (await files(site)).filter((name) => name.endsWith('.html'));
  assert.ok(names.length > EACH * 11, `${names.length} pages`);
}, { timeout: 300_000 });

describe('content of people who mean harm', () => {
  it('adds no element and no attribute outside of Markdown', async () => {
    const known = new Map();
    for (const name of (await files(plain)).filter((each) => each.endsWith('.html'))) {
      for (const element of shapes(parse(await readFile(join(plain, name), 'utf8')))) {
        if (!element.prose) known.set(element.tag, (known.get(element.tag) ?? new Set()).add(Object.keys(element.at).sort().join(' ')));
      }
    }
    const found = new Map();
    for (const name of names) {
      for (const element of shapes(parse(await readFile(join(site, name), 'utf8')))) {
        // One attribute less is a text of which nothing is left, such as the name of a filter.
        const own = Object.keys(element.at).filter((each) => !each.startsWith('data-f-'));
        const fits = [...known.get(element.tag) ?? []].some((all) => own.every((each) => all.split(' ').includes(each)));
        if (!element.prose && !fits) found.set(`${element.tag} ${own.join(' ')}`, name);
      }
    }
    assert.deepEqual([...found].map(([what, where]) => `${where}: ${what}`), []);
  });

  it('stays text in Markdown, without what runs, loads or looks like the interface', async () => {
    const faults = [];
    for (const name of names) {
      for (const { tag, at, prose } of shapes(parse(await readFile(join(site, name), 'utf8')))) {
        for (const [attribute, value] of Object.entries(at)) {
          if (/^on/i.test(attribute) || attribute === 'style') faults.push(`${name}: ${tag} ${attribute}`);
          if (ADDRESS.test(attribute) && !SAFE.test(value)) faults.push(`${name}: ${tag} ${attribute}=${value}`);
        }
        // What the rules say of themselves is ours.
        if (!prose || name.startsWith('rules/')) continue;
        if (/^(script|style|link|meta|base|iframe|object|embed|form|button|svg|math|template|dialog|video|audio|textarea|select)$/.test(tag)) faults.push(`${name}: <${tag}>`);
        if (tag === 'img' && /^(\w+:|\/\/)/.test(at.src ?? '')) faults.push(`${name}: loads ${at.src}`);
        const classes = (at.class ?? '').split(/\s+/).filter((each) => each && !TEXT_CLASS.test(each));
        if (classes.length && !/(^|\s)prose(\s|$)/.test(at.class)) faults.push(`${name}: <${tag} class="${at.class}">`);
        if (at.id === 'main' || /^(chg|change)-/.test(at.id ?? '')) faults.push(`${name}: <${tag} id="${at.id}">`);
        if (tag === 'input' && at.type !== 'checkbox') faults.push(`${name}: <input type=${at.type}>`);
      }
    }
    assert.deepEqual([...new Set(faults)].slice(0, 40), []);
  });

  it('holds every attack as plain text somewhere', async () => {
    // Otherwise the other tests would look at pages without attacks.
    let all = '';
    for (const name of await files(site)) if (name.endsWith('.json')) all += await readFile(join(site, name), 'utf8');
    const missing = VECTORS.filter((vector) => !all.includes(JSON.stringify(vector).slice(1, -1).split(/\\u|\\[rnt]/)[0].slice(0, 30)));
    assert.ok(missing.length < VECTORS.length / 4, `${missing.length} of ${VECTORS.length} stand nowhere: ${missing.slice(0, 5)}`);
  });

  it('runs nothing and loads nothing in a browser', { timeout: 600_000 }, async (t) => {
    const web = await host(t, site);
    const chrome = await browser(t);
    // All pages that are one of their kind, and of the others enough to meet each attack.
    const shown = names.filter((name) => !/-\d+\//.test(name) || /-(0|1|2|3|7|12|17|22)\//.test(name));
    const faults = await visited(chrome, shown.map((name) => web.url + name.replace(/index\.html$/, '').split('/').map(encodeURIComponent).join('/')), new URL(web.url).origin);
    assert.deepEqual(faults.slice(0, 40), []);
  });
});

/** Opens pages and gathers what must not happen on any. */
async function visited(chrome, urls, origin) {
  const faults = [];
  const queue = [...urls];
  const visit = async () => {
    const context = await chrome.newContext();
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    });
    const page = await context.newPage();
    let url;
    const fault = (what) => faults.push(`${url}: ${what}`);
    page.on('dialog', async (dialog) => {
      fault(`dialog ${dialog.message()}`);
      await dialog.dismiss();
    });
    // A picture that is not there is no attack; its 404 is not of our making.
    page.on('console', (message) => message.type() === 'error' && !/404 \(Not Found\)/.test(message.text()) && fault(message.text()));
    page.on('pageerror', (error) => fault(`error ${error.message}`));
    page.on('request', (request) => {
      const to = request.url();
      if (!to.startsWith(origin) && !to.startsWith('data:image/')) fault(`asks for ${to}`);
    });
    page.on('popup', (popup) => fault(`opens ${popup.url()}`));
    while (queue.length) {
      url = queue.pop();
      await page.goto(url, { waitUntil: 'load' });
      if (page.url().split('#')[0] !== url && !page.url().startsWith(origin)) fault(`leads to ${page.url()}`);
      if (await page.evaluate(() => document.querySelectorAll('main').length) !== 1) fault('has another main');
    }
    await context.close();
  };
  await Promise.all([1, 2, 3].map(visit));
  return faults;
}

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
    const all = await staying(out);
    assert.deepEqual(await visited(chrome, all.map((name) => web.url + name), new URL(web.url).origin), []);
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
