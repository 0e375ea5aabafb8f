// A library of people who mean harm: every text field of every kind holds an attack, and so do Markdown, CSV cells,
// names of files, translations, settings and what Git tells of its past. The fields come from the schemas, so a new one
// is attacked, too.

import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KINDS, root, run, scratch } from './harness.mjs';

const SETS = JSON.parse(await readFile(join(root, 'tests/hostile/vectors.json'), 'utf8'));
export const VECTORS = [...new Set(Object.values(SETS).flat())];
export const NAMES = SETS['names of files'];
/** Entities of each kind. Their number and that of the attacks have no factor in common, nor have the steps. */
export const EACH = 23;
const STEPS = [7, 11, 61];
for (const step of [EACH, ...STEPS]) if (VECTORS.length % step === 0) throw new Error(`${VECTORS.length} attacks in steps of ${step} leave some out`);
export const FOLDERS = { ...KINDS, page: 'pages' };
/** What a commit of some time ago is called: what is compared with it says so. */
export const BASE = '"><img/src=x/onerror=alert(1)>';

/** Texts that are no attack, in the same number. */
export const harmless = (n) => `Plain text number ${n % 5}`;
export const attack = (n) => VECTORS[n % VECTORS.length];

export const plainId = (kind, n) => `${kind}-${n}`;
/** The last four of each kind have names that somebody chose who means harm, while there are any. */
const NAMED = 4;
export const hostileId = (kind, n) => {
  if (n < EACH - NAMED) return plainId(kind, n);
  // Only pages stand in folders.
  if (kind === 'page' && n === EACH - 1) return 'x</script><img src=x onerror=alert(1)>';
  return NAMES[Object.keys(FOLDERS).indexOf(kind) * NAMED + EACH - 1 - n] ?? plainId(kind, n);
};

/** Pages of these are opened in a browser: in the texts below their fields, of so many attacks each, all are found. */
export const isShown = (n) => [0, 1, 3, 12, 17].includes(n) || n >= EACH - NAMED;
const BELOW = 5;

/** Of those with such names this one is new, in the place of one that is gone; the others were called otherwise. */
export const NEW = EACH - 2;
/** From this number on they are different from the base. */
export const SINCE = 17;
export const formerId = (kind, n) => (n < EACH - NAMED ? plainId(kind, n) : `${kind}-former-${n}`);

class Filler {
  constructor(schema, { text, id, files }, from) {
    Object.assign(this, { schema, text, id, files, next: from, count: 0, ids: 0 });
  }

  /** A value for a part of the schema; texts are taken in turn. */
  value(node, name, depth = 0) {
    for (let at = node; at.$ref; node = at) at = this.schema.$defs[at.$ref.split('/').at(-1)];
    const choices = node.oneOf ?? node.anyOf;
    if (choices) return this.value(choices[this.count % choices.length], name, depth);
    // One of three is a picture that there is.
    if (node['x-asset'] && (this.next += 1) % 3 === 0) return `/${this.files[this.next % this.files.length]}.png`;
    if (node['x-reference']) return this.id([node['x-reference']].flat()[0], this.count % EACH);
    if (node.const !== undefined) return node.const;
    if (node.enum) return node.enum[this.count % node.enum.length];
    const type = [node.type].flat()[0];
    if (type === 'object' || node.properties) {
      if (depth > 6) return {};
      const parts = Object.entries(node.properties ?? {}).map(([key, part]) => [key, this.value(part, key, depth + 1)]);
      if (node.additionalProperties && typeof node.additionalProperties === 'object' && depth > 0) {
        const key = node.propertyNames ? this.id('persona', this.count % EACH) : this.text(this.next++).slice(0, 40) || 'x';
        parts.push([key, this.value(node.additionalProperties, name, depth + 1)]);
      }
      return Object.fromEntries(parts.filter(([, value]) => value !== undefined));
    }
    if (type === 'array') return node.items ? [0, 1].map(() => this.value(node.items, name, depth + 1)) : undefined;
    if (type === 'integer' || type === 'number') return node.minimum ?? 1;
    if (type === 'boolean') return true;
    if (node.format === 'date') return '2026-10-01';
    if (/https/.test(node.pattern)) return `https://third.example/?${this.text((this.next += STEPS[0])).replaceAll(/\s/g, '')}`;
    // Ids and the like are refused when they are no ids; the attack on them stands in texts that name them.
    if (node.pattern && node.pattern !== '\\S') return /date|day|from|to|by|until|reviewed/.test(name) ? '2026-10-01' : `part-${(this.ids += 1)}`;
    this.count += 1;
    this.next += STEPS[0];
    return this.text(this.next) || 'x';
  }
}

