// Filters a list that is too long for one page. Its entries come in files that are loaded when somebody
// filters; each is the number of a form and the texts for it, so that it looks as it does on the pages.
(function () {
  "use strict";
  var form = document.querySelector("form[data-list]");
  var results = document.getElementById("results"), pages = document.getElementById("list");
  if (!form || !results || !pages) return;
  var STEP = 60, TYPING = 120;
  var box = results.querySelector("ul"), more = results.querySelector("button");
  var count = document.querySelector("[data-count]"), nothing = document.querySelector(".nothing");
  var reset = form.querySelector("[type=reset]"), whole = count.textContent, total = Number(form.dataset.total);
  // What people put into an address makes fields, and a field stands in the way of what else the form calls so.
  var data = form.dataset, fields = form.elements;
  var entries = null, loading = null, hits = [], shown = 0, timer = 0;

  // A value from the address that no menu offers, as the menus hold only so many, is a filter all the same.
  new URLSearchParams(location.search).forEach(function (value, name) {
    var field = fields.namedItem(name);
    if (field && (field.tagName !== "SELECT" || has(field, value))) { field.value = value; return; }
    if (field) { field.add(new Option(value, value)); field.value = value; return; }
    if (!/^[a-z_]+$/.test(name)) return;
    field = document.createElement("input");
    field.type = "hidden"; field.name = name; field.value = value; field.dataset.added = "";
    form.appendChild(field);
  });
  function has(select, value) {
    return Array.prototype.some.call(select.options, function (option) { return option.value === value; });
  }

  function query() {
    var out = new URLSearchParams();
    Array.prototype.forEach.call(fields, function (field) {
      var value = field.name ? field.value.trim() : "";
      if (value) out.set(field.name, value);
    });
    return out;
  }

  function load() {
    if (loading) return loading;
    var files = [];
    for (var n = 0; n < Number(data.files); n++) {
      files.push(fetch(data.list + n + ".json").then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      }));
    }
    loading = Promise.all(files).then(function (all) {
      entries = [];
      all.forEach(function (file) {
        file.entries.forEach(function (entry) { entries.push({ file: file, entry: entry, text: null }); });
      });
    });
    loading.catch(function () { loading = null; });
    return loading;
  }

  function html(row) {
    var form = row.file.forms[row.entry[0]], texts = row.entry[2], out = form.html[0];
    form.gaps.forEach(function (gap, at) { out += texts[gap] + form.html[at + 1]; });
    return out;
  }
  // What is read of an entry, as the list on one page has it.
  function text(row) {
    if (row.text === null) {
      var part = document.createElement("template");
      part.innerHTML = html(row);
      row.text = part.content.textContent.toLowerCase();
    }
    return row.text;
  }
  function matches(row, active) {
    return active.every(function (wanted) {
      return row.entry[1].some(function (at) {
        return row.file.facets[at][0] === wanted[0] && row.file.facets[at][1] === wanted[1];
      });
    });
  }

  function find(wanted) {
    var active = [], words = [], by = "";
    wanted.forEach(function (value, name) {
      if (name === "q") words = value.toLowerCase().split(/\s+/);
      else if (name === "sort") by = value;
      else active.push([name, value]);
    });
    var rows = entries.filter(function (row) {
      return matches(row, active) && words.every(function (word) { return text(row).indexOf(word) >= 0; });
    });
    var key = ["founded", "newest", "reviewed"].indexOf(by);
    // Equal ones, and those of which it is not known, stay in the order of names.
    if (key >= 0) rows.sort(function (a, b) {
      var x = a.entry[3][key] || "", y = b.entry[3][key] || "";
      return x < y ? 1 : x > y ? -1 : 0;
    });
    return rows;
  }

  function show(upTo) {
    var part = document.createElement("template"), root = data.root;
    part.innerHTML = hits.slice(shown, upTo).map(html).join("").split("\u{f0002}").join(root);
    var first = part.content.querySelector("a");
    box.appendChild(part.content);
    shown = Math.min(upTo, hits.length);
    more.parentNode.hidden = shown >= hits.length;
    return first;
  }

  function apply() {
    var wanted = query(), text = wanted.toString();
    history.replaceState(null, "", location.pathname + (text ? "?" + text : "") + location.hash);
    reset.hidden = !text;
    pages.hidden = !!text;
    results.hidden = true;
    nothing.hidden = true;
    if (!text) { count.textContent = whole; return; }
    if (!entries) count.textContent = count.dataset.loading;
    load().then(function () {
      // Somebody may have typed on meanwhile.
      if (query().toString() !== text) return;
      hits = find(wanted);
      shown = 0;
      box.textContent = "";
      show(STEP);
      results.hidden = !hits.length;
      nothing.hidden = hits.length > 0;
      var added = form.querySelectorAll("[data-added]"), names = "";
      added.forEach(function (field) { names += " (" + field.name.replace(/_/g, " ") + ": " + field.value + ")"; });
      count.textContent = count.dataset.count.replace("{n}", hits.length).replace("{total}", total) + names;
    }, function () {
      pages.hidden = false;
      count.textContent = count.dataset.failed;
    });
  }

  more.addEventListener("click", function () {
    var first = show(shown + STEP);
    if (first) first.focus({ preventScroll: true });
  });
  form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(apply, TYPING); });
  form.addEventListener("submit", function (event) { event.preventDefault(); apply(); });
  form.addEventListener("reset", function () {
    form.querySelectorAll("[data-added]").forEach(function (field) { field.remove(); });
    setTimeout(apply);
  });
  apply();
})();
