// Everything here is an extra: the site is whole without it. It runs before the page is drawn, so that
// a stored choice of colours does not flash and nothing moves when the filters appear.
(function () {
  "use strict";
  var root = document.documentElement;
  var stored = null;
  try { stored = localStorage.getItem("theme"); } catch (e) { /* storage may be forbidden */ }
  root.classList.add("js");
  if (stored === "dark" || stored === "light") root.dataset.theme = stored;

  document.addEventListener("DOMContentLoaded", function () {
    colours();
    menu();
    frames();
    document.querySelectorAll("form[data-filter]").forEach(filter);
    document.querySelectorAll("table[data-sortable]").forEach(sortable);
  });

  function colours() {
    var button = document.querySelector("[data-theme-toggle]");
    if (!button) return;
    var system = matchMedia("(prefers-color-scheme: dark)");
    function dark() { return root.dataset.theme ? root.dataset.theme === "dark" : system.matches; }
    function show() { button.setAttribute("aria-pressed", String(dark())); }
    button.addEventListener("click", function () {
      root.dataset.theme = dark() ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch (e) { /* then only for this page */ }
      show();
    });
    system.addEventListener("change", show);
    show();
  }

  // The menu works without this; Escape and a click elsewhere close it as people expect.
  function menu() {
    var box = document.querySelector("details.menu");
    if (!box) return;
    document.addEventListener("click", function (event) { if (!box.contains(event.target)) box.open = false; });
    box.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !box.open) return;
      box.open = false;
      box.querySelector("summary").focus();
    });
  }

  // What scrolls can be reached with the Tab key; what has nothing to scroll is no stop.
  function frames() {
    var all = document.querySelectorAll(".frame, .scroll, .prose table, .prose pre");
    if (!all.length || !window.ResizeObserver) return;
    var watch = new ResizeObserver(function (entries) {
      entries.forEach(function (entry) {
        var box = entry.target;
        // A presentation scrolls by keys whatever the size of its stage.
        if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1 || box.closest(".present")) box.tabIndex = 0;
        else box.removeAttribute("tabindex");
      });
    });
    all.forEach(function (box) { watch.observe(box); });
  }

  // Filters a list in place and keeps the choice in the address, so that it can be shared and reloaded.
  function filter(form) {
    var list = document.getElementById(form.dataset.filter);
    if (!list) return;
    var count = document.querySelector("[data-count]");
    var nothing = document.querySelector(".nothing");
    var reset = form.querySelector("[type=reset]");
    var whole = count && count.textContent;
    var fields = Array.prototype.filter.call(form.elements, function (field) { return field.name; });
    var items = Array.prototype.map.call(list.querySelectorAll(":scope > li, .group > ul > li, tbody > tr"), function (element) {
      return { element: element, text: element.textContent.toLowerCase(), facets: {}, shown: true };
    });
    var inOrder = items.slice(), sort = form.elements.sort, sorted = "";
    function order() {
      var by = sort ? sort.value : "";
      if (by === sorted) return;
      sorted = by;
      // Equal ones, and those of which it is not known, stay in the order of names.
      var rows = by ? inOrder.slice().sort(function (a, b) {
        var x = a.element.getAttribute("data-s-" + by) || "", y = b.element.getAttribute("data-s-" + by) || "";
        return x < y ? 1 : x > y ? -1 : 0;
      }) : inOrder;
      rows.forEach(function (row) { row.element.parentNode.appendChild(row.element); });
    }
    var wanted = new URLSearchParams(location.search);
    fields.forEach(function (field) { if (wanted.has(field.name)) field.value = wanted.get(field.name); });

    function has(item, key, value) {
      if (!item.facets[key]) item.facets[key] = (item.element.getAttribute("data-f-" + key.replace(/_/g, "-")) || "").split("|");
      return item.facets[key].indexOf(value) >= 0;
    }
    function apply() {
      var query = new URLSearchParams(), words = [], active = [], found = 0;
      fields.forEach(function (field) {
        var value = field.value.trim();
        if (!value) return;
        query.set(field.name, value);
        if (field.name === "q") words = value.toLowerCase().split(/\s+/);
        else if (field.name !== "sort") active.push(field);
      });
      items.forEach(function (item) {
        var show = words.every(function (word) { return item.text.indexOf(word) >= 0; }) &&
          active.every(function (field) { return has(item, field.name, field.value); });
        if (show) found++;
        if (show !== item.shown) { item.element.hidden = !show; item.shown = show; }
      });
      if (count) count.textContent = query.toString() ? count.dataset.count.replace("{n}", found).replace("{total}", items.length) : whole;
      if (nothing) nothing.hidden = found > 0;
      order();
      if (reset) reset.hidden = !query.toString();
      return query.toString();
    }
    function changed() {
      var query = apply();
      history.replaceState(null, "", location.pathname + (query ? "?" + query : "") + location.hash);
    }
    form.addEventListener("input", changed);
    form.addEventListener("submit", function (event) { event.preventDefault(); changed(); });
    form.addEventListener("reset", function () { setTimeout(changed); });
    apply();
  }

  // Lets the columns of a table sort its rows; without a script they stand in their first order.
  function sortable(table) {
    var body = table.tBodies[0];
    function value(row, at) {
      var cell = row.cells[at], text = cell.hasAttribute("data-v") ? cell.getAttribute("data-v") : cell.textContent.trim();
      var number = text === "" ? NaN : Number(text);
      return isNaN(number) ? text : number;
    }
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, at) {
      var button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", table.dataset.sortable.replace("{column}", head.textContent.trim()));
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        Array.prototype.slice.call(body.rows).sort(function (a, b) {
          var x = value(a, at), y = value(b, at), order = typeof x === typeof y ? (x < y ? -1 : x > y ? 1 : 0) : typeof x === "number" ? -1 : 1;
          return down ? -order : order;
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
  }
})();