/** A text in YAML, on one line. */
export const escaped = (value) => JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** An address of a file in Markdown: what brackets would end is encoded. */
const encoded = (path) => path.split('/').map(encodeURIComponent).join('/');
/** The smallest picture there is. */
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** The files of all entities, by what their names end with; their texts begin at `from`. */
function entities(schemas, names, from) {
  const { text } = names;
  const all = [];
  let offset = from;
  let fields = 0;
  const below = { true: from, false: from };
  for (const [kind, folder] of Object.entries(FOLDERS)) {
    for (let n = 0; n < EACH; n += 1) {
      const filler = new Filler(schemas[kind], names, (offset += STEPS[1]));
      const front = filler.value(schemas[kind], kind);
      fields = Math.max(fields, filler.count);
      Object.assign(front, { status: 'active', allow: undefined, aliases: undefined, superseded_by: undefined, sensitivity: undefined });
      if (kind === 'persona') {
        Object.assign(front, n % 4 ? { stance: 'target', negative: undefined } : { stance: 'negative' });
        Object.assign(front, n % 2 ? { market: 'b2b', b2c: undefined } : { market: 'b2c', b2b: undefined });
        front.extra = { [text(offset + 1)]: text(offset + 2), deep: [text(offset + 3)] };
      }
      const lines = Object.entries(front).filter(([, value]) => value !== undefined).map(([key, value]) => `${escaped(key)}: ${escaped(value)}`);
      // Each attack by itself, so that one that opens something swallows none of the others.
      const body = Array.from({ length: BELOW }, () => text((below[isShown(n)] += 1))).join('\n\n');
      const parts = { '.md': `---\n${lines.join('\n')}\n---\n\n${body}\n\n## ${text(offset + 4).replaceAll(/\s+/g, ' ')}\n` };
      if (kind === 'persona') parts['.de.md'] = `---\nname: ${escaped(text(offset + 5))}\nsummary: ${escaped(text(offset + 6))}\n---\n\n${text(offset + 7)}\n`;
      if (kind === 'kpi') {
        const cell = (value) => `"${value.replaceAll('"', '""').replaceAll(/[\r\n\0]/g, ' ')}"`;
        const rows = ['2026-08', '2026-09'].map((period) => `${period},${n + 1},persona-${n % (EACH - NAMED)},40,${cell(text(offset + 8))}`);
        parts['.csv'] = `period,value,persona,n,source\n${rows.join('\n')}\n`;
      }
      all.push({ kind, folder, n, parts });
    }
  }
  if (below.true - from < VECTORS.length) throw new Error(`${VECTORS.length} attacks are more than ${below.true - from} places for them`);
  return { all, fields };
}

/** What Git makes of a name: it holds none of these. */
export const person = (text) => text.replaceAll(/[<>\n\0]/g, '').trim() || 'x';

