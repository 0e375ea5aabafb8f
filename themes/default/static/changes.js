// Extras for pages with marked changes: the switch is remembered, and buttons and Alt+Up, Alt+Down go from mark to mark.
(() => {
  const KEY = "personary-changes";
  const inputs = [...document.querySelectorAll("input[name=chg-show]")];
  let kept = null;
  try { kept = sessionStorage.getItem(KEY); } catch { /* it is forgotten, then */ }
  for (const input of inputs) {
    if (input.value === kept) input.checked = true;
    input.addEventListener("change", () => {
      try { sessionStorage.setItem(KEY, input.value); } catch { /* as above */ }
    });
  }

  const bar = document.querySelector(".chg-go");
  if (!bar) return;
  bar.hidden = false;
  const output = bar.querySelector("output");
  let at = -1;
  const go = (by) => {
    const both = document.getElementById("chg-both");
    if (both && !both.checked) {
      both.checked = true;
      both.dispatchEvent(new Event("change"));
    }
    const marks = [...document.querySelectorAll("main [id^='change-']")].filter((mark) => !mark.closest("[aria-hidden=true]"));
    if (!marks.length) return;
    at = (at + by + marks.length + (at < 0 && by < 0 ? 1 : 0)) % marks.length;
    marks.forEach((mark, n) => mark.classList.toggle("here", n === at));
    const mark = marks[at];
    for (let box = mark.parentElement; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    mark.tabIndex = -1;
    mark.focus({ preventScroll: true });
    mark.parentElement.scrollIntoView({ block: "center" });
    output.textContent = bar.dataset.text.replace("{n}", at + 1).replace("{of}", marks.length);
  };
  for (const button of bar.querySelectorAll("[data-go]")) button.addEventListener("click", () => go(+button.dataset.go));
  addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input:not([type=radio]), textarea, select")) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    go(by);
  });
})();
