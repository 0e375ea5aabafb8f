// Opens the search from any page: with the field in the header, with / and with Ctrl-K. Without it the form
// leads to the page of the search, and without any script that one leads to the A–Z index.
(() => {
  "use strict";
  const base = new URL("../", document.currentScript.src).href;
  const form = document.querySelector("[data-search]");
  const page = document.querySelector("[data-search-page]");
  if (!form) return;
  const field = form.querySelector("input");
  let dialog, panel, opening;

  const file = (tag, attributes) => new Promise((done, fail) => {
    const node = Object.assign(document.createElement(tag), attributes);
    node.onload = done;
    node.onerror = fail;
    document.head.append(node);
  });
  let parts;
  /** What only a search needs, loaded once, and the index as it is now. */
  async function begin() {
    parts ??= Promise.all([
      file("script", { src: base + "assets/search-results.js" }),
      document.querySelector('link[href$="assets/search.css"]') || file("link", { rel: "stylesheet", href: base + "assets/search.css" }),
    ]);
    await parts;
    await window.personarySearch.begin();
  }

  async function open() {
    if (page && panel) {
      if (field.value) panel.type(field.value);
      field.value = "";
      return panel.input.focus();
    }
    if (opening || (dialog && dialog.open)) return;
    opening = true;
    const before = document.activeElement;
    // What is typed while the search loads goes into the field of the header.
    if (before !== field) field.focus({ preventScroll: true });
    try {
      await begin();
      if (!dialog) {
        dialog = Object.assign(document.createElement("dialog"), { className: "search", ariaLabel: window.personarySearch.title() });
        document.body.append(dialog);
        panel = window.personarySearch.search(dialog, true);
        dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
        dialog.addEventListener("keydown", (event) => {
          // A field for searching would only be emptied.
          if (event.key === "Escape" && !event.isComposing) { event.preventDefault(); dialog.close(); }
        });
      }
      dialog.onclose = () => { if (before) before.focus({ preventScroll: true }); };
      dialog.showModal();
      if (field.value) panel.input.value = field.value;
      else panel.input.select();
      field.value = "";
      panel.input.focus();
      await panel.run();
    } catch {
      form.submit();
    } finally {
      opening = false;
    }
  }

  const slash = () => { try { return localStorage.getItem("search-key") !== "off"; } catch { return true; } };
  form.addEventListener("submit", (event) => { event.preventDefault(); open(); });
  field.addEventListener("input", open);
  field.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    const other = event.altKey || (event.ctrlKey && event.metaKey);
    const command = (event.ctrlKey || event.metaKey) && !other && !event.shiftKey && event.key.toLowerCase() === "k";
    const typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    const alone = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing && slash();
    if (!command && !alone) return;
    event.preventDefault();
    open();
  });
  if (page) {
    begin().then(() => {
      page.hidden = false;
      panel = window.personarySearch.search(page, false);
      panel.input.focus({ preventScroll: true });
      return panel.set(new URLSearchParams(location.search));
    }).catch(() => {
      page.hidden = false;
      page.textContent = page.dataset.failed;
    });
  }
})();
