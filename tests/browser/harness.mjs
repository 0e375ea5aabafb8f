// What the tests share: a throw-away copy of the sample project, the program run on it,
// a file server for what it builds, and a browser.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const personary = resolve(process.env.PERSONARY ?? join(root, 'target/release/personary'));

// The sample's date, 24 November 2026: its evidence must not grow stale while nobody changes a line.
process.env.SOURCE_DATE_EPOCH ??= '1795478400';

/** Runs `release` after the test (or hook) whose context is given. */
const cleanup = (t, release) => (t?.after ? t.after(release) : undefined);

/** A folder that is removed after the test. */
export async function scratch(t) {
  const folder = await mkdtemp(join(tmpdir(), 'personary-test-'));
  cleanup(t, () => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A copy of the sample project, which the test may change. */
export async function project(t) {
  const folder = await scratch(t);
  for (const part of ['personary.yaml', 'content', 'static', 'themes']) {
    const source = join(root, part);
    if (existsSync(source)) await cp(source, join(folder, part), { recursive: true });
  }
  return folder;
}

/** Makes the folder a repository and commits all that is in it; returns what runs Git in it. */
export function repository(folder) {
  const settings = ['user.name=Ada Byron', 'user.email=ada@example.com', 'init.defaultBranch=main', 'commit.gpgSign=false'];
  const git = (...args) =>
    execFileSync('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], {
      cwd: folder,
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
      stdio: 'pipe',
    });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'Begin');
  return git;
}

/** Runs the program to its end: `{ code, stdout, stderr }`, whatever the code. */
export function run(folder, args, { env } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(personary, ['-C', folder, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', (error) => fail(new Error(`cannot run ${personary} (cargo build --release makes it): ${error.message}`)));
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
}

/** Builds the project in `folder` into a new folder and returns that. */
export async function build(t, folder, args = []) {
  const out = join(await scratch(t), 'site');
  const { code, stdout, stderr } = await run(folder, ['build', '-o', out, ...args]);
  if (code !== 0) throw new Error(`personary build: exit code ${code}\n${stdout}${stderr}`);
  return out;
}

/** Starts the preview of `folder` on a free port; `{ url, stop, log }`, `url` ending in a slash. */
export async function serve(t, folder, { port = 0, args = [] } = {}) {
  const child = spawn(personary, ['-C', folder, 'serve', '--port', String(port), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const ended = new Promise((done) => child.once('close', done));
  const stop = async () => {
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(patience);
  };
  cleanup(t, stop);
  const url = await new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`personary serve: no address within 20 s\n${log}`)), 20_000);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      log += text;
      stdout += text;
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(stdout);
      if (address) {
        clearTimeout(late);
        done(address[0]);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
    child.on('error', (error) => fail(new Error(`cannot run ${personary} (cargo build --release makes it): ${error.message}`)));
    child.once('close', (code) => fail(new Error(`personary serve ended with ${code}\n${log}`)));
  });
  return { url, stop, log: () => log };
}

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.xml': 'application/xml',
  '.txt': 'text/plain; charset=utf-8', '.csv': 'text/csv; charset=utf-8', '.woff2': 'font/woff2', '.ico': 'image/x-icon',
};

const TEXT = /^text\/|json|javascript|xml/;

/** Serves a built site as a plain web host would, texts compressed, below `prefix` ("/docs/site/"). */
export async function host(t, folder, prefix = '/') {
  const server = createServer(async (request, response) => {
    const send = (status, body = '', headers = {}) => response.writeHead(status, headers).end(body);
    const page404 = async () => {
      const file = join(folder, '404.html');
      send(404, existsSync(file) ? await readFile(file) : 'not found', { 'content-type': TYPES['.html'] });
    };
    try {
      const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
      // Asked for by browsers unless a page names its icon; not a link of the site.
      if (path === '/favicon.ico' && prefix !== '/') return send(204);
      if (!path.startsWith(prefix)) return await page404();
      let file = join(folder, path.slice(prefix.length));
      if (file !== folder && !file.startsWith(folder + sep)) return await page404();
      if (existsSync(file) && (await stat(file)).isDirectory()) {
        if (!path.endsWith('/')) return send(301, '', { location: `${path}/` });
        file = join(file, 'index.html');
      }
      if (!existsSync(file)) return await page404();
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      const headers = { 'content-type': type, 'cache-control': 'max-age=600', vary: 'accept-encoding' };
      const body = await readFile(file);
      if (TEXT.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'])) {
        send(200, gzipSync(body), { ...headers, 'content-encoding': 'gzip' });
      } else {
        send(200, body, headers);
      }
    } catch (error) {
      send(500, String(error));
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const stop = () =>
    new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
  cleanup(t, stop);
  return { url: `http://127.0.0.1:${server.address().port}${prefix}`, stop };
}

/** A port that nobody listens at just now. */
export function freePort() {
  return new Promise((done, fail) => {
    const socket = createSocket().on('error', fail).listen(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => done(port));
    });
  });
}

/** Debian's Chromium, without its windows where that is installed: the same pages for half of the time. */
const CHROMIUM = process.env.CHROMIUM ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));

