// Makes the pictures of the documentation from the sample project:
//
//   node tests/browser/screenshots.mjs [NAME…]
//
// needs target/release/personary (or PERSONARY), `npm ci` in tests/browser, and Chromium.

import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ansiToHtml } from './ansi.mjs';
import { browser, build, field, host, project, published, repository, root, run, serve } from './harness.mjs';

const FOLDER = join(root, 'docs/images');
const LIMIT = 300_000;
const DESKTOP = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

const wanted = process.argv.slice(2);
const cleanups = [];
const context = { after: (release) => cleanups.unshift(release) };

try {
  await mkdir(FOLDER, { recursive: true });
  const folder = await project(context);
  const chrome = await browser(context);
  const { url } = await serve(context, folder);
  const entities = await published(folder);
  const richest = (kind, fits = () => true) =>
    entities.filter((entity) => entity.kind === kind && fits(entity)).reduce((one, other) => (other.text.length > one.text.length ? other : one));
  const persona = richest('persona', ({ text }) => field(text, 'stance') === 'target' && field(text, 'market') === 'b2b');
  const journey = richest('journey');
  const kpi = entities.find(({ kind, id }) => kind === 'kpi' && id === 'nps') ?? richest('kpi');

  const shots = {
    home: ['', DESKTOP],
    persona: [persona.route, DESKTOP],
    journey: [journey.route, { ...DESKTOP, viewport: { width: 1280, height: 900 } }],
    kpi: [kpi.route, DESKTOP],
    health: ['health/', DESKTOP],
    card: [`${persona.route}card/`, { ...DESKTOP, viewport: { width: 1280, height: 720 } }],
    finder: ['finder/', DESKTOP],
    compare: ['compare/?p=amara-nwosu&p=imogen-clarke', DESKTOP],
    search: ['search/?q=battery', DESKTOP],
    coverage: ['coverage/lifecycle/', DESKTOP],
    opportunities: ['coverage/opportunities/', DESKTOP],
    graph: [`${persona.route}graph/`, DESKTOP],
    'persona-phone': [persona.route, PHONE],
    'journey-phone': [`${journey.route}#map`, PHONE],
    'persona-dark': [persona.route, { ...DESKTOP, colorScheme: 'dark' }],
    // The pull requests of docs/pull-requests/, with their changes marked.
    'review-journey': ['journeys/winter-riders/#map', { ...DESKTOP, viewport: { width: 1280, height: 1000 } }, 'winter-journey'],
    'review-persona-phone': ['personas/ruth-adeyinka/#goals', { ...PHONE, colorScheme: 'dark' }, 'research-round'],
  };
  const sites = {};
  for (const [name, [path, options, pull]] of Object.entries(shots)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const at = pull ? (sites[pull] ??= await compared(pull)) : url;
    const page = await (await chrome.newContext({ colorScheme: 'light', reducedMotion: 'reduce', locale: 'en-GB', ...options })).newPage();
    await page.goto(at + path, { waitUntil: 'load' });
    await page.evaluate(() => document.fonts.ready);
    // What scripts put together is there when they have asked for all they need.
    await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => {});
    // A section that the address names begins at the top, with nothing of the one before it.
    await page.evaluate(() => {
      const section = document.querySelector(':target')?.closest('section');
      if (section) scrollBy({ top: section.getBoundingClientRect().top - 20, behavior: 'instant' });
    });
    // A panel of findings is no part of the page.
    await page.addStyleTag({ content: 'personary-live { display: none !important }' });
    await save(name, await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    await page.context().close();
  }
  if (wanted.length === 0 || wanted.includes('check')) await save('check', await terminal(chrome, folder, persona));
} finally {
  for (const release of cleanups) await release();
}

/** The address of the site of a pull request of docs/pull-requests/, compared with what it is made against. */
async function compared(pull) {
  const folder = await project(context);
  const git = repository(folder);
  const page = await readFile(join(root, `docs/pull-requests/${pull}.md`), 'utf8');
  const [, patch] = /^~~~~diff\n([^]*?)^~~~~$/m.exec(page) ?? [];
  if (!patch) throw new Error(`docs/pull-requests/${pull}.md has no patch`);
  await writeFile(join(folder, 'pull.diff'), patch);
  git('apply', 'pull.diff');
  return (await host(context, await build(context, folder, ['--drafts', '--keep-going', '--compare', 'main']))).url;
}

async function save(name, image) {
  const file = join(FOLDER, `${name}.png`);
  await writeFile(file, image);
  const { size } = await stat(file);
  console.log(`docs/images/${name}.png  ${Math.ceil(size / 1000)} kB`);
  if (size > LIMIT) {
    console.error(`  over the limit of ${LIMIT / 1000} kB`);
    process.exitCode = 1;
  }
}

/** What `personary check` prints about a file with three slips in it, as a terminal shows it. */
async function terminal(chrome, folder, persona) {
  const file = join(folder, persona.file);
  const source = await readFile(file, 'utf8');
  const damaged = source
    // One letter of a reference, a value that is not in the list, and a mistyped key.
    .replace(/^(evidence|kpis): \[([a-z0-9-]+)/m, (_, key, id) => `${key}: [${id.slice(0, 2)}${id.slice(3)}`)
    .replace(/^(basis): qualitative/m, '$1: qualitive')
    .replace(/^owner: /m, 'onwer: ');
  if (damaged === source) throw new Error(`${persona.file} offers nothing to damage`);
  await writeFile(file, damaged);
  const command = 'personary check';
  const { stdout, stderr } = await run(folder, ['check'], { env: { CLICOLOR_FORCE: '1', TERM: 'xterm-256color', COLUMNS: '110' } });
  await writeFile(file, source);

  const page = await (await chrome.newContext({ viewport: { width: 1000, height: 600 }, deviceScaleFactor: 1 })).newPage();
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; display: inline-block; min-width: 820px; background: #10151d; color: #d7dde6; }
    pre { margin: 0; padding: 22px 26px; font: 14px/1.45 "DejaVu Sans Mono", "Liberation Mono", monospace; white-space: pre; }
    .prompt { color: #7ee2a8; font-weight: bold; }
  </style><pre><span class="prompt">$</span> ${command}\n${ansiToHtml((stdout + stderr).replace(/\s+$/, ''))}</pre>`);
  const image = await page.locator('body').screenshot();
  await page.context().close();
  return image;
}
