// Lets one choose any two to four personas and compares them as the pages of pairs do: with the same
// pieces, fields and rules, which the page carries. The choice is in the address.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("compare-data").textContent);
  var words = data.labels.compare, kit = data.stencils, root = data.root, MOST = 4;
  var form = document.querySelector(".choose"), chosen = form.querySelector(".chosen");
  var input = document.getElementById("compare-who"), list = document.getElementById("compare-names");
  var status = document.getElementById("compare-status"), out = document.getElementById("compared");
  var cache = {}, ids = [], options = [], active = -1, turn = 0;

  function escape(text) {
    return String(text).replace(/[&<>"']/g, function (c) { return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }[c]; });
  }
  function fill(text, gaps) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in gaps ? gaps[name] : whole; });
  }
  function load(path) {
    if (!cache[path]) {
      cache[path] = fetch(root + path).then(function (answer) { return answer.ok ? answer.json() : null; });
      cache[path].catch(function () { delete cache[path]; });
    }
    return cache[path];
  }
  function view(folder, id) { return load(folder + "/" + encodeURIComponent(id) + "/index.json"); }
  function title(name) { var text = name.replace(/[_-]+/g, " "); return text.charAt(0).toUpperCase() + text.slice(1); }

  // ---- the comparison

  // Somebody's initials, as the program makes them.
  function initials(name) {
    var first = name.split(/\s+/).map(function (word) { return (word.match(/[\p{L}\p{N}]/u) || [""])[0]; }).filter(Boolean);
    return (first.length > 1 ? first[0] + first[first.length - 1] : first.join("")).toUpperCase();
  }
  function spot(side) { return fill(kit.spot, { hue: side.emblem.hue, initials: escape(initials(side.name)) }); }
  function tile(side) {
    var picture = side.emblem.portrait, name = side.fields.stance === "negative" ? " not" : "";
    if (!picture) return '<svg class="tile sm' + name + '" data-hue="' + side.emblem.hue + '" viewBox="0 0 4 4" aria-hidden="true">' + side.emblem.drawing + "</svg>";
    return '<img class="tile sm' + name + '" src="' + escape(root + picture) + '" alt="" width="96" height="96">';
  }
  function link(other, id) { return other ? '<a href="' + escape(root + other.path) + '">' + escape(other.name) + "</a>" : "<span>" + escape(id) + "</span>"; }

  function at(fields, path) {
    return path.filter(Boolean).reduce(function (value, name) { return value && value[name]; }, fields);
  }
  function texts(side, field) {
    var value = at(side.fields, field.path);
    if (value === undefined || value === null) return [];
    return (Array.isArray(value) ? value : [value]).map(function (item) {
      return item && typeof item === "object" ? item.text : String(item);
    }).filter(function (text) { return text !== undefined; });
  }

  // The words of a text, and the texts that are alike: `library/alignment.rs` in short.
  var WORD = /[\p{Alphabetic}\p{N}]+/gu;
  function wordsOf(text) { return (text.match(WORD) || []).map(function (word) { return word.toLowerCase(); }); }
  function longWords(text) {
    var all = wordsOf(text), long = all.filter(function (word) { return Array.from(word).length >= data.long; });
    return new Set(long.length ? long : all);
  }
  function likeness(a, b) {
    if (a === b) return 2;
    var x = longWords(a), y = longWords(b), common = 0;
    x.forEach(function (word) { if (y.has(word)) common++; });
    return x.size + y.size ? 2 * common / (x.size + y.size) : 0;
  }
  function align(sides) {
    var lines = [];
    sides.forEach(function (own, side) {
      var scores = [], taken = {}, full = {}, before = lines.length;
      own.forEach(function (text, at) {
        lines.forEach(function (line, n) {
          var score = Math.max.apply(null, line.map(function (other, s) { return other === null ? 0 : likeness(text, sides[s][other]); }));
          if (score >= data.enough) scores.push([score, n, at]);
        });
      });
      scores.sort(function (a, b) { return b[0] - a[0] || a[1] - b[1] || a[2] - b[2]; });
      scores.forEach(function (score) {
        if (full[score[1]] || score[2] in taken) return;
        full[score[1]] = true;
        taken[score[2]] = score[1];
      });
      own.forEach(function (_, at) {
        var n = at in taken ? taken[at] : lines.length;
        if (n >= before && n === lines.length) lines.push(sides.map(function () { return null; }));
        lines[n][side] = at;
      });
    });
    return lines.map(function (at) {
      var there = at.map(function (n, side) { return n === null ? undefined : sides[side][n]; }).filter(function (text) { return text !== undefined; });
      var same = there.every(function (text) { return text === there[0]; });
      return { at: at, sort: there.length === 1 && at.length > 1 ? "only" : there.length === at.length && same ? "same" : "alike" };
    });
  }
  function marked(sides, line, side) {
    if (line.at[side] === null) return undefined;
    var others = line.at.map(function (n, s) { return s === side || n === null ? null : new Set(wordsOf(sides[s][n])); }).filter(Boolean);
    var text = sides[side][line.at[side]], html = "", done = 0, open = -1, end = 0;
    function close() {
      html += escape(text.slice(done, open)) + fill(kit.mark, { text: escape(text.slice(open, end)) });
      done = end;
      open = -1;
    }
    Array.from(text.matchAll(WORD)).forEach(function (match) {
      var word = match[0].toLowerCase();
      if (others.some(function (other) { return !other.has(word); })) {
        if (open < 0) open = match.index;
        end = match.index + match[0].length;
      } else if (open >= 0) close();
    });
    if (open >= 0) close();
    return html + escape(text.slice(done));
  }

  // The rows of all groups; `names` tells what references are called.
  function sheet(sides, others) {
    var n = String(sides.length), rows, different = "", same = "", counts = { different: 0, alike: 0, same: 0 };
    function cells(values) {
      return values.map(function (value) { return value === undefined ? kit.none : fill(kit.cell, { value: value }); }).join("");
    }
    function wide(value) { return fill(kit.wide, { value: value, columns: n }); }
    function equal(label, value) {
      counts.same++;
      rows.same += fill(kit.fact, { label: label, cells: wide(value) });
    }
    function fact(label, values) {
      if (values.every(function (value) { return value === undefined; })) return;
      if (values.every(function (value) { return value === values[0]; })) return equal(label, values[0]);
      counts.different++;
      rows.different += fill(kit.fact, { label: label, cells: cells(values) });
    }
    function items(all) { return fill(kit.list, { items: all.map(function (text) { return fill(kit.item, { text: escape(text) }); }).join("") }); }
    function label(field) { return escape(field.title || data.labels.fields[field.key] || field.key); }
    function list(field) {
      var all = sides.map(function (side) { return texts(side, field); });
      if (all.every(function (own) { return !own.length; })) return;
      var lines = align(all), first = true;
      var only = all.map(function (own, side) {
        var mine = lines.filter(function (line) { return line.sort === "only" && line.at[side] !== null; });
        return mine.length ? items(mine.map(function (line) { return own[line.at[side]]; })) : undefined;
      });
      if (only.some(function (value) { return value !== undefined; })) {
        counts.different++;
        rows.different += fill(kit.only, { label: label(field), cells: cells(only) });
      }
      lines.filter(function (line) { return line.sort === "alike"; }).forEach(function (line) {
        counts.alike++;
        rows.different += fill(kit.alike, {
          label: first ? fill(words.alike, { label: label(field) }) : '<span class="vh">' + fill(words.alike, { label: label(field) }) + "</span>",
          cells: cells(sides.map(function (_, side) { return marked(all, line, side); }))
        });
        first = false;
      });
      var shared = lines.filter(function (line) { return line.sort === "same"; });
      if (shared.length) equal(label(field), items(shared.map(function (line) { return all[0][line.at[0]]; })));
    }
    function value(side, field) {
      var own = texts(side, field);
      if (!own.length) return undefined;
      if (field.sort === "share") {
        var text = fill(data.share, { online: own[0], offline: Math.max(0, 100 - own[0]) });
        return fill(kit.share, { value: escape(own[0]), text: escape(text) });
      }
      return own.map(function (text) {
        if (field.sort === "word") return escape((data.labels.values[field.key] || {})[text] || title(text));
        if (field.sort === "bool") return escape(data.labels.general[text] || text);
        if (field.sort === "reference") return link(others[text], text);
        return escape(text);
      }).join(", ");
    }
    function traits() {
      var names = {};
      sides.forEach(function (side) { Object.keys(side.fields.traits || {}).forEach(function (name) { names[name] = true; }); });
      var all = Object.keys(names).sort().map(function (name) {
        var values = sides.map(function (side) { return (side.fields.traits || {})[name]; });
        var known = values.filter(function (v) { return v !== undefined; });
        return { name: name, values: values, apart: Math.max.apply(null, known) - Math.min.apply(null, known) };
      });
      all.sort(function (a, b) { return b.apart - a.apart; });
      all.forEach(function (trait) {
        var steps = ["", "", "", "", ""], said = [];
        trait.values.forEach(function (value, side) {
          if (value === undefined) return;
          steps[value - 1] += spot(sides[side]);
          said.push(escape(fill(words.value, { name: sides[side].name, value: value })));
        });
        var scale = fill(kit.scale, { one: steps[0], two: steps[1], three: steps[2], four: steps[3], five: steps[4], said: said.join(" · ") });
        var name = escape(title(trait.name));
        if (trait.values.every(function (v) { return v === trait.values[0]; })) return equal(name, scale);
        counts.different++;
        rows.different += fill(kit.fact, { label: name, cells: wide(scale) });
      });
    }
    function measured(kpi, side) {
      if ((side.fields.kpis || []).map(kpiId).indexOf(kpi.id) < 0) return undefined;
      var lines = kpi.series || [];
      function is(line, persona) { return line.figures && line.persona === persona && !line.segment && !line.journey && !line.stage; }
      var own = lines.filter(function (line) { return is(line, side.id); })[0];
      var line = own || lines.filter(function (line) { return is(line, undefined); })[0];
      if (!line) return escape(data.no_value);
      var figures = line.figures, number = shown(figures.latest.value);
      return fill(kit[figures.state] || kit.unknown, { value: number, unit: escape(kpi.fields.unit || ""), all: own ? "" : escape(data.all) });
    }
    data.groups.forEach(function (group) {
      rows = { different: "", same: "" };
      if (group === "traits") traits();
      else if (group === "kpis") {
        var kpis = Object.create(null);
        sides.forEach(function (side) { (side.fields.kpis || []).forEach(function (id) { if (others[id]) kpis[kpiId(id)] = others[id]; }); });
        Object.values(kpis).sort(function (a, b) { return a.name < b.name ? -1 : a.name > b.name ? 1 : 0; }).forEach(function (kpi) {
          fact(link(kpi), sides.map(function (side) { return measured(kpi, side); }));
        });
      } else if (group === "journeys") {
        fact(escape(words.groups.journeys), sides.map(function (side) {
          var all = side.referred_by.journeys || [];
          return all.length ? all.map(function (id) { return link(others[id], id); }).join(", ") : undefined;
        }));
      } else data.fields.filter(function (field) { return field.group === group; }).forEach(function (field) {
        if (field.sort === "texts") list(field);
        else fact(label(field), sides.map(function (side) { return value(side, field); }));
      });
      var head = { span: String(sides.length + 1), label: escape(words.groups[group]) };
      if (rows.different) different += fill(kit.group, Object.assign({ rows: rows.different }, head));
      if (rows.same) same += fill(kit.group, Object.assign({ rows: rows.same }, head));
    });
    var heads = sides.map(function (side) { return fill(kit.head, { tile: tile(side), link: link(side), spot: spot(side) }); }).join("");
    return {
      counts: counts,
      html: fill(kit.table, { columns: n, heads: heads, groups: different }) +
        (same ? fill(kit.folded, { columns: n, heads: heads, groups: same, folded: escape(fill(words.same, { n: counts.same })) }) : "")
    };
  }

  // What a reference names: the folders in which it may be found, and the id there. An id may contain a colon.
  function target(text, folders) {
    var id = text.split("#")[0], at = id.indexOf(":");
    var folder = at < 0 ? undefined : data.kinds[id.slice(0, at).trim().toLowerCase()];
    return folders.indexOf(folder) < 0 ? { folders: folders, id: id } : { folders: [folder], id: id.slice(at + 1).trim() };
  }
  function kpiId(text) { return target(text, ["kpis"]).id; }

  // A number for people: no more digits than its size asks for, thousands apart, as the program writes it.
  function shown(value) {
    var digits = value % 1 === 0 || Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
    var signs = data.labels.number, parts = Math.abs(value).toFixed(digits).split(".");
    var part = (parts[1] || "").replace(/0+$/, "");
    var number = parts[0].replace(/\B(?=(\d{3})+$)/g, signs.group) + (part ? signs.decimal + part : "");
    // A mark keeps the sign before its number where texts run from right to left.
    return (value < 0 && number !== "0" ? (document.dir === "rtl" ? "\u200e" : "") + "\u2212" : "") + number;
  }

  // What the personas refer to and a comparison shows: in which folder it may be found.
  function references(sides) {
    var all = Object.create(null);
    function add(id, folders) { all[id] = target(id, folders); }
    sides.forEach(function (side) {
      (side.fields.kpis || []).forEach(function (id) { add(id, ["kpis"]); });
      (side.referred_by.journeys || []).forEach(function (id) { add(id, ["journeys"]); });
      data.fields.filter(function (field) { return field.sort === "reference"; }).forEach(function (field) {
        texts(side, field).forEach(function (id) { add(id, field.kinds || ["segments"]); });
      });
    });
    return all;
  }

  function show() {
    var mine = ++turn;
    draw();
    if (!ids.length) { out.textContent = status.textContent = ""; return; }
    status.textContent = words.loading;
    return Promise.all(ids.map(function (id) { return view("personas", id); })).then(function (sides) {
      if (mine !== turn) return;
      var missing = ids.filter(function (_, n) { return !sides[n]; });
      if (missing.length) {
        ids = ids.filter(function (_, n) { return sides[n]; });
        return Promise.resolve(show()).then(function () { status.textContent = fill(words.unknown, { id: missing[0] }); });
      }
      draw(sides);
      if (sides.length < 2) { out.textContent = ""; status.textContent = words.one; return; }
      var wanted = references(sides), others = Object.create(null);
      return Promise.all(Object.keys(wanted).map(function (id) {
        return wanted[id].folders.reduce(function (found, folder) {
          return found.then(function (known) { return known || view(folder, wanted[id].id); });
        }, Promise.resolve(null)).then(function (other) { others[id] = other; });
      })).then(function () {
        if (mine !== turn) return;
        var made = sheet(sides, others);
        out.innerHTML = made.html;
        if (sides.length > 2) out.querySelectorAll(".cmp-frame").forEach(function (frame) { frame.classList.add("many"); });
        status.textContent = fill(words.ready, { names: sides.map(function (side) { return side.name; }).join(", ") }) + " " + fill(words.counts, made.counts);
      });
    }).catch(function () { if (mine === turn) status.textContent = words.failed; });
  }

  // ---- the choice

  function draw(sides) {
    chosen.textContent = "";
    ids.forEach(function (id, n) {
      var item = document.createElement("li"), button = document.createElement("button");
      var name = sides && sides[n] ? sides[n].name : id;
      button.type = "button";
      button.textContent = name;
      button.setAttribute("aria-label", fill(words.remove, { name: name }));
      button.addEventListener("click", function () {
        go(ids.filter(function (other) { return other !== id; }));
        (chosen.querySelectorAll("button")[Math.min(n, ids.length - 1)] || input).focus();
      });
      item.appendChild(button);
      chosen.appendChild(item);
    });
    input.disabled = ids.length >= MOST;
    input.placeholder = input.disabled ? words.full : "";
  }
  function read() {
    var all = new URLSearchParams(location.search).getAll("p").filter(Boolean);
    ids = all.filter(function (id, n) { return all.indexOf(id) === n; }).slice(0, MOST);
    show();
  }
  function go(next) {
    ids = next.slice(0, MOST);
    var query = ids.map(function (id) { return "p=" + encodeURIComponent(id); }).join("&");
    history.pushState(null, "", location.pathname + (query ? "?" + query : ""));
    show();
  }
  addEventListener("popstate", read);

  // Names come in files of a thousand, in their order; the page knows the first name of each.
  function search(text) {
    var key = text.trim().toLowerCase(), files = [];
    if (!key) return Promise.resolve([]);
    data.names.forEach(function (first, n) {
      var next = data.names[n + 1];
      if (data.names.length === 1 || ((first <= key || first.indexOf(key) === 0) && (next === undefined || next >= key))) files.push(n);
    });
    return Promise.all(files.slice(0, 3).map(function (n) { return load("compare/names/" + n + ".json"); })).then(function (all) {
      var found = [].concat.apply([], all.filter(Boolean)).filter(function (entry) {
        return ids.indexOf(entry[0]) < 0 && (entry[1].toLowerCase().indexOf(key) >= 0 || entry[0].indexOf(key) >= 0);
      });
      found.sort(function (a, b) {
        return (a[1].toLowerCase().indexOf(key) === 0 ? 0 : 1) - (b[1].toLowerCase().indexOf(key) === 0 ? 0 : 1);
      });
      return found.slice(0, 20);
    });
  }
  function offer(found) {
    options = found;
    active = -1;
    list.textContent = "";
    found.forEach(function (entry, n) {
      var option = document.createElement("li");
      option.id = "compare-name-" + n;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = entry[1];
      option.addEventListener("mousedown", function (event) { event.preventDefault(); take(entry[0]); });
      list.appendChild(option);
    });
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
  }
  function point(to) {
    if (!options.length) return;
    active = (to + options.length) % options.length;
    list.querySelectorAll("[role=option]").forEach(function (option, n) {
      option.setAttribute("aria-selected", String(n === active));
      if (n === active) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    });
  }
  function take(id) {
    offer([]);
    input.value = "";
    go(ids.concat(id));
    input.focus();
  }
  input.addEventListener("input", function () {
    var text = input.value;
    search(text).then(function (found) {
      if (input.value !== text) return;
      offer(found);
      if (text.trim() && !found.length) status.textContent = words.none;
    }, function () { status.textContent = words.failed; });
  });
  input.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown") { event.preventDefault(); point(active + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); point(active < 0 ? -1 : active - 1); }
    else if (event.key === "Escape") { offer([]); }
  });
  input.addEventListener("blur", function () { offer([]); });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var text = input.value.trim();
    if (!text) return;
    if (active >= 0) return take(options[active][0]);
    // Without a choice in the list: the first that fits, or an id as it is written.
    search(text).then(function (found) { take(found.length ? found[0][0] : text); });
  });
  read();
})();
