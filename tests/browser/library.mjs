// A library of any size, made of words that are made up: the same one for the same numbers.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Numbers from 0 up to 1, always the same. */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SYLLABLES = 'ba be bo da de di fa fo ga go ha he ja ka ke ko la le li lo ma me mi mo na ne no pa pe po ra re ri ro sa se si so ta te ti to va ve vo za'.split(' ');
const ENDS = ['n', 'r', 's', 't', 'l', 'nd', 'rk', 'st', 'ng', ''];
const OTHERS = ['Jürgen Müller', 'Łukasz Żak', 'Søren Ørsted', '山田太郎', '佐藤花子', '김민준', 'Ёлка Йодова', '24/7 Desk', 'Zoë O’Brien'];

/** So many words, no two alike. */
export function vocabulary(count, seed = 1) {
  const roll = dice(seed);
  const pick = (from) => from[Math.floor(roll() * from.length)];
  const words = new Set();
  while (words.size < count) {
    words.add(Array.from({ length: 2 + Math.floor(roll() * 3) }, () => pick(SYLLABLES)).join('') + pick(ENDS));
  }
  return [...words];
}

/** Writes a project of so many personas, and a quarter as many journeys, into `folder`; returns its words and names. */
export async function library(folder, personas, vocabularySize = 4000) {
  const roll = dice(personas);
  const words = vocabulary(vocabularySize);
  const pick = (from) => from[Math.floor(roll() * from.length)];
  // As in a language: few words are frequent and most are rare.
  const word = () => words[Math.floor(words.length * roll() ** 3)];
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const sentence = (length) => `${capital(Array.from({ length }, word).join(' '))}.`;
  const first = words.slice(-200);
  const names = [];
  const write = async (kind, id, front) => {
    const text = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join('\n');
    await writeFile(join(folder, 'content', kind, `${id}.md`), `---\n${text}\n---\n`);
  };
  for (const kind of ['personas', 'journeys', 'segments', 'teams']) await mkdir(join(folder, 'content', kind), { recursive: true });
  await writeFile(join(folder, 'personary.yaml'), 'title: A made-up library\n');
  for (const n of [0, 1, 2]) {
    await write('segments', `segment-${n}`, { name: `Segment ${n}`, summary: sentence(6) });
    await write('teams', `team-${n}`, { name: `Team ${n}`, contact: `team-${n}@example.com` });
  }
  for (let n = 0; n < personas; n++) {
    const name = OTHERS[n] ?? `${capital(pick(first))} ${capital(pick(words))}`;
    names.push(name);
    await write('personas', `persona-${n}`, {
      name, market: 'b2b', stance: 'target', basis: 'proto', status: n % 40 === 39 ? 'retired' : n % 40 === 38 ? 'draft' : 'active',
      owner: `team-${n % 3}`, summary: sentence(10), segments: [`segment-${n % 2}`],
      b2b: { designation: `${capital(word())} manager`, department: 'Operations', role: 'tactical' },
      ...Object.fromEntries(['goals', 'needs', 'pains', 'behaviours'].map((list) => [list, [sentence(9), sentence(8), sentence(9)]])),
    });
  }
  for (let n = 0; n < personas / 4; n++) {
    const step = () => ({ action: sentence(7), thought: sentence(6), emotion: 0 });
    await write('journeys', `journey-${n}`, {
      name: `${capital(pick(words))} journey`, state: 'current', owner: 'team-0', personas: [`persona-${n * 4}`], scenario: sentence(9),
      stages: ['start', 'end'].map((id) => ({ id, name: capital(id), steps: [step(), step()] })),
    });
  }
  return { words, names };
}
