// Content of people who mean harm (hostile.mjs) is text wherever it stands, and nothing of it runs, loads or leads on:
// on pages, in what scripts make of it, in the history, in marked changes and in the preview.

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse, parseFragment } from 'parse5';
import { browser, files, host, route, run, scratch, serve } from './harness.mjs';
import { BASE, EACH, FOLDERS, MAPPED, NAMES, NEW, SINCE, VECTORS, attack, escaped, filled, formerId, harmless, hostileId, isShown, person, plainId } from './hostile.mjs';
import { poked, visited, watched, wrongs } from './watch.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
after(async () => {
  for (const release of cleanups) await release();
});

const ADDRESS = /^(href|src|action|formaction|srcset|poster|data|background|xlink:href|cite|ping)$/;
const SAFE = /^(https?:|mailto:|tel:|#|\.{0,2}\/|[\w%~.-]+([/?#]|$)|\?|$)/i;
/** Classes that Markdown gives, and those that authors may choose. */
const TEXT_CLASS = /^(al-(left|center|right)|alert-title|aside|footnote-(definition|reference)|missing|scroll|term|unlinked|language-.*|markdown-alert-\w+|x-.*)$/;
const FORBIDDEN = /^(script|style|link|meta|base|iframe|object|embed|form|button|svg|math|template|dialog|video|audio|textarea|select)$/;

const none = (faults) => assert.deepEqual([...faults].slice(0, 40), []);

/** All elements and texts, and whether they are of Markdown. */
function* nodes(node, inProse = false) {
  for (const child of node.childNodes ?? []) {
    const at = Object.fromEntries((child.attrs ?? []).map(({ prefix, name, value }) => [prefix ? `${prefix}:${name}` : name, value]));
    const prose = inProse || /(^|\s)prose(\s|$)/.test(at.class);
    yield { tag: child.tagName, at, prose, text: child.nodeName === '#text' ? child.value : undefined };
    yield* nodes(child, prose);
    if (child.content) yield* nodes(child.content, prose);
  }
}

/** What elements outside of Markdown have for attributes. Those for filters, sorting and former places are not everywhere. */
class Shapes {
  constructor(more) {
    this.known = new Set(more?.known);
  }
  of = ({ tag, at }) => `<${[tag, ...Object.keys(at).filter((each) => !/^data-([fs]-|.*-was$)/.test(each)).sort()].join(' ')}>`;
  add = (node) => this.known.add(this.of(node));
  holds = (node) => this.known.has(this.of(node));
  /** Those of a part of a document that it does not hold. */
  others = (html) => [...nodes(parseFragment(html))].filter((node) => node.tag && !node.prose && !this.holds(node)).map(this.of);
}

/** What is wrong with an element, of Markdown or not. */
function* faults({ tag, at, prose }, name) {
  for (const [attribute, value] of Object.entries(at)) {
    if (/^on/i.test(attribute) || attribute === 'style') yield `${tag} ${attribute}`;
    if (ADDRESS.test(attribute) && !SAFE.test(value)) yield `${tag} ${attribute}=${value}`;
  }
  // What the rules say of themselves is ours.
  if (!prose || name.startsWith('rules/')) return;
  if (FORBIDDEN.test(tag)) yield `<${tag}>`;
  if (tag === 'img' && /^(\w+:|\/\/)/.test(at.src ?? '')) yield `loads ${at.src}`;
  const classes = (at.class ?? '').split(/\s+/).filter((each) => each && !TEXT_CLASS.test(each));
  if (classes.length && !/(^|\s)prose(\s|$)/.test(at.class)) yield `<${tag} class="${at.class}">`;
  if (at.id === 'main' || /^(chg|change)-/.test(at.id ?? '')) yield `<${tag} id="${at.id}">`;
  if (tag === 'input' && at.type !== 'checkbox') yield `<input type=${at.type}>`;
}

/** A text as a page has it: words with one space between them, composed, without what no page may hold. */
const plainly = (text) => text.replaceAll('\0', '').replaceAll(/\s+/g, ' ').normalize('NFC').trim();

/** The file that an address of a page leads to; `undefined` when it leads elsewhere. */
function target(name, address) {
  const to = new URL(address, `https://own.example/${addressOf(name)}`);
  if (to.origin !== 'https://own.example') return undefined;
  const file = decodeURIComponent(to.pathname.slice(1));
  return file === '' || file.endsWith('/') ? `${file}index.html` : file;
}
const addressOf = (name) => route(name).split('/').map(encodeURIComponent).join('/');

/** The site of a project that has errors enough. */
async function published(folder) {
  const out = join(await scratch(shared), 'site');
  const { stdout, stderr } = await run(folder, ['build', '-o', out, '--keep-going', '--format', 'concise']);
  // What cannot be read would have no page: then nothing was tried.
  const unread = (stdout + stderr).split('\n').filter((line) => /yaml-syntax|schema|unknown-key|front-matter|error\[csv/.test(line) && !/must be a web address/.test(line));
  assert.deepEqual(unread.slice(0, 20), []);
  return out;
}

/** The pages of which there is one, those with names of their own, and some of each kind. */
const isOpened = (name) => [...name.matchAll(/-(\d+)\//g)].every(([, n]) => isShown(Number(n)));
/** Those on which everything is tried: the pages of which there is one, one of each kind, and some with other names. */
const isTried = (name) => /^(?!rules|fields)([\w-]+\/)?index\.html$|-3\/(card\/)?index\.html$|^(personas|kpis|journeys)\/[^/]*[<(][^/]*\/index\.html$/.test(name);
const isPage = (name) => name.endsWith('.html');
let hostile;
let plain;
let site;
let names;
/** Those that are opened in a browser. */
let shown;
let known;
let chrome;
let web;
/** What is read of all pages at once: `unlike`, `wrong`, `lost` (addresses without a file), and by page what is `said`. */
let found;

before(async () => {
  hostile = await filled(shared, attack);
  assert.ok(VECTORS.length >= 400 && hostile.fields > 30, `${VECTORS.length} attacks, ${hostile.fields} fields of one kind`);
  site = await published(hostile.folder);
  plain = await filled(shared, harmless);
  plain.site = await published(plain.folder);
  const all = await files(site);
  names = all.filter(isPage);
  assert.ok(names.length > EACH * 11 * 3, `${names.length} pages`);

  known = new Shapes();
  for (const name of (await files(plain.site)).filter((each) => isPage(each) && isOpened(each))) {
    for (const node of nodes(parse(await readFile(join(plain.site, name), 'utf8')))) if (node.tag && !node.prose) known.add(node);
  }
  const there = new Set(all);
  found = { unlike: new Map(), wrong: new Set(), lost: new Set(), led: 0, said: new Map() };
  for (const name of names) {
    const said = [];
    for (const node of nodes(parse(await readFile(join(site, name), 'utf8')))) {
      const { tag, at, prose, text } = node;
      if (!prose) said.push(text, ...Object.values(at));
      if (!tag) continue;
      if (!prose && !known.holds(node)) found.unlike.set(known.of(node), name);
      for (const fault of faults(node, name)) found.wrong.add(`${name}: ${fault}`);
      // Markdown leads where attacks say, but for the page that leads to all that has such a name.
      const isFiles = name === 'pages/files/index.html';
      if (prose && !isFiles) continue;
      for (const address of [at.href, at.src, at.action]) {
        const file = address && target(name, address);
        if (file && prose) found.led += 1;
        if (file && !there.has(file)) found.lost.add(`${name}: ${address}`);
      }
    }
    found.said.set(name, plainly(said.filter(Boolean).join('\n')));
  }
  // Each attack is on a page that is opened; where none of these has it, the first that does is opened, too.
  shown = new Set(names.filter((name) => isOpened(name)));
  for (const vector of VECTORS.map(plainly)) {
    const has = (name) => found.said.get(name).includes(vector);
    const first = [...shown].some(has) ? undefined : names.find(has);
    if (first) shown.add(first);
  }
  chrome = await browser(shared);
  web = await host(shared, site);
}, { timeout: 300_000 });

const urlOf = (name) => web.url + addressOf(name);

describe('content of people who mean harm', () => {
  it('adds no element and no attribute outside of Markdown', () => {
    none([...found.unlike].map(([what, where]) => `${where}: ${what}`));
  });

  it('stays text in Markdown, without what runs, loads or looks like the interface', () => {
    none(found.wrong);
  });

  it('leads to files that are there, whatever they are called', () => {
    none(found.lost);
    assert.equal(found.led, NAMES.length * 3 + EACH * Object.keys(FOLDERS).length, 'a page leads to each picture, table and entity');
  });

  it('holds every attack as it was written, and shows it on a page that is opened', async () => {
    // Otherwise the other tests would look at pages without attacks.
    const data = new Set();
    const gather = (value) => {
      if (typeof value === 'string') data.add(value);
      else if (value) for (const [key, part] of Object.entries(value)) data.add(key) && gather(part);
    };
    for (const name of await files(site)) if (name.endsWith('.json')) gather(JSON.parse(await readFile(join(site, name), 'utf8')));
    const isIn = (vector) => data.has(vector) || [...data].some((text) => text.includes(vector));
    assert.deepEqual(VECTORS.filter((vector) => !isIn(vector)), []);
    assert.deepEqual(VECTORS.filter((vector) => ![...shown].some((name) => found.said.get(name).includes(plainly(vector)))), []);
  });

  it('is told as the names and the words of those who changed something', () => {
    // Every second attack is the name of an author, and the others are what they say.
    const all = [...found.said.values()].join('\n');
    assert.deepEqual(VECTORS.filter((vector, n) => n % 2 === 0 && !all.includes(`· ${plainly(person(vector))}`)), []);
    assert.ok(all.includes(`· ${MAPPED}`), 'whom Git knows by another name');
  });

  it('leaves feeds and sitemaps well-formed', async () => {
    const page = await chrome.newPage();
    const feeds = (await files(site)).filter((name) => name.endsWith('.xml'));
    assert.ok(feeds.length > 1, `${feeds}`);
    for (const name of feeds) {
      const odd = await page.evaluate((text) => {
        const { documentElement: top } = new DOMParser().parseFromString(text, 'application/xml');
        const known = /^(feed|urlset|url|loc|lastmod|id|title|link|updated|author|name|entry|content)$/;
        return [top, ...top.querySelectorAll('*')].find((each) => each.namespaceURI !== top.namespaceURI || !known.test(each.localName))?.outerHTML;
      }, await readFile(join(site, name), 'utf8'));
      assert.equal(odd, undefined, name);
    }
    await page.close();
  });

  it('runs nothing and loads nothing in a browser, whatever is pointed at or clicked', { timeout: 600_000 }, async () => {
    const urls = new Map([...shown].map((name) => [urlOf(name), name]));
    let tried = 0;
    none(await visited(chrome, [...urls.keys()], new URL(web.url).origin, async (page) => {
      if (isTried(urls.get(page.url()) ?? '')) tried += (await page.evaluate(poked)) > 100;
    }));
    assert.ok(tried > 30, `${tried} pages`);
  });
});

describe('the preview of content of people who mean harm', () => {
  const PAGES = ['', 'changes/', `de/personas/persona-${SINCE}/`, 'personas/', 'news/', 'health/'];
  /** Of each kind one that changed, one that is gone, and one that was called otherwise. */
  const of = (id) => Object.entries(FOLDERS).flatMap(([kind, folder]) => [plainId(kind, SINCE), formerId(kind, NEW), id(kind, EACH - 1)].map((each) => addressOf(`${folder}/${each}/`)));

  it('marks changes as text, and runs nothing of what was or is', { timeout: 300_000 }, async (t) => {
    const like = await serve(t, plain.folder, { args: ['--compare', BASE] });
    const own = new Shapes(known);
    for (const path of [...PAGES, ...of(plainId)]) {
      for (const node of nodes(parse(await (await fetch(like.url + path)).text()))) if (node.tag && !node.prose) own.add(node);
    }
    await like.stop();
    const { url } = await serve(t, hostile.folder, { args: ['--compare', BASE] });
    const paths = [...PAGES, ...of(hostileId)];
    const wrong = new Set();
    let marks = 0;
    for (const path of paths) {
      const html = await (await fetch(url + path)).text();
      marks += html.split(/<(?:ins|del)\b/).length - 1;
      for (const node of nodes(parse(html))) {
        if (!node.tag) continue;
        // The marks themselves stand in Markdown, too.
        for (const fault of faults(node, path)) if (!/ class="[^"]*\bchg-\w+">$|<span id="change-\d+">$/.test(fault)) wrong.add(`${path}: ${fault}`);
        if (!node.prose && !own.holds(node)) wrong.add(`${path}: ${own.of(node)}`);
      }
    }
    assert.ok(marks > 1000, `${marks} marks on ${paths.length} pages`);
    none(wrong);
    // Such a page is a large one: of each kind one is opened.
    none(await visited(chrome, paths.filter((path, n) => n < 3 || n % 3 === 0).map((path) => url + path), new URL(url).origin));
  });

  it('runs nothing in its panel and when a file is saved', { timeout: 120_000 }, async (t) => {
    const { url } = await serve(t, hostile.folder);
    const file = join(hostile.folder, 'content/personas/persona-0.md');
    await on(url, 'personas/persona-0/', async (page) => {
      await page.waitForFunction(() => document.querySelector('personary-live')?.shadowRoot.querySelector('.panel'));
      // As many in one summary as it may hold.
      const summaries = VECTORS.reduce((all, vector) => {
        if (all.length && all.at(-1).length + vector.length < 1900) all.push(`${all.pop()} ${vector}`);
        else all.push(vector);
        return all;
      }, []);
      for (const [n, summary] of summaries.entries()) {
        const text = (await readFile(file, 'utf8')).replace(/^"summary": .*$/m, () => `"summary": ${escaped(`Saved ${n}. ${summary}`)}`);
        await writeFile(file, `${text}\n${VECTORS.filter((_, at) => at % 30 === n).join('\n\n')}\n`);
        await page.waitForFunction((start) => document.querySelector('main').textContent.includes(start), `Saved ${n}.`);
        await page.evaluate(poked);
      }
      assert.deepEqual(await page.evaluate(() => [...document.querySelector('personary-live').shadowRoot.querySelectorAll('*')]
        .filter((each) => [...each.attributes].some(({ name }) => /^on|^style$/.test(name)) || each.matches('script, img, iframe, form, svg, a:not([href^="/"], [href^="vscode://file/"])'))
        .map((each) => each.outerHTML.slice(0, 200))), []);
    });
  });
});

/** Opens a page, does something on it, and fails with what went wrong. */
async function on(site, path, act, mayMiss) {
  const wrong = [];
  const page = await watched(chrome, new URL(site).origin, (what) => wrong.push(`${page.url()}: ${what}`), mayMiss);
  await page.goto(site + path, { waitUntil: 'load' });
  await act(page);
  wrong.push(...await page.evaluate(wrongs));
  await page.context().close();
  none(wrong);
}

/** Asks a page attacks, one after the other: `ask` runs in the page and gives what is odd about its answer. */
const asked = (page, ask, attacks = VECTORS) =>
  page.evaluate(`(async (ask, all) => { const odd = []; for (const one of all) odd.push(await ask(one)); return odd.filter(Boolean); })(${ask}, ${JSON.stringify(attacks)})`);
/** Every fourth: each question takes its time, and of two hundred new addresses in a few seconds a browser drops some. */
const SOME = VECTORS.filter((_, n) => n % 4 === 0);

describe('what scripts make of attacks', () => {
  const personas = async (folder) => (await files(join(folder, 'personas'))).filter((name) => name.endsWith('/index.json')).map((name) => name.replace('/index.json', ''));
  let ids;
  before(async () => {
    ids = await personas(site);
  });

  it('the search finds them as text', { timeout: 120_000 }, async () => {
    const ready = () => document.querySelector('[data-search-page]').dataset.ready;
    await on(web.url, 'search/?q=plain', async (page) => {
      await page.waitForFunction(ready);
      assert.deepEqual(await asked(page, async (query) => {
        const box = document.querySelector('[data-search-page]');
        const input = box.querySelector('input[type=search]');
        const before = box.dataset.ready;
        const old = input.value;
        input.value = query;
        if (input.value === old) return '';
        input.form.requestSubmit();
        while (box.dataset.ready === before) await new Promise((done) => setTimeout(done));
        const kept = new URLSearchParams(location.search).get('q') ?? '';
        if (kept !== input.value.trim()) return `${query}: the address has ${kept}`;
        const other = box.querySelector(':not(form, input, details, summary, div, label, span, select, option, p, section, h2, ul, li, a.hit, b, small, mark, button)');
        return other && `${query}: ${other.outerHTML}`;
      }, SOME), []);
      // Some by their address, as somebody may send it.
      for (const query of VECTORS.filter((_, n) => n % 100 === 0).map(encodeURIComponent)) {
        await page.goto(`${web.url}search/?q=${query}&kind=${query}&owner=${query}&${query}=${query}`);
        await page.waitForFunction(ready);
      }
    });
  });

  it('a comparison shows them as the pages of pairs do', { timeout: 120_000 }, async () => {
    assert.ok(ids.length === EACH && ids.some((id) => id.includes('<')), `${ids}`);
    await on(web.url, 'compare/', async (page) => {
      for (let n = 0; n < EACH; n += 4) {
        await page.goto(`${web.url}compare/?${[...ids, ids[0]].slice(n, n + 4).map((id) => `p=${encodeURIComponent(id)}`).join('&')}`);
        await page.waitForSelector('#compared table');
        assert.deepEqual(known.others(await page.locator('#compared').evaluate((all) => all.outerHTML)), []);
      }
    });
  });

  it('a comparison of nobody says so', { timeout: 120_000 }, async () => {
    await on(web.url, 'compare/', async (page) => {
      assert.deepEqual(await asked(page, async (id) => {
        const status = document.getElementById('compare-status');
        status.textContent = '';
        history.replaceState(null, '', `?p=persona-0&p=${encodeURIComponent(id)}`);
        dispatchEvent(new PopStateEvent('popstate'));
        while (!status.textContent || /…$/.test(status.textContent)) await new Promise((done) => setTimeout(done));
        const other = document.querySelector('.choose :not(ul, li, button, label, input, div, span, svg, use, path)');
        return (other ?? document.querySelector('#compared *')) && `${id}: ${document.querySelector('form.choose').outerHTML}`;
      }, SOME.filter((one) => !ids.includes(one))), []);
    }, (url, type) => type === 'image' || url.startsWith(`${web.url}personas/`));
  });

  it('the finder and the filters take them as answers that nobody gave', { timeout: 120_000 }, async () => {
    await on(web.url, 'finder/', async (page) => {
      assert.deepEqual(await asked(page, (text) => {
        const { key } = document.querySelector('#finder-tree .ask').dataset;
        history.replaceState(null, '', `?${text.length % 2 ? `${encodeURIComponent(text)}=x&${key}` : key}=${encodeURIComponent(text)}`);
        dispatchEvent(new PopStateEvent('popstate'));
        const other = document.querySelector('.asking :not(div, section, fieldset, legend, span, button, ul, li, h2, p, a, b, svg, path, img.tile)');
        return other && `${text}: ${other.outerHTML}`;
      }, SOME), []);
      // Some are answers that can be given.
      for (let n = 0; n < 4 && await page.locator('.options button').count(); n += 1) await page.locator('.options button').nth(n % 2).click();
    });
    await on(web.url, 'personas/', async (page) => {
      const before = await page.evaluate(() => document.querySelectorAll('*').length);
      assert.deepEqual(await asked(page, (text) => {
        const field = document.querySelector('form[data-filter] [name=q]');
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        return new URLSearchParams(location.search).get('q') === (field.value.trim() || null) ? '' : `${text}: ${location.search}`;
      }, SOME), []);
      assert.equal(await page.evaluate(() => document.querySelectorAll('*').length), before);
      for (const text of VECTORS.filter((_, n) => n % 160 === 0).map(encodeURIComponent)) {
        for (const path of ['personas/?q=@&market=@&segment=@&owner=@&sort=@&@=@#@', 'journeys/journey-0/?lanes=@&without=@#@', 'a-z/?@=@#@']) await page.goto(web.url + path.replaceAll('@', text));
      }
    });
  });

  it('a list of many pages shows them as a list of one does, and each by itself is a text', { timeout: 120_000 }, async (t) => {
    const folder = await scratch(t);
    await mkdir(join(folder, 'content/personas'), { recursive: true });
    await writeFile(join(folder, 'personary.yaml'), 'title: Many\nleave_out: [card, compare, coverage, data, finder, graph, traceability]\nrules: { near-duplicate: off }\n');
    await Promise.all(VECTORS.map((vector, n) => writeFile(join(folder, `content/personas/p-${n}.md`), [
      '---', `name: ${escaped(vector)}`, 'market: b2b', `b2b: { designation: ${escaped(attack(n + 1))}, department: ${escaped(attack(n + 2))}, role: strategic }`,
      'stance: target', 'status: active', 'basis: proto', `summary: ${escaped(attack(n + 3))}`, `owner: ${escaped(attack(n + 4))}`, `segments: [${escaped(attack(n + 5))}]`, '---', '', vector, '',
    ].join('\n'))));
    const out = await published(folder);
    // In Markdown alone, where no other attack opens or closes anything.
    const wrong = new Set();
    for (const name of (await files(join(out, 'personas'))).filter((each) => /^p-\d+\/index\.html$/.test(each))) {
      for (const node of nodes(parse(await readFile(join(out, 'personas', name), 'utf8')))) {
        if (node.tag) for (const fault of faults(node, name)) wrong.add(`${VECTORS[/\d+/.exec(name)]}: ${fault}`);
        if (node.tag && !node.prose && !known.holds(node)) wrong.add(`${VECTORS[/\d+/.exec(name)]}: ${known.of(node)}`);
      }
    }
    none(wrong);
    const { url } = await host(t, out);
    await on(url, 'personas/?sort=newest', async (page) => {
      await page.waitForSelector('#results li.card');
      const more = page.locator('#results button.button');
      while (await more.isVisible()) await more.click();
      const cards = (await page.locator('#results .card :is(h2, h3)').allTextContents()).map(plainly);
      // The sign for what links start with becomes that, also in a name.
      assert.deepEqual(VECTORS.map((vector) => plainly(vector.replaceAll('\u{f0002}', '../'))).filter((vector) => !cards.includes(vector)), []);
      assert.deepEqual(known.others(await page.locator('#results > ul').evaluate((all) => all.outerHTML)), []);
      // An address names filters that forms and lists of fields have anyway.
      for (const name of ['length', 'elements', 'dataset', 'item', 'reset', 'action']) {
        await page.goto(`${url}personas/?${name}=1`);
        await page.waitForSelector('.nothing:not([hidden])');
        assert.match(await page.locator('[data-count]').textContent(), new RegExp(`${name}: 1`));
      }
    });
  });
});
