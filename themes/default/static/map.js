// What a journey map gains from a script: its lanes and curves are remembered in the address, and a presentation
// shows one stage at a time. Which lanes are seen follows from the boxes alone, in map.css.
(function () {
  "use strict";
  var section = document.querySelector(".map-section");
  if (!section) return;
  // The stylesheet knows the numbers that journeys have; this is for one that has more.
  [["--n", section.querySelectorAll("[data-n]"), "n", 40], ["--steps", [section], "steps", 80]].forEach(function (of) {
    Array.prototype.forEach.call(of[1], function (element) {
      if (element.dataset[of[2]] > of[3]) element.style.setProperty(of[0], element.dataset[of[2]]);
    });
  });
  var form = section.querySelector(".map-tools"), start = section.querySelector("[data-present]");
  var frame = section.querySelector(".frame"), map = section.querySelector(".map");
  var bar = section.querySelector(".show-bar"), place = bar.querySelector("output");
  var back = bar.querySelector('[data-go="-1"]'), on = bar.querySelector('[data-go="1"]');
  function all(selector) { return Array.prototype.slice.call(section.querySelectorAll(selector)); }

  // ?lanes=few, or ?lanes=thought,pains; ?without=ID,ID leaves curves out.
  function read() {
    var query = new URLSearchParams(location.search), lanes = query.get("lanes"), without = query.get("without");
    if (lanes !== null) {
      var own = lanes !== "few" && lanes !== "all", listed = lanes.split(",");
      form.querySelector('[value="' + (own ? "own" : lanes) + '"]').checked = true;
      if (own) all("[name=lane]").forEach(function (box) { box.checked = listed.indexOf(box.value) >= 0; });
    }
    if (without) all("[name=who]").forEach(function (box) { box.checked = without.split(",").indexOf(box.value) < 0; });
  }
  function write() {
    var query = new URLSearchParams(location.search), lanes = form.querySelector("[name=lanes]:checked").value;
    var hidden = all("[name=who]:not(:checked)").map(function (box) { return box.value; });
    if (lanes === "own") lanes = all("[name=lane]:checked").map(function (box) { return box.value; }).join(",");
    if (lanes === "all") query.delete("lanes"); else query.set("lanes", lanes);
    if (hidden.length) query.set("without", hidden.join(",")); else query.delete("without");
    var text = query.toString().replace(/%2C/g, ",");
    history.replaceState(history.state, "", location.pathname + (text ? "?" + text : "") + location.hash);
  }
  section.addEventListener("change", function (event) { if (event.target.matches("[name=lanes], [name=lane], [name=who]")) write(); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  read();

  var stages, links, at = -1, quiet = [], before;
  start.hidden = false;
  start.addEventListener("click", function () { begin(); });

  function begin() {
    var target = section.querySelector(":target");
    stages = all(".stage");
    links = all(".stage-nav a");
    before = { x: scrollX, y: scrollY, left: frame.scrollLeft, top: frame.scrollTop };
    // Nothing else can be reached while it lasts.
    for (var node = section; node !== document.body; node = node.parentNode)
      Array.prototype.forEach.call(node.parentNode.children, function (other) {
        if (other === node || other.inert || other.tagName === "SCRIPT") return;
        other.inert = true;
        quiet.push(other);
      });
    document.documentElement.classList.add("presenting");
    section.classList.add("present");
    section.setAttribute("role", "dialog");
    section.setAttribute("aria-modal", "true");
    map.classList.remove("grid");
    bar.hidden = false;
    frame.tabIndex = 0;
    show(Math.max(0, stages.findIndex(function (stage) { return target && stage.contains(target); })));
    frame.focus({ preventScroll: true });
    document.addEventListener("keydown", key);
    document.addEventListener("fullscreenchange", left);
    // Where the whole screen cannot be had, the window is filled.
    if (section.requestFullscreen) section.requestFullscreen().catch(function () {});
  }

  function end() {
    if (at < 0) return;
    at = -1;
    document.removeEventListener("keydown", key);
    document.removeEventListener("fullscreenchange", left);
    if (document.fullscreenElement) document.exitFullscreen().catch(function () {});
    quiet.forEach(function (other) { other.inert = false; });
    quiet = [];
    document.documentElement.classList.remove("presenting");
    section.classList.remove("present");
    section.removeAttribute("role");
    section.removeAttribute("aria-modal");
    map.classList.add("grid");
    bar.hidden = true;
    stages.forEach(function (stage, n) { stage.classList.remove("current"); links[n].removeAttribute("aria-current"); });
    place.textContent = "";
    frame.scrollTo(before.left, before.top);
    scrollTo({ left: before.x, top: before.y, behavior: "instant" });
    start.focus({ preventScroll: true });
  }
  function left() { if (!document.fullscreenElement) end(); }

  function name(n) { return links[n] ? links[n].textContent : ""; }
  function show(to) {
    to = Math.min(stages.length - 1, Math.max(0, to));
    if (to === at) return;
    at = to;
    var from = 0;
    stages.forEach(function (stage, n) {
      stage.classList.toggle("current", n === at);
      if (n === at) links[n].setAttribute("aria-current", "step"); else links[n].removeAttribute("aria-current");
      if (n < at) from += stage.querySelectorAll(".step").length;
    });
    section.style.setProperty("--from", from);
    section.style.setProperty("--of", stages[at].querySelectorAll(".step").length);
    place.textContent = place.dataset.text.replace("{n}", at + 1).replace("{total}", stages.length).replace("{name}", name(at));
    [[back, at - 1], [on, at + 1]].forEach(function (pair) {
      pair[0].querySelector("span:not(.vh)").textContent = name(pair[1]);
      pair[0].setAttribute("aria-disabled", String(!links[pair[1]]));
    });
    frame.scrollTop = 0;
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var step = getComputedStyle(section).direction === "rtl" ? -1 : 1;
    var by = { ArrowRight: step, ArrowLeft: -step, PageDown: 1, PageUp: -1, Home: -Infinity, End: Infinity, " ": event.shiftKey ? -1 : 1 }[event.key];
    if (event.key === "Escape") end();
    else if (by === undefined || (event.key === " " && event.target.closest("button"))) return;
    else show(at + by);
    event.preventDefault();
  }

  bar.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.go) show(at + Number(button.dataset.go)); else end();
  });
  section.addEventListener("click", function (event) {
    var link = at >= 0 && event.target.closest(".stage-nav a");
    if (!link) return;
    event.preventDefault();
    show(links.indexOf(link));
  });

  // A stroke to the side turns the page; one that goes down scrolls it.
  var touch = null;
  section.addEventListener("touchstart", function (event) { touch = at >= 0 && event.touches.length === 1 ? event.touches[0] : null; }, { passive: true });
  section.addEventListener("touchend", function (event) {
    if (!touch || at < 0) return;
    var x = event.changedTouches[0].clientX - touch.clientX, y = event.changedTouches[0].clientY - touch.clientY;
    touch = null;
    if (Math.abs(x) < 60 || Math.abs(x) < 2 * Math.abs(y)) return;
    show(at + ((x < 0) === (getComputedStyle(section).direction !== "rtl") ? 1 : -1));
  }, { passive: true });
})();
