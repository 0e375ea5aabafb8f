// A terminal's colours as HTML.

const COLOURS = [
  '#4b5563', '#ff7b72', '#7ee2a8', '#e8c268', '#79b8ff', '#d2a8ff', '#76e3ea', '#d7dde6',
  '#6e7681', '#ffa198', '#a5f0c2', '#f5d78e', '#a5d0ff', '#e2c5ff', '#a8f0f4', '#ffffff',
];

/** One of the 256 colours: 16 of the theme's own, a cube of 6³, 24 greys. */
function indexed(n) {
  if (n < 16) return COLOURS[n];
  if (n >= 232) return `rgb(${Array(3).fill(8 + (n - 232) * 10)})`;
  const level = (each) => (each === 0 ? 0 : 55 + each * 40);
  return `rgb(${[Math.floor((n - 16) / 36), Math.floor((n - 16) / 6) % 6, (n - 16) % 6].map(level)})`;
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function ansiToHtml(text) {
  let style = {};
  let html = '';
  // Links (OSC 8) and the like have no look of their own.
  const plain = text.replace(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, '');
  for (const part of plain.split(/(\x1b\[[0-9;:]*[A-Za-z])/)) {
    const codes = /^\x1b\[([0-9;:]*)([A-Za-z])$/.exec(part);
    if (!codes) {
      const css = Object.entries(style).map(([name, value]) => `${name}:${value}`).join(';');
      if (part !== '') html += css === '' ? escape(part) : `<span style="${css}">${escape(part)}</span>`;
    } else if (codes[2] === 'm') {
      style = apply(style, codes[1].split(/[;:]/).map(Number));
    }
  }
  return html;
}

function apply(style, codes) {
  const next = { ...style };
  const colour = (rest) => (rest.shift() === 5 ? indexed(rest.shift()) : `rgb(${rest.splice(0, 3)})`);
  for (const rest = [...codes]; rest.length > 0; ) {
    const code = rest.shift();
    if (code === 0) for (const name of Object.keys(next)) delete next[name];
    else if (code === 1) next['font-weight'] = 'bold';
    else if (code === 2) next.opacity = '.7';
    else if (code === 3) next['font-style'] = 'italic';
    else if (code === 4) next['text-decoration'] = 'underline';
    else if (code === 22) (delete next['font-weight'], delete next.opacity);
    else if (code === 23) delete next['font-style'];
    else if (code === 24) delete next['text-decoration'];
    else if (code >= 30 && code <= 37) next.color = COLOURS[code - 30];
    else if (code === 38) next.color = colour(rest);
    else if (code === 39) delete next.color;
    else if (code >= 40 && code <= 47) next['background-color'] = COLOURS[code - 40];
    else if (code === 48) next['background-color'] = colour(rest);
    else if (code === 49) delete next['background-color'];
    else if (code >= 90 && code <= 97) next.color = COLOURS[code - 82];
  }
  return next;
}