/** Commits as `git fast-import` reads them: names of any kind in no time. */
class Past {
  parts = [];
  count = 0;
  text = (value) => this.parts.push(`data ${Buffer.byteLength(value)}\n${value}\n`);
  path = (path) => `"${path.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;

  commit(author, message) {
    const when = `${1793500000 + 60 * (this.count += 1)} +0000`;
    this.parts.push(`commit refs/heads/main\nauthor ${person(author)} <${person(author).replaceAll(' ', '')}@third.example> ${when}\ncommitter x <x@third.example> ${when}\n`);
    this.text(message.replaceAll('\0', ''));
  }
  add(path, content) {
    this.parts.push(`M 100644 inline ${this.path(path)}\n`);
    this.text(content);
  }
  tag = (name) => this.parts.push(`reset refs/tags/${name}\nfrom refs/heads/main\n\n`);
  move = (from, to) => this.parts.push(`R ${this.path(from)} ${this.path(to)}\n`);
  remove = (path) => this.parts.push(`D ${this.path(path)}\n`);
}

const pathOf = ({ kind, folder, n }, id) => `content/${folder}/${id(kind, n)}`;

/** What happened: each entity had other texts before, some have come, gone or got another name, some changed often. */
function pastOf(before, now, text, id) {
  const past = new Past();
  const add = (entity, ids) => Object.entries(entity.parts).forEach(([ending, content]) => past.add(pathOf(entity, ids) + ending, content));
  const each = (entity, act) => Object.keys(entity.parts).forEach((ending) => act(pathOf(entity, formerId) + ending, pathOf(entity, id) + ending));
  past.commit(text(0), text(1));
  for (const entity of before) add(entity, formerId);
  // By their numbers, so that the last ones of all kinds are what the base has not.
  const changed = now.filter(({ n }) => n !== NEW).sort((a, b) => a.n - b.n);
  for (const [at, entity] of changed.entries()) {
    if (entity.n === SINCE && changed[at - 1].n < SINCE) past.tag(BASE);
    past.commit(text(2 * past.count), `${text(2 * past.count + 1)}\n\n${text(past.count + 3)}\n`);
    add(entity, formerId);
  }
  const named = now.filter(({ n }) => n >= EACH - NAMED);
  past.commit('x', 'Move');
  for (const entity of named) if (entity.n === NEW) add(entity, id); else each(entity, past.move);
  past.commit('x', 'Remove');
  for (const entity of named) if (entity.n === NEW) each(entity, past.remove);
  for (let more = 0; more < 5; more += 1) {
    past.commit(text(past.count * 2), text(past.count * 2 + 1));
    for (const entity of now.filter(({ n }) => n === 0)) {
      entity.parts['.md'] += `\n${text(more * STEPS[2])}\n`;
      add(entity, id);
    }
  }
  return past.parts.join('');
}

/** Who `x` is, by the file in which Git looks for that. */
export const MAPPED = 'a" onmouseover="alert(1)>';

/**
 * Writes a project whose texts are all made by `text`, in a repository with a past. `fields` is how many texts an entity
 * has at most.
 */
export async function filled(t, text) {
  const folder = await scratch(t);
  const put = async (path, content) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const isHostile = text === attack;
  const id = isHostile ? hostileId : plainId;
  const files = isHostile ? NAMES : NAMES.map((_, n) => `file-${n}`);
  await put('personary.yaml', [
    `title: ${escaped(text(14))}`, `description: ${escaped(text(3))}`, 'lang: en', 'languages: [de]',
    `fields: {persona: {own_field: {type: string, title: ${escaped(text(6))}, description: ${escaped(text(9))}}}}`, '',
  ].join('\n'));
  await put('.mailmap', `${isHostile ? MAPPED : 'Ada'} <x@third.example>\n`);
  const schemas = {};
  for (const kind of Object.keys(FOLDERS)) schemas[kind] = JSON.parse((await run(folder, ['schema', kind])).stdout);

  const before = entities(schemas, { text, files, id: formerId }, 3);
  const now = entities(schemas, { text, files, id }, 0);
  const past = pastOf(before.all, now.all, text, id);
  for (const entity of now.all) for (const [ending, content] of Object.entries(entity.parts)) await put(pathOf(entity, id) + ending, content);
  // Pictures and tables with such names, and a page that leads to them and to all entities.
  for (const name of files) {
    await put(`static/${name}.png`, PICTURE);
    await put(`content/terms/${name}.png`, PICTURE);
    await put(`content/pages/${name}.csv`, 'a,b\n"=1+1",2\n');
  }
  const links = files.map(encoded).flatMap((name) => [`![x](</${name}.png>)`, `![x](<../terms/${name}.png>)`, `[x](<${name}.csv>)`]);
  const others = now.all.map((entity) => `[x](<../${encoded(pathOf(entity, id).slice('content/'.length))}.md>)`);
  await put('content/pages/files.md', `---\nname: Files\nstatus: active\n---\n\n${[...links, ...others].join('\n\n')}\n`);

  const git = (args, input) => execFileSync('git', args, { cwd: folder, input, env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' }, stdio: ['pipe', 'pipe', 'pipe'] });
  git(['init', '-q', '-b', 'main']);
  git(['fast-import', '--quiet'], past);
  git(['reset', '-q']);
  return { folder, fields: now.fields };
}
