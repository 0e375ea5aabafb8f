// Keeps an open page of the preview up to date. Events say what changed; the page is fetched and
// the difference between what the server sent before and sends now is applied to the document,
// so that whatever the reader or a script did to the rest of it stays. The script stands at the
// end of the body, not deferred: what other scripts do to the page must come after it.
(() => {
  'use strict';
  const script = document.currentScript;
  let served = document.cloneNode(true); // what the server sent last
  let pristine = true; // nothing fetched yet: `served` may show what early scripts did
  let hash = script.dataset.hash;

  // --- Pages ---

  const keep = (node) => node.dataset?.liveKeep !== undefined;
  const identity = (node) => node.id || node.dataset?.key;

  // Finds each node's counterpart: by identity, then equal content, then name and position.
  function pair(nodes, others) {
    const pairs = new Map();
    const free = new Set(others);
    const join = (node, other) => other && pairs.set(node, other) && free.delete(other);
    const keyed = {};
    for (const other of others) if (identity(other)) keyed[other.nodeName + identity(other)] = other;
    for (const node of nodes) if (identity(node)) join(node, keyed[node.nodeName + identity(node)]);
    const open = [...nodes].filter((node) => !identity(node));
    const rest = [...others].filter((node) => !identity(node));
    let at = 0;
    for (const node of open) {
      const ahead = rest.slice(at, at + 50).findIndex((other) => other.isEqualNode(node));
      if (ahead >= 0) join(node, rest[(at += ahead + 1) - 1]);
    }
    const named = {};
    for (const other of rest) if (free.has(other)) (named[other.nodeName] ??= []).push(other);
    for (const node of open) if (!pairs.has(node)) join(node, named[node.nodeName]?.shift());
    return pairs;
  }

  function merge(live, before, next) {
    if (before.isEqualNode(next) || keep(live)) return;
    if (!live.attributes) {
      live.nodeValue = next.nodeValue;
    } else if (live.rel === 'stylesheet' && before.getAttribute('href') !== next.getAttribute('href')) {
      swap(live, next.getAttribute('href'));
    } else {
      mergeAttributes(live, before, next);
      mergeChildren(live, before, next);
    }
  }

  // Form fields need no care: the browser keeps what was typed when attributes change.
  function mergeAttributes(live, before, next) {
    const outer = live === document.documentElement || live === document.body;
    const skip = (name) => (name === 'open' && live.localName === 'details')
      || (pristine && outer && /^(class$|style$|data-)/.test(name));
    for (const { name, namespaceURI, value } of next.attributes) {
      if (before.getAttribute(name) !== value && !skip(name)) live.setAttributeNS(namespaceURI, name, value);
    }
    for (const { name } of before.attributes) {
      if (!next.hasAttribute(name) && !skip(name)) live.removeAttribute(name);
    }
  }

  function mergeChildren(live, before, next) {
    const shown = pair(before.childNodes, live.childNodes);
    const known = pair(next.childNodes, before.childNodes);
    const stays = new Set(known.values());
    for (const [old, node] of shown) if (!stays.has(old) && !keep(node)) node.remove();
    const ours = new Set(shown.values());
    let place = live.firstChild;
    for (const wanted of next.childNodes) {
      const old = known.get(wanted);
      const node = old ? shown.get(old) : create(wanted);
      if (!node) continue; // a script took it away
      if (old) merge(node, old, wanted);
      let expected = place;
      while (expected && !ours.has(expected)) expected = expected.nextSibling; // a script put it there
      if (node !== expected) live.insertBefore(node, place);
      place = node.nextSibling;
    }
  }

  // A parsed script never runs; one that is new to this page is made anew, so that it does, once.
  const ran = new Set([...document.scripts].map((node) => node.src || node.text));
  function create(parsed) {
    const holder = new DocumentFragment();
    holder.append(document.importNode(parsed, true));
    for (const old of holder.querySelectorAll('script')) {
      if (ran.has(old.src || old.text)) continue;
      ran.add(old.src || old.text);
      const fresh = document.createElement('script');
      for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
      fresh.text = old.text;
      old.replaceWith(fresh);
    }
    return holder.firstChild;
  }

  function apply(next) {
    // The parser, not allowed scripts, reads into <noscript>.
    for (const node of next.querySelectorAll('noscript')) node.textContent = node.innerHTML;
    const focused = document.activeElement;
    const selection = getSelection();
    const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
    merge(document.documentElement, served.documentElement, next.documentElement);
    served = next;
    pristine = false;
    hash = next.querySelector('script[data-hash]')?.dataset.hash;
    if (focused !== document.activeElement) {
      const same = focused.isConnected ? focused : document.getElementById(focused.id);
      same?.focus({ preventScroll: true });
    }
    const moved = selection.anchorOffset !== anchorOffset || selection.focusOffset !== focusOffset;
    if (moved && anchorNode?.isConnected && focusNode.isConnected) {
      const end = (node, offset) => [node, Math.min(offset, (node.nodeValue ?? node.childNodes).length)];
      selection.setBaseAndExtent(...end(anchorNode, anchorOffset), ...end(focusNode, focusOffset));
    }
    document.dispatchEvent(new CustomEvent('personary:update'));
  }

  let fetching = false;
  let again = false;
  async function refresh() {
    again = true;
    if (fetching) return;
    fetching = true;
    try {
      while (again) {
        again = false;
        const answer = await fetch(location.pathname + location.search, { cache: 'no-store' });
        const isPage = answer.headers.get('content-type')?.startsWith('text/html');
        if (answer.redirected || !isPage) return location.reload();
        apply(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      }
    } catch (error) {
      if (error.name !== 'TypeError') throw error; // else offline: the next connection refreshes
    } finally {
      fetching = false;
    }
  }

  // --- Stylesheets: the old one goes when the new one is there ---

  function swap(link, href) {
    const fresh = link.cloneNode();
    fresh.setAttribute('href', href);
    fresh.onload = () => link.remove();
    fresh.onerror = () => fresh.remove();
    link.after(fresh);
  }

  function restyle() {
    for (const link of document.querySelectorAll('link[rel=stylesheet]')) {
      const href = new URL(link.href);
      href.searchParams.set('live', Date.now());
      if (href.origin === location.origin) swap(link, href);
    }
  }

  // --- Findings and the note, out of reach of the page's own styles ---

  const host = document.createElement('personary-live');
  const root = host.attachShadow({ mode: 'open' });
  root.innerHTML = `<link rel="stylesheet"><div id="box" hidden></div><button id="badge" type="button" hidden></button>
  <div id="note" role="status"></div><div id="status" role="status"></div>`;
  const look = root.querySelector('link');
  look.onload = look.onerror = () => { box.hidden = false; };
  look.href = new URL('panel.css', script.src);
  document.documentElement.append(host);
  const [box, badge, note, status] = ['box', 'badge', 'note', 'status'].map((id) => root.getElementById(id));
  let findings = { html: '' };

  function show(open) {
    const inside = root.activeElement;
    box.innerHTML = open ? findings.html : '';
    badge.hidden = open || !findings.html;
    badge.textContent = `Findings: ${findings.count}`;
    if (inside) (box.querySelector('section') || badge).focus();
  }

  function report(data) {
    if (data.html === findings.html) return;
    findings = data;
    show(true);
    status.textContent = box.querySelector('h2')?.textContent || 'No findings any more';
  }

  root.addEventListener('click', ({ target }) => {
    if (target === badge || target.closest('[data-close]')) show(target === badge);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]')) show(false);
  });

  // --- The connection ---

  const handlers = {
    page: (data) => data.hash && data.hash === hash || refresh(),
    gone: refresh,
    style: restyle,
    findings: report,
  };
  const url = new URL(`events?route=${location.pathname.replace(/[+&]/g, encodeURIComponent)}`, script.src);
  const { locks } = navigator;
  let stream; // and what gives its slot back
  let release;
  let missed; // changes may have gone by unseen
  let lost; // the timer of the note
  let retry;

  // A browser opens six connections to a server. So a page that nobody sees has none, and of the
  // others four, where they can agree on it; the rest look for themselves.
  async function takeSlot(attempt) {
    for (let n = 0; locks && n < 4 && !release; n++) {
      await new Promise((done) => locks.request(`personary-${n}`, { ifAvailable: true }, (lock) => {
        done();
        return lock && attempt === retry ? new Promise((free) => { release = free; }) : null;
      }));
    }
    return attempt === retry && (release || !locks);
  }

  async function connect() {
    disconnect();
    const attempt = retry = setTimeout(() => refresh().then(connect), 1000);
    if (!await takeSlot(attempt)) return;
    clearTimeout(retry);
    stream = new EventSource(url);
    for (const name in handlers) {
      stream.addEventListener(name, (event) => handlers[name](JSON.parse(event.data || '{}')));
    }
    stream.onopen = () => {
      if (missed) refresh();
      if (lost) restyle();
      clearTimeout(lost);
      missed = lost = 0;
      note.textContent = '';
    };
    stream.onerror = () => {
      missed = true;
      lost ||= setTimeout(() => { note.textContent = 'Preview stopped'; }, 1000);
      if (stream?.readyState === EventSource.CLOSED) retry = setTimeout(connect, 2000);
    };
  }

  function disconnect() {
    clearTimeout(retry);
    retry = 0;
    missed ||= stream;
    stream?.close();
    stream = release = release?.();
  }

  const follow = () => (document.hidden ? disconnect() : retry || connect());
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', disconnect);
  addEventListener('pageshow', follow);
  follow();
})();
