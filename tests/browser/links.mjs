// A link checker that knows nothing of how the site was made: it reads the built files as a
// browser would and follows every address in them to a file, and every fragment to an id.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'parse5';
import { files, route } from './harness.mjs';

const ADDRESSES = new Set(['href', 'src', 'poster', 'data', 'action', 'formaction', 'xlink:href', 'background', 'manifest']);
const ADDRESS_LISTS = new Set(['srcset', 'imagesrcset']);
/** `meta` elements whose content is an address. */
const META = new Set(['og:url', 'og:image', 'twitter:image']);
const OUTSIDE = new Set(['http:', 'https:', 'mailto:', 'tel:', 'sms:']);

function* elements(node) {
  for (const child of node.childNodes ?? []) {
    if (child.tagName) yield child;
    yield* elements(child);
    if (child.content) yield* elements(child.content);
  }
}

const attributes = (element) =>
  Object.fromEntries(element.attrs.map(({ prefix, name, value }) => [prefix ? `${prefix}:${name}` : name, value]));

/** The addresses in a style sheet, `url(…)` and `@import`. */
export function cssAddresses(css) {
  const bare = css.replace(/\/\*[\s\S]*?\*\//g, '');
  const found = [...bare.matchAll(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')/g)];
  return found.map((match) => match.slice(1).find((part) => part !== undefined));
}

/** What one document offers (ids) and asks for (links). */
export function read(html) {
  const page = { ids: new Set(), twice: [], links: [], redirect: undefined, canonical: undefined, base: undefined, noindex: false, lang: undefined };
  const line = (element) => element.sourceCodeLocation?.startLine ?? 0;
  for (const element of elements(parse(html, { sourceCodeLocationInfo: true }))) {
    const at = attributes(element);
    if (at.id !== undefined) {
      if (page.ids.has(at.id)) page.twice.push(at.id);
      page.ids.add(at.id);
    }
    if (element.tagName === 'a' && at.name) page.ids.add(at.name);
    if (element.tagName === 'html') page.lang = at.lang;
    if (element.tagName === 'base') page.base = at.href;
    if (element.tagName === 'link' && at.rel === 'canonical') page.canonical = at.href;
    const add = (address, from) => page.links.push({ address, from: `<${element.tagName} ${from}>`, line: line(element) });
    for (const [name, value] of Object.entries(at)) {
      if (ADDRESSES.has(name)) add(value.trim(), name);
      // A srcset candidate is an address, then a width or density; a data: address may hold commas.
      if (ADDRESS_LISTS.has(name)) for (const [, address] of value.matchAll(/\s*(\S*[^\s,])(?:\s[^,]*)?(?:,|$)/g)) add(address, name);
      if (name === 'style') for (const address of cssAddresses(value)) add(address, 'style');
    }
    if (element.tagName === 'style') {
      for (const address of cssAddresses(element.childNodes.map((node) => node.value ?? '').join(''))) add(address, 'text');
    }
    if (element.tagName === 'meta') {
      if (META.has(at.property ?? at.name)) add(at.content, 'content');
      if (at.name === 'robots' && /noindex/.test(at.content)) page.noindex = true;
      if (at['http-equiv']?.toLowerCase() === 'refresh') {
        page.redirect = /^\s*\d+\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']*)["']?\s*$/i.exec(at.content)?.[1];
        if (page.redirect !== undefined) add(page.redirect, 'refresh');
      }
    }
  }
  return page;
}

/**
 * Checks every link of the built site in `out` as if it lay at `base` (an absolute address ending
 * in a slash). Returns `{ pages, links, faults }`, the faults as lines for a person.
 */
export async function checkLinks(out, base) {
  base = new URL(base);
  const names = await files(out);
  const there = new Set(names);
  const pages = new Map();
  for (const name of names.filter((each) => /\.(html|svg)$/.test(each))) {
    pages.set(name, read(await readFile(join(out, name), 'utf8')));
  }
  const faults = [];
  let links = 0;

  const follow = (name, { address, from, line }) => {
    links += 1;
    const fault = (why) => faults.push(`${name}:${line}: ${from} "${address}": ${why}`);
    const here = new URL(route(name), base);
    let target;
    try {
      target = new URL(address, pages.get(name)?.base ? new URL(pages.get(name).base, here) : here);
    } catch {
      return fault('is not an address');
    }
    if (address === '' && !/action/.test(from)) return fault('is empty');
    if (/\s/.test(address)) return fault('has white space');
    if (target.protocol === 'data:') return /href/.test(from) && !/^<(use|link|image)/.test(from) ? fault('a link to data') : undefined;
    if (!OUTSIDE.has(target.protocol)) return fault(`protocol ${target.protocol}`);
    if (target.origin !== base.origin) return undefined;
    if (!target.pathname.startsWith(base.pathname)) return fault(`leaves the site's folder ${base.pathname}`);

    let file = decodeURIComponent(target.pathname.slice(base.pathname.length));
    if (file === '' || file.endsWith('/')) file += 'index.html';
    else if (!there.has(file) && there.has(`${file}/index.html`)) return fault('lacks the final slash');
    if (!there.has(file)) return fault(`no file ${file}`);

    const fragment = decodeURIComponent(target.hash.slice(1));
    if (fragment === '' || fragment === 'top' || fragment.startsWith(':~:')) return undefined;
    // A visitor who lands on a redirect page ends at its target, with the fragment the target names.
    const seen = new Set();
    while (pages.get(file)?.redirect !== undefined) {
      if (seen.has(file)) return fault('redirects in a circle');
      seen.add(file);
      const next = new URL(pages.get(file).redirect, new URL(route(file), base));
      file = decodeURIComponent(next.pathname.slice(base.pathname.length));
      if (file === '' || file.endsWith('/')) file += 'index.html';
      if (!there.has(file)) return fault(`redirects to ${next}, which is not there`);
    }
    if (!pages.get(file)?.ids.has(fragment)) return fault(`no id "${fragment}" in ${file}`);
    return undefined;
  };

  for (const [name, page] of pages) {
    for (const id of page.twice) faults.push(`${name}: id "${id}" is given twice`);
    for (const link of page.links) follow(name, link);
  }
  for (const name of names.filter((each) => each.endsWith('.css'))) {
    for (const address of cssAddresses(await readFile(join(out, name), 'utf8'))) {
      follow(name, { address, from: 'css', line: 0 });
    }
  }
  return { pages, links, faults };
}
