// The examples of docs/hosting.md on the servers that they are for, for everybody and for readers who sign in. Where a
// server is not installed its tests are left out and say so.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { browser, build, files, freePort, project, root, route, scratch } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
let site;
let text;
let chrome;

before(async () => {
  const folder = await project(shared);
  site = await build(shared, folder, ['--base-url', '/']);
  await mkdir(join(site, '.git'));
  await writeFile(join(site, '.git/config'), 'hidden');
  await writeFile(join(site, 'x.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "ran"</script></svg>');
  text = await readFile(join(root, 'docs/hosting.md'), 'utf8');
  chrome = await browser(shared);
});

after(async () => {
  for (const release of cleanups) await release();
});

/** The examples for a server: the first for everybody, the second what is added for readers who sign in. */
const examples = (language) => [...text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, lines]) => lines.replaceAll('/srv/personas', site));

async function started(t, command, args, url) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
  let ended = false;
  const end = new Promise((done) => child.once('close', () => done((ended = true))));
  t.after(async () => {
    child.kill('SIGTERM');
    await end;
  });
  for (let n = 0; ; n += 1) {
    assert.ok(!ended && n < 200, `${command} does not answer:\n${said}`);
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

/** A server with what stands in docs/hosting.md, on a port of its own; returns its address. */
async function nginxWith(t, server) {
  const folder = await scratch(t);
  const port = await freePort();
  const here = server.replace('listen 80;', `listen 127.0.0.1:${port};`).replace(/server_name [^;]*;/, 'server_name localhost;');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  const user = process.getuid() === 0 ? 'user root;' : '';
  await writeFile(join(folder, 'nginx.conf'), `daemon off; ${user} pid ${folder}/pid; error_log stderr; events {} http { include /etc/nginx/mime.types; access_log off; ${paths}\n${here}\n}`);
  const url = `http://127.0.0.1:${port}/`;
  await started(t, nginx, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], url);
  return url;
}

