// Asks the questions of the tree one at a time. The tree is all it knows: what it shows can be read
// without it. The answers are in the address, in their order.
(function () {
  "use strict";
  var form = document.querySelector(".asking"), tree = document.getElementById("finder-tree");
  var status = document.getElementById("finder-status"), everybody = document.getElementById("finder-all");
  var words = form.dataset, path = [];

  function make(name, text, parent, kind) {
    var element = document.createElement(name);
    if (text) element.textContent = text;
    if (kind) element.className = kind;
    if (parent) parent.appendChild(element);
    return element;
  }
  function button(text, parent, act) {
    var element = make("button", text, parent);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  }

  // A node is a question or an end.
  function below(element) { return element.querySelector(":scope > .ask, :scope > .end"); }
  function answers(node) { return Array.from(node.querySelectorAll(":scope > .answers > li > details")); }
  function label(answer) { return answer.querySelector(":scope > summary > span").textContent; }
  function count(answer) { return parseInt(answer.querySelector(":scope > summary > .count").firstChild.data, 10); }

  // Follows the answers as far as the tree knows them.
  function follow() {
    var node = below(tree), steps = [];
    for (var n = 0; n < path.length && node && node.classList.contains("ask"); n++) {
      var found = node.dataset.key === path[n][0] && answers(node).filter(function (a) { return a.dataset.value === path[n][1]; })[0];
      if (!found) break;
      steps.push(found);
      node = below(found);
    }
    path.length = steps.length;
    return { node: node, steps: steps };
  }

  function name(item) { return item.querySelector(".n").textContent; }

  // Those who are left, each once; of many there is only the number.
  function people(at, left) {
    var known = {}, found = [];
    at.node.querySelectorAll("li[data-id]").forEach(function (item) {
      if (!known[item.dataset.id]) { known[item.dataset.id] = true; found.push(item); }
    });
    if (left !== null && found.length < left && everybody && !at.steps.length) found = Array.from(everybody.content.querySelectorAll("li[data-id]"));
    found.sort(function (a, b) { return name(a).localeCompare(name(b), document.documentElement.lang); });
    return left === null || found.length === left ? found : null;
  }

  function show(focus) {
    var at = follow(), node = at.node, ended = node.classList.contains("end");
    var last = at.steps[at.steps.length - 1];
    var all = answers(node), left = last ? count(last) : null;
    if (left === null) {
      var unsure = all.filter(function (a) { return a.classList.contains("unsure"); })[0];
      left = unsure ? count(unsure) : null;
    }
    form.textContent = "";
    var asking = make("div", "", form), given;
    if (at.steps.length) {
      given = make("ul", "", asking, "given");
      given.setAttribute("aria-label", words.answers);
      at.steps.forEach(function (step, n) {
        var again = button(label(step), make("li", "", given), function () { go(path.slice(0, n), true); });
        again.setAttribute("aria-label", words.change.replace("{answer}", label(step)));
      });
    }
    var head;
    if (ended) {
      head = make("h2", words.end, asking);
    } else {
      var set = make("fieldset", "", asking), legend = make("legend", "", set);
      head = make("span", node.querySelector(":scope > .q").textContent, legend);
      var options = make("div", "", set, "options");
      all.forEach(function (answer) {
        var option = button("", options, function () { go(path.concat([[node.dataset.key, answer.dataset.value]]), true); });
        make("span", label(answer), option);
        make("span", String(count(answer)), option, "count");
        if (answer.classList.contains("unsure")) option.className = "unsure";
      });
    }
    head.tabIndex = -1;
    if (at.steps.length) {
      var steps = make("div", "", asking, "steps");
      button(words.back, steps, function () { go(path.slice(0, -1), true); });
      button(words.restart, steps, function () { go([], true); });
    }
    var text = left === 1 ? words.one : words.left.replace("{n}", left);
    var side = make("section", "", form);
    make("h2", words.who, side);
    make("p", left === null ? "" : text, side, "meta");
    var found = people(at, left);
    if (found) {
      var list = make("ul", "", side, "found");
      found.forEach(function (item) {
        var copy = item.cloneNode(true), signals = copy.querySelector(".signals");
        // How to recognise somebody is asked at the end.
        if (signals && !ended) signals.remove();
        list.appendChild(copy);
      });
    } else if (ended) {
      side.appendChild(node.querySelector("p").cloneNode(true));
    }
    status.textContent = focus && left !== null ? text : "";
    if (focus) head.focus();
  }

  function go(next, focus) {
    path = next;
    var query = path.map(function (step) { return step.map(encodeURIComponent).join("="); }).join("&");
    history.pushState(null, "", location.pathname + (query ? "?" + query : ""));
    show(focus);
  }
  function read(focus) {
    path = Array.from(new URLSearchParams(location.search));
    show(focus);
  }
  if (!below(tree)) return;
  tree.parentNode.open = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  addEventListener("popstate", function () { read(true); });
  read(false);
})();
