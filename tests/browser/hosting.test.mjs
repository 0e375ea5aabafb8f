// The examples of docs/hosting.md on the servers that they are for. Where one is not installed its test is left out
// and says so.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { browser, build, freePort, project, root, scratch } from './harness.mjs';

const cleanups = [];
const shared = { after: (release) => cleanups.unshift(release) };
let site;
let text;

before(async () => {
  const folder = await project(shared);
  site = await build(shared, folder, ['--base-url', '/']);
  await mkdir(join(site, '.git'));
  await writeFile(join(site, '.git/config'), 'hidden');
  await writeFile(join(site, 'x.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "ran"</script></svg>');
  text = await readFile(join(root, 'docs/hosting.md'), 'utf8');
});

after(async () => {
  for (const release of cleanups) await release();
});

const example = (language) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)[1].replaceAll('/srv/personas', site);
const found = (names) => names.find((name) => existsSync(name));

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

async function holds(t, url) {
  for (const [path, status, type] of [
    ['', 200, /text\/html/], ['personas/', 200, /text\/html/], ['assets/style.css', 200, /text\/css/], ['search/index.json', 200, /json/],
    ['nowhere/at/all/', 404, /text\/html/], ['.git/config', 404, /text\/html/], ['x.svg', 200, /svg/],
  ]) {
    const answer = await fetch(url + path);
    assert.equal(answer.status, status, path);
    assert.match(answer.headers.get('content-type'), type, path);
    assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'.*script-src 'self'/, path);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', path);
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin', path);
    const body = await answer.text();
    assert.doesNotMatch(body, /^hidden/, path);
    if (status === 404) assert.match(body, /<main/, `${path}: its page`);
    else assert.match(answer.headers.get('cache-control'), /no-cache/, path);
  }
  const first = await fetch(`${url}assets/style.css`);
  const again = await fetch(`${url}assets/style.css`, { headers: { 'if-none-match': first.headers.get('etag'), 'cache-control': 'max-age=0' } });
  assert.equal(again.status, 304);
  // A page works with both policies, and a picture by itself runs nothing.
  const page = await (await browser(t)).newPage();
  const faults = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  for (const path of ['', 'personas/bea-holloway/', 'journeys/breakdown-day/', 'search/?q=bike']) await page.goto(url + path, { waitUntil: 'networkidle' });
  assert.deepEqual(faults, []);
  await page.goto(`${url}x.svg`);
  assert.notEqual(await page.title(), 'ran');
}

describe('the examples for hosts', () => {
  const nginx = found(['/usr/sbin/nginx', '/usr/bin/nginx']);
  it('nginx', { skip: nginx ? false : 'NOT TRIED: nginx is not installed', timeout: 120_000 }, async (t) => {
    const folder = await scratch(t);
    const port = await freePort();
    const server = example('nginx').replace('listen 80;', `listen 127.0.0.1:${port};`).replace(/server_name [^;]*;/, 'server_name localhost;');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
    const user = process.getuid() === 0 ? 'user root;' : '';
    await writeFile(join(folder, 'nginx.conf'), `daemon off; ${user} pid ${folder}/pid; error_log stderr; events {} http { include /etc/nginx/mime.types; access_log off; ${paths}\n${server}\n}`);
    const url = `http://127.0.0.1:${port}/`;
    await started(t, nginx, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], url);
    await holds(t, url);
  });

  const caddy = found(['/usr/bin/caddy', '/usr/local/bin/caddy']);
  it('Caddy', { skip: caddy ? false : 'NOT TRIED: Caddy is not installed', timeout: 120_000 }, async (t) => {
    const folder = await scratch(t);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const file = example('caddy').replace('personas.example.com', `http://127.0.0.1:${port}`);
    await writeFile(join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n}\n${file}`);
    await started(t, caddy, ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], url);
    await holds(t, url);
  });
});
