// The search itself, loaded by search.js when somebody searches. What it reads is described in
// src/site/search/mod.rs: a word costs a page of words, what is shown costs the pages of those that are shown.
(() => {
  "use strict";
  const base = new URL("../", document.currentScript.src).href;
  const form = document.querySelector("[data-search]");
  // How many results are shown of a kind, and in all.
  const IN_DIALOG = [4, 12], ON_PAGE = [5, 20], MOST_WORDS = 8;
  // By where a word stands (name, in short, text), and how: whole, begun, mistyped.
  const WEIGHTS = [[9, 7, 5], [4, 3, 2], [2, 1, 1]];

  // ---- words, as src/site/search/words.rs has them
  const PLAIN = { ß: "ss", ς: "σ", ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ŧ: "t", æ: "ae", œ: "oe", þ: "th", ı: "i" };
  const DENSE = "[\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u318f\\u31a0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f\\uac00-\\ud7ff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]";
  const PARTS = new RegExp(DENSE + "+|(?:(?!" + DENSE + ")[\\p{Alphabetic}\\p{N}])+", "gu");
  const dense = new RegExp("^" + DENSE, "u");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase().toLowerCase()
    .replace(/[ßςøłđðħŧæœþı]/g, (c) => PLAIN[c]).normalize("NFC");
  const isLetter = /[\p{Alphabetic}\p{N}]/u;

  /** The words of a text; of a query the last character of a run is no word by itself. */
  function words(text, query) {
    const out = [];
    for (const [part] of fold(text).matchAll(PARTS)) {
      const chars = [...part].filter((c) => isLetter.test(c));
      if (!dense.test(part)) out.push(chars.slice(0, 32).join(""));
      else chars.forEach((c, at) => (query && at && at === chars.length - 1) || out.push(c + (chars[at + 1] || "")));
    }
    return out;
  }

  // ---- files
  const files = new Map();
  let head;
  const load = (name) => {
    if (!files.has(name)) {
      const got = fetch(base + "search/" + name + ".txt?v=" + head.version)
        .then((r) => (r.ok ? r.text() : Promise.reject(new Error(name)))).then((text) => text.split("\n"));
      got.catch(() => files.delete(name));
      files.set(name, got);
    }
    return files.get(name);
  };
  /** The first file; asked for again whenever the search opens, since the site may have been built anew. */
  async function begin() {
    const got = await fetch(base + "search/index.json", { cache: "no-cache" });
    if (!got.ok) throw new Error("index");
    const next = await got.json();
    if (!head || head.version !== next.version) files.clear();
    return (head = next);
  }
  /** The page that holds `key`: the last whose first word is not behind it. */
  function pageOf(firsts, key) {
    let low = 0, high = firsts.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (firsts[mid] <= key) low = mid + 1; else high = mid;
    }
    return Math.max(low - 1, 0);
  }

  // ---- lists of numbers, as src/site/search/list.rs writes them
  const six = new Uint8Array(128);
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].forEach((c, n) => (six[c.charCodeAt(0)] = n));
  function each(list, use) {
    let at = 1, next = 0;
    const digit = () => six[list.charCodeAt(at++)];
    const number = () => {
      let value = 0, shift = 0, d;
      do { d = digit(); value |= (d & 31) << shift; shift += 5; } while (d > 31);
      return value;
    };
    if (list[0] === "b") {
      next = number();
      for (; at < list.length; next += 6) for (let d = digit(), n = next; d; d >>= 1, n++) if (d & 1) use(n);
    } else {
      while (at < list.length) {
        next += number();
        for (let more = list[0] === "r" ? number() : 0; more >= 0; more--) use(next++);
      }
    }
  }

  // ---- finding
  /** Whether one text comes of the other by one wrong, missing, extra or exchanged letter at most. */
  function near(a, b) {
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    const x = a.slice(i), y = b.slice(i), x1 = x.slice(1), y1 = y.slice(1);
    return x1 === y1 || x1 === y || x === y1 || (x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2));
  }
  const backwards = (word) => [...word].reverse().join("");

  /** The lines of all words that begin with `word`, or the one line that stands for them. */
  async function lines(word) {
    if (!head.terms.length) return [];
    const from = pageOf(head.terms, word), to = pageOf(head.terms, word + "\uffff");
    const sum = word + "*", of = (line) => line.slice(0, line.indexOf(" "));
    const wanted = (page) => page.filter((line) => line.startsWith(word) && (of(line) === sum || !of(line).endsWith("*")));
    const found = wanted(await load("t" + from));
    const star = to > from && wanted(await load("t" + pageOf(head.terms, sum))).find((line) => of(line) === sum);
    if (star) return found.filter((line) => of(line) === word).concat(star);
    for (let n = from + 1; n <= Math.min(to, from + 1); n++) found.push(...wanted(await load("t" + n)));
    return found;
  }

  /** Words of the library that `word` may have been meant to be. */
  async function meant(word) {
    const n = word.length, half = n >> 1;
    if (n < 4 || /[^\p{L}]/u.test(word) || dense.test(word)) return [];
    // One error leaves the first or the last half whole, unless it exchanges the letters between them.
    const swapped = word.slice(0, half - 1) + word[half] + word[half - 1];
    const range = async (letter, firsts, begin) => {
      if (!firsts.length) return [];
      const to = pageOf(firsts, begin + "\uffff"), pages = [];
      for (let at = pageOf(firsts, begin); at <= to && pages.length < 3; at++) pages.push(load(letter + at));
      return (await Promise.all(pages)).flat();
    };
    const [front, middle, back] = await Promise.all([
      range("f", head.front, word.slice(0, half)), range("f", head.front, swapped.slice(0, half)),
      range("b", head.back, backwards(word).slice(0, n - half)),
    ]);
    const whole = new Set([...front, ...middle, ...back.map(backwards)].filter((other) => near(word, other)));
    // While the end is still to be typed, the beginning is compared.
    const begun = front.filter((other) => other.length > n && [n, n - 1, n + 1].some((to) => near(word, other.slice(0, to))));
    return [...new Set([...whole, ...begun])].slice(0, 3);
  }

  /** `{ scores, hits, instead }`: of every entity how well it fits, 0 when it does not. */
  async function find(query) {
    const all = [...new Set(words(query, true))].slice(0, MOST_WORDS), hits = [], instead = [];
    const each_word = await Promise.all(all.map(async (word) => {
      let found = await lines(word), how = 1;
      hits.push(word);
      if (!found.length) {
        const others = await meant(word);
        how = 2;
        if (others.length) instead.push([word, others]);
        hits.push(...others);
        found = (await Promise.all(others.map(lines))).flatMap((some, at) => some.filter((line) => line.startsWith(others[at] + " ")));
      }
      return { word, found, how };
    }));
    let scores = all.length ? null : new Uint16Array(head.entities);
    for (const { word, found, how } of each_word) {
      const own = new Uint8Array(head.entities);
      for (const line of found) {
        const [term, ...lists] = line.split(" ");
        const kind = how === 2 ? 2 : term === word ? 0 : 1;
        lists.forEach((list, rank) => {
          const weight = WEIGHTS[rank][kind];
          each(list, (id) => { if (own[id] < weight) own[id] = weight; });
        });
      }
      if (!scores) scores = Uint16Array.from(own);
      else for (let id = 0; id < own.length; id++) scores[id] = own[id] && scores[id] ? scores[id] + own[id] : 0;
    }
    return { scores, hits, instead, typed: all.length > 0 };
  }

  /** What the filters leave of `scores`, and how many each of their values would leave. */
  async function narrow(scores, chosen, count) {
    const masks = {}, values = {}, out = Uint16Array.from(scores);
    for (const [key] of head.filters) {
      if (!count && !chosen[key]) continue;
      values[key] = (await load("x-" + key)).map((line) => line.split("\t"));
      if (!chosen[key]) continue;
      masks[key] = new Uint8Array(head.entities);
      values[key].filter(([value]) => value === chosen[key]).forEach((line) => each(line[2], (id) => (masks[key][id] = 1)));
    }
    const kind = head.kinds.find((k) => k.name === chosen.kind);
    if (kind) masks.kind = new Uint8Array(head.entities).fill(1, kind.from, kind.to);
    /** Who is left by all filters but one. */
    const left = (but) => {
      const others = Object.keys(masks).filter((key) => key !== but).map((key) => masks[key]);
      const some = Uint8Array.from(scores, (score) => (score ? 1 : 0));
      for (const mask of others) for (let id = 0; id < some.length; id++) some[id] &= mask[id];
      return some;
    };
    // A filter counts what the others leave.
    const options = {};
    if (count) {
      for (const key in values) {
        const some = left(key);
        options[key] = values[key].map(([value, label, list]) => {
          let n = 0;
          each(list, (id) => (n += some[id]));
          return [value, label, n];
        });
      }
      const some = left("kind");
      options.kind = head.kinds.map(({ name, label, from, to }) => [name, label, some.subarray(from, to).reduce((sum, one) => sum + one, 0)]);
    }
    const all = left();
    for (let id = 0; id < out.length; id++) if (!all[id]) out[id] = 0;
    return { scores: out, options };
  }

  /** The best of each kind: `{ kind, count, ids }`, kinds with the best entity first. */
  function groups(scores, most, total) {
    const all = head.kinds.map((kind) => {
      const keys = [];
      for (let id = kind.from; id < kind.to; id++) if (scores[id]) keys.push((65535 - scores[id]) * 1e7 + id);
      return { kind, count: keys.length, keys: Float64Array.from(keys).sort() };
    }).filter((group) => group.count);
    all.sort((a, b) => Math.floor(a.keys[0] / 1e7) - Math.floor(b.keys[0] / 1e7));
    const limit = all.length === 1 ? total : most;
    let left = total;
    return all.map(({ kind, count, keys }) => {
      const ids = [...keys.slice(0, Math.min(limit, left))].map((key) => key % 1e7);
      left -= ids.length;
      return { kind, count, ids };
    });
  }

  // ---- showing
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children.flat().filter((child) => child != null && child !== ""));
    return node;
  }
  const say = (text, values) => String(text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const lang = document.documentElement.lang || undefined;
  const plurals = new Intl.PluralRules(lang);
  const many = (forms, n) => say(forms[plurals.select(n)] ?? forms.many, { n: n.toLocaleString(lang) });

  /** `text` with what was looked for in marks. */
  function marked(text, hits) {
    const out = [], on = new Uint8Array(text.length);
    for (const run of text.matchAll(/[\p{Alphabetic}\p{N}\p{M}]+/gu)) {
      let folded = "", at = run.index;
      const from = [], to = [];
      for (const c of run[0]) {
        for (const f of fold(c)) { folded += f; for (let n = 0; n < f.length; n++) { from.push(at); to.push(at + c.length); } }
        at += c.length;
      }
      for (const hit of hits) {
        for (let i = folded.indexOf(hit); i >= 0; i = folded.indexOf(hit, i + 1)) {
          if (i === 0 || dense.test(folded.slice(i))) on.fill(1, from[i], to[i + hit.length - 1]);
        }
      }
    }
    for (let i = 0, j; i < text.length; i = j) {
      for (j = i + 1; j < text.length && on[j] === on[i]; j++);
      out.push(on[i] ? el("mark", null, text.slice(i, j)) : text.slice(i, j));
    }
    return out;
  }

  async function row(kind, id, hits, option) {
    const file = await load("d" + Math.floor(id / head.shown));
    const [name, address = "", marks = "", job = "", summary = ""] = file[id % head.shown].split("\t");
    const status = { w: "draft", d: "deprecated", r: "retired" }[marks[0]];
    const notes = [job, marks.includes("n") && head.negative, status && head.statuses[status]].filter(Boolean);
    const href = base + (address ? kind.folder + "/" + address + "/" : "");
    const shown = el("a", { class: "hit", href, role: option && "option", id: option && "hit-" + id, tabindex: option && -1, "aria-selected": option && "false" },
      el("b", null, marked(name, hits)),
      notes.map((note, at) => el("small", at || note !== job ? { class: "tag" } : null, marked(note, hits))),
      summary && el("span", null, marked(summary, hits)));
    if (hits.length && !shown.querySelector("mark")) shown.append(el("span", { class: "where" }, head.words.within));
    return shown;
  }

  /** The field, the filters and the results; in a dialog a list to choose from, on the page a list of links. */
  function search(box, dialog) {
    const text = head ? head.words : {};
    const field = form.querySelector("input");
    const input = el("input", {
      type: "search", name: "q", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search",
      "aria-label": field.getAttribute("aria-label"), placeholder: field.placeholder,
    });
    const results = el("div", { class: "hits", id: dialog && "search-hits" });
    const status = el("p", { class: "meta", role: "status" });
    const note = el("p", { class: "meta", hidden: true });
    const selects = el("div", { class: "selects" });
    const filters = el("details", { class: "hits-filters" }, el("summary", null, text.filter), selects);
    const foot = el("p", { class: "hits-foot" });
    const ask = el("form", { action: form.action, role: "search", "aria-label": text.title }, input);
    const chosen = {};
    let turn = 0, active = -1, wanted = ON_PAGE[1], answered = null;
    if (dialog) {
      for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", "search-hits"], ["aria-autocomplete", "list"]]) input.setAttribute(name, value);
      results.setAttribute("role", "listbox");
      results.setAttribute("aria-label", text.results);
      const close = el("button", { type: "button", class: "shut" }, text.close);
      close.addEventListener("click", () => box.close());
      ask.append(close);
    } else filters.open = matchMedia("(min-width: 40rem)").matches;
    filters.hidden = true;
    box.append(ask, filters, status, note, results, foot);
    if (dialog) {
      // One key alone must be possible to turn off: people who speak to their computer press it unawares.
      const slash = el("input", { type: "checkbox" });
      try { slash.checked = localStorage.getItem("search-key") !== "off"; } catch { slash.checked = true; }
      slash.addEventListener("change", () => {
        try { localStorage.setItem("search-key", slash.checked ? "on" : "off"); } catch { /* then only for this page */ }
      });
      box.append(el("p", { class: "hits-keys" }, el("span", null, el("kbd", null, "↑"), el("kbd", null, "↓"), " ", text.keys.move),
        el("span", null, el("kbd", null, "↵"), " ", text.keys.go), el("span", null, el("kbd", null, "Esc"), " ", text.keys.leave),
        el("label", null, slash, el("kbd", null, "/"), " ", text.keys.open)));
    }

    const options = () => results.querySelectorAll(".hit");
    function choose(next) {
      const all = options();
      if (all[active]) all[active].setAttribute("aria-selected", "false");
      active = all.length ? (next + all.length) % all.length : -1;
      if (active < 0) return input.removeAttribute("aria-activedescendant");
      all[active].setAttribute("aria-selected", "true");
      all[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", all[active].id);
    }
    const state = () => {
      const query = new URLSearchParams();
      if (input.value.trim()) query.set("q", input.value.trim());
      for (const key in chosen) if (chosen[key]) query.set(key, chosen[key]);
      return query.toString();
    };
    const whole = () => base + "search/" + (state() ? "?" + state() : "");

    async function run() {
      const mine = ++turn, begun = performance.now(), query = input.value;
      const { scores: all, hits, instead, typed } = await find(query);
      if (!typed && !dialog && Object.values(chosen).some(Boolean)) all.fill(1);
      const { scores, options: values } = await narrow(all, chosen, filters.open);
      const some = groups(scores, ...(dialog ? IN_DIALOG : [ON_PAGE[0], chosen.kind ? wanted : ON_PAGE[1]]));
      const count = some.reduce((sum, group) => sum + group.count, 0);
      const parts = await Promise.all(some.filter((group) => group.ids.length).map(async ({ kind, count: n, ids }) => {
        const rows = await Promise.all(ids.map((id) => row(kind, id, hits, dialog)));
        const label = [kind.label, " ", el("span", { class: "count" }, String(n))];
        const name = "hits-" + kind.name;
        if (dialog) return el("div", { role: "group", "aria-labelledby": name }, el("p", { class: "hits-kind", role: "presentation", id: name }, label), rows);
        const left = n - ids.length;
        const more = left > 0 && el("button", { type: "button", class: "button" }, many(text.of_kind, Math.min(left, ON_PAGE[1])));
        if (more) more.addEventListener("click", () => {
          wanted = ids.length < ON_PAGE[1] ? ON_PAGE[1] : ids.length + ON_PAGE[1];
          chosen.kind = kind.name;
          again().then(() => options()[ids.length]?.focus());
        });
        return el("section", { "aria-labelledby": name }, el("h2", { id: name }, label), el("ul", null, rows.map((one) => el("li", null, one))), more || "");
      }));
      if (mine !== turn) return;
      answered = query;
      const asked = typed || (!dialog && Object.values(chosen).some(Boolean));
      results.replaceChildren(...parts);
      filters.hidden = !asked;
      show(values);
      status.textContent = !asked ? text.type : count ? many(text.found, count) : text.nothing;
      note.hidden = !instead.length;
      note.textContent = instead.map(([typed, others]) => say(text.instead, { words: others.join(", "), typed })).join(" · ");
      if (dialog) {
        input.setAttribute("aria-expanded", String(count > 0));
        choose(0);
        results.scrollTop = 0;
        foot.replaceChildren(...(count ? [el("a", { href: whole() }, many(text.every, count))] : []));
      } else {
        history.replaceState(null, "", whole());
        const names = document.querySelector(".browse");
        if (names) names.hidden = asked;
      }
      box.dataset.took = String(Math.round((performance.now() - begun) * 10) / 10);
      box.dataset.ready = String(mine);
    }
    const fail = () => (dialog ? location.assign(whole()) : (status.textContent = text.failed));
    const again = () => run().catch(fail);

    function show(values) {
      const keys = [["kind", text.kind], ...head.filters].filter(([key]) => values[key]);
      // A field that has the focus stays where it is.
      for (const [key, label] of keys) {
        const left = values[key].filter(([value, , n]) => n || value === chosen[key]);
        let select = selects.querySelector("[name=" + key + "]");
        if (!select) {
          select = el("select", { name: key });
          select.addEventListener("change", () => { chosen[key] = select.value; wanted = ON_PAGE[1]; again(); });
          selects.append(el("label", null, el("span", null, label), select));
        }
        select.replaceChildren(el("option", { value: "" }, text.all),
          ...left.map(([value, name, n]) => el("option", { value }, name + " (" + n + ")")));
        select.value = chosen[key] || "";
        select.parentNode.hidden = left.length < 2 && !chosen[key];
      }
      const reset = selects.querySelector("button") || el("button", { type: "button", class: "button" }, text.reset);
      reset.onclick = () => { for (const key in chosen) chosen[key] = ""; again(); input.focus(); };
      reset.hidden = !Object.values(chosen).some(Boolean);
      if (keys.length) selects.append(reset);
    }
    filters.addEventListener("toggle", () => filters.open && again());

    let late;
    input.addEventListener("input", () => { clearTimeout(late); late = setTimeout(again, 80); });
    ask.addEventListener("submit", async (event) => {
      event.preventDefault();
      clearTimeout(late);
      // Whoever is faster than the answer gets what they typed.
      if (answered !== input.value) await again();
      if (!dialog) return;
      const link = options()[Math.max(active, 0)];
      location.assign(link ? link.href : whole());
    });
    if (dialog) input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) { event.preventDefault(); choose(active + by); }
    });
    return {
      input, run: again,
      type(query) { input.value = query; again(); },
      set(query) {
        input.value = query.get("q") || "";
        for (const [key] of [["kind"], ...head.filters]) chosen[key] = query.get(key) || "";
        return again();
      },
    };
  }

  window.personarySearch = { words, near, begin, find, search, title: () => head.words.title };
})();
