// What searches cost: the bytes each transfers and the time until its answer stands, on the page of the search.

import { dice } from './library.mjs';

/** `count` queries made of `words`: whole, begun, mistyped in each way, and two at a time. */
export function queries(words, count, seed = 7) {
  const roll = dice(seed);
  const word = () => words[Math.floor(roll() * words.length)];
  const long = () => { for (;;) { const one = word(); if (/^\p{L}{5,}$/u.test(one)) return one; } };
  const typo = () => {
    const one = long(), at = Math.floor(roll() * (one.length - 1)), way = Math.floor(roll() * 4);
    if (way === 0) return one.slice(0, at) + one.slice(at + 1);
    if (way === 1) return one.slice(0, at) + one[at + 1] + one[at] + one.slice(at + 2);
    if (way === 2) return `${one.slice(0, at)}q${one.slice(at + 1)}`;
    return `${one.slice(0, at)}x${one.slice(at)}`;
  };
  const ways = [word, () => word().slice(0, 1 + Math.floor(roll() * 3)), typo, () => `${word()} ${word()}`, () => `${typo()} ${word()}`, () => `${word()} ${word()} ${word().slice(0, 2)}`];
  return Array.from({ length: count }, (_, n) => ways[n % ways.length]());
}

/** Asks each query anew; `{ query, bytes, files, took, count }` for each, times in ms. */
export async function measure(context, url, all) {
  const page = await context.newPage();
  const cost = [];
  let got = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (/\/search\/.+|search[^/]*\.(js|css)$/.test(pathname)) got.push(response.body().then((body) => body.length));
  });
  for (const query of all) {
    got = [];
    await page.goto(`${url}search/?q=${encodeURIComponent(query)}`);
    const box = page.locator('[data-search-page][data-ready]');
    await box.waitFor();
    const bytes = (await Promise.all(got)).reduce((sum, n) => sum + n, 0);
    const files = got.length;
    // Asked once more, everything is there.
    const turn = await box.getAttribute('data-ready');
    await page.locator('[data-search-page] input').dispatchEvent('input');
    await page.waitForFunction((turn) => document.querySelector('[data-search-page]').dataset.ready !== turn, turn);
    const took = Number(await box.getAttribute('data-took'));
    const count = await page.locator('[data-search-page] .hit').count();
    cost.push({ query, bytes, files, took, count });
  }
  await page.close();
  return cost;
}

/** The largest, and the one that `part` of all stay below. */
export const at = (numbers, part) => numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * part))];