/** A browser without any traffic of its own; `more` are further switches. */
export async function browser(t, more = []) {
  const instance = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--no-first-run', '--force-color-profile=srgb', ...more,
    ],
  });
  cleanup(t, () => instance.close());
  return instance;
}

/** A page in a context of its own, 1280 by 900 unless `options` say otherwise, gone after the test. */
export async function openPage(t, chrome, address, options = {}) {
  const context = await chrome.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

/**
 * Does what leads to another document (a click, a key) and waits until that has loaded and its
 * scripts have run. A click alone may return while the new page has only begun.
 */
export async function follow(page, go) {
  await Promise.all([page.waitForEvent('load'), go()]);
}

/** Which of axe's rules pages must keep. */
export const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Fails with all that axe has against a page. */
export async function accessible(page, name) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }),
    TAGS,
  );
  assert.deepEqual(violations.map((v) => `${name}: ${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`.slice(0, 400)), []);
}

/** All files below `folder`, relative, with `/` between folders, sorted. */
export async function files(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1).replaceAll(sep, '/'))
    .sort();
}

/** The route of a built page: "personas/x/index.html" → "personas/x/". */
export const route = (file) => file.replace(/(^|\/)index\.html$/, '$1');

// ---- content files

export const KINDS = {
  persona: 'personas', journey: 'journeys', kpi: 'kpis', evidence: 'evidence', touchpoint: 'touchpoints',
  segment: 'segments', scenario: 'scenarios', account: 'accounts', team: 'teams', term: 'terms',
};

/** The value of a top-level scalar in a file's front matter, folded text included; `undefined` when absent. */
export function field(text, name) {
  const found = fieldLines(text, name);
  if (!found) return undefined;
  const [first, ...rest] = found.lines;
  const value = [first.slice(first.indexOf(':') + 1).trim(), ...rest.map((line) => line.trim())]
    .filter((line, n) => !(n === 0 && /^[>|][+-]?$/.test(line)))
    .join(' ')
    .trim();
  return value.replace(/^(["'])(.*)\1$/, '$2');
}

/** `text` with a top-level scalar of the front matter set to `value`. */
export function withField(text, name, value) {
  const found = fieldLines(text, name);
  const lines = text.split('\n');
  const line = `${name}: ${JSON.stringify(value)}`;
  if (found) lines.splice(found.at, found.lines.length, line);
  else lines.splice(1, 0, line);
  return lines.join('\n');
}

function fieldLines(text, name) {
  const lines = text.split('\n');
  const end = lines.indexOf('---', 1);
  const at = lines.findIndex((line, n) => n > 0 && n < end && line.startsWith(`${name}:`));
  if (at < 0) return undefined;
  let next = at + 1;
  // Lines that belong to the value are indented; blank ones may stand between them.
  while (next < end && /^\s/.test(lines[next])) next += 1;
  return { at, lines: lines.slice(at, next) };
}

/** The entities of a project that a site without drafts publishes: `{ kind, id, file, text, route }`. */
export async function published(folder) {
  const found = [];
  for (const [kind, below] of Object.entries(KINDS)) {
    const base = join(folder, 'content', below);
    if (!existsSync(base)) continue;
    for (const name of await files(base)) {
      if (!name.endsWith('.md') || name.split('/').some((part) => part.startsWith('_'))) continue;
      // A translation of the sample belongs to the entry that it translates.
      if (/\.de\.md$/.test(name)) continue;
      const text = await readFile(join(base, name), 'utf8');
      if (field(text, 'status') === 'draft') continue;
      const id = name.split('/').at(-1).replace(/\.md$/, '');
      found.push({ kind, id, file: `content/${below}/${name}`, text, route: `${below}/${id}/` });
    }
  }
  return found;
}