async function caddyWith(t, server) {
  const folder = await scratch(t);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const file = server.replace('personas.example.com', `http://127.0.0.1:${port}`);
  await writeFile(join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n}\n${file}`);
  await started(t, caddy, ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], url);
  return url;
}

/** What the site has to be for those who may read it. */
async function holds(url, { cookie, caching = 'no-cache' } = {}) {
  const as = (headers) => ({ headers: { ...headers, ...(cookie && { cookie }) } });
  for (const [path, status, type] of [
    ['', 200, /text\/html/], ['personas/', 200, /text\/html/], ['assets/style.css', 200, /text\/css/], ['search/index.json', 200, /json/],
    ['nowhere/at/all/', 404, /text\/html/], ['.git/config', 404, /text\/html/], ['x.svg', 200, /svg/],
  ]) {
    const answer = await fetch(url + path, as());
    assert.equal(answer.status, status, path);
    assert.match(answer.headers.get('content-type'), type, path);
    assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'.*script-src 'self'/, path);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', path);
    assert.equal(answer.headers.get('referrer-policy'), 'same-origin', path);
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin', path);
    assert.equal(answer.headers.get('cache-control'), caching, path);
    const body = await answer.text();
    assert.doesNotMatch(body, /^hidden/, path);
    if (status === 404) assert.match(body, /<main/, `${path}: its page`);
  }
  const first = await fetch(`${url}assets/style.css`, as());
  const again = await fetch(`${url}assets/style.css`, as({ 'if-none-match': first.headers.get('etag'), 'cache-control': 'max-age=0' }));
  assert.equal(again.status, 304);
  // A page works with both policies, and a picture by itself runs nothing.
  const context = await chrome.newContext();
  if (cookie) await context.addCookies([{ name: cookie.split('=')[0], value: cookie.split('=')[1], url }]);
  const faults = [];
  const open = async (path) => {
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && faults.push(`${message.text()} ${message.location().url}`));
    await page.goto(url + path, { waitUntil: 'networkidle' });
    return page;
  };
  await Promise.all(['', 'personas/bea-holloway/', 'journeys/breakdown-day/', 'search/?q=bike'].map(open));
  assert.deepEqual(faults, []);
  assert.notEqual(await (await open('x.svg')).title(), 'ran');
  await context.close();
}

const COOKIE = 'session=ada';

/** A service that knows who has signed in. It keeps the addresses that it was told in `asked`. */
async function signIn(t, header) {
  const asked = [];
  const service = createServer((request, response) => {
    asked.push(request.headers[header]);
    // Caddy leaves the question of the page at the address.
    const may = request.url.split('?')[0] === '/check' && request.headers.cookie === COOKIE;
    response.writeHead(may ? 204 : 401).end(may ? '' : 'Sign in first.');
  });
  await new Promise((done) => service.listen(0, '127.0.0.1', done));
  const stop = () => new Promise((done) => service.close(done) && service.closeAllConnections());
  t.after(() => service.listening && stop());
  return { address: `127.0.0.1:${service.address().port}`, asked, stop };
}

/** The answer to a path as it is written, which `fetch` would tidy up. */
const raw = (url, path, headers = {}, method = 'GET') => new Promise((done, fail) => {
  const { hostname, port } = new URL(url);
  const ask = request({ hostname, port, path, headers, method }, (answer) => {
    let body = '';
    answer.setEncoding('utf8').on('data', (part) => (body += part)).on('end', () => done({ status: answer.statusCode, headers: answer.headers, body }));
  });
  ask.on('error', fail).end();
});

/** Whoever is not signed in cannot tell any file from one that is not there. */
async function refuses(url, service) {
  const paths = (await files(site)).map((name) => `/${route(name).split('/').map(encodeURIComponent).join('/')}`);
  for (const sort of [
    /^\/$/, /^\/personas\/.+\/$/, /^\/404\.html$/, /^\/search\/index\.json$/, /^\/personas\/.+\.json$/, /^\/library\.json$/,
    /^\/assets\/.+\.js$/, /^\/search\/d0\.txt$/, /\.csv$/, /\.xml$/, /\.svg$/, /^\/\.git\//,
  ]) {
    assert.ok(paths.some((path) => sort.test(path)), `no file is like ${sort}`);
  }
  const missing = await raw(url, '/nowhere/at/all/');
  assert.equal(missing.status, 401);
  assert.doesNotMatch(missing.body, /<main|assets\/|personas/i);
  const { headers: { etag } } = await raw(url, '/assets/style.css', { cookie: COOKIE });
  const tries = [
    ...paths.map((path) => [path]),
    // Other spellings, other methods, and what a browser asks that has the file already.
    ...['/personas', '//personas/', '/%70ersonas/', '/nowhere/../personas/', '/personas/index.html', '/personas/?signed-in', '/signed-in', '/signed-in/', '/check'].map((path) => [path]),
    ['/assets/style.css', { 'if-none-match': etag }], ['/assets/style.css', { range: 'bytes=0-9' }], ['/', { cookie: 'session=eve' }],
    ['/', { 'x-original-uri': '/check', 'x-forwarded-uri': '/check' }], ['/', { authorization: 'Basic YWRhOmFkYQ==' }],
  ];
  for (const [path, headers] of tries) {
    const { status, body, headers: { etag: mark, 'last-modified': changed, location } } = await raw(url, path, headers);
    assert.deepEqual({ status, body, mark, changed, location }, { status: 401, body: missing.body, mark: undefined, changed: undefined, location: undefined }, path);
  }
  assert.equal((await raw(url, '/', {}, 'HEAD')).status, 401);
  for (const path of ['/personas/', '/library.json', '/assets/style.css']) assert.ok(service.asked.includes(path), `the service was not told ${path}`);
}

/** Nobody gets in while the service is not there, not even to the page of what is not found. */
async function closes(url, service) {
  await service.stop();
  for (const path of ['/', '/library.json', '/nowhere/', '/.git/config']) {
    const { status, body } = await raw(url, path, { cookie: COOKIE });
    assert.ok(status >= 500, `${path}: ${status}`);
    assert.doesNotMatch(body, /<main|assets\/|personas/i, path);
  }
}

const found = (names) => names.find((name) => existsSync(name));
const nginx = found(['/usr/sbin/nginx', '/usr/bin/nginx']);
const asks = nginx && /http_auth_request_module/.test(spawnSync(nginx, ['-V'], { encoding: 'utf8' }).stderr);
const caddy = found(['/usr/bin/caddy', '/usr/local/bin/caddy']);

describe('the examples for hosts', () => {
  it('nginx', { skip: nginx ? false : 'NOT TRIED: nginx is not installed', timeout: 120_000 }, async (t) => {
    await holds(await nginxWith(t, examples('nginx')[0]));
  });

  it('nginx for readers who sign in', { skip: asks ? false : 'NOT TRIED: nginx is not installed, or has no auth_request', timeout: 120_000 }, async (t) => {
    const service = await signIn(t, 'x-original-uri');
    const [server, more] = examples('nginx');
    const caching = /^ *add_header Cache-Control .*\n/m;
    assert.match(server, caching);
    const url = await nginxWith(t, server.replace(caching, more.replace('127.0.0.1:9000', service.address)));
    await refuses(url, service);
    await holds(url, { cookie: COOKIE, caching: 'private, no-cache' });
    await closes(url, service);
  });

  it('Caddy', { skip: caddy ? false : 'NOT TRIED: Caddy is not installed', timeout: 120_000 }, async (t) => {
    await holds(await caddyWith(t, examples('caddy')[0]));
  });

  it('Caddy for readers who sign in', { skip: caddy ? false : 'NOT TRIED: Caddy is not installed', timeout: 120_000 }, async (t) => {
    const service = await signIn(t, 'x-forwarded-uri');
    const [server, more] = examples('caddy');
    const place = /^\timport headers\n/m;
    assert.match(server, place);
    const url = await caddyWith(t, server.replace('Cache-Control no-cache', 'Cache-Control "private, no-cache"').replace(place, (line) => line + more.replace('127.0.0.1:9000', service.address)));
    await refuses(url, service);
    await holds(url, { cookie: COOKIE, caching: 'private, no-cache' });
    await closes(url, service);
  });
});
