// Opens pages and gathers what must not happen on any: a dialog, another window, a request elsewhere, a breach of the
// policy, an error, a file that is missing.

/** A picture that is not there is no attack: content names it. All else is ours. */
const isTheirs = (url, type) => type === 'image' && !new URL(url).pathname.includes('/assets/');

/** A page that tells `fault` what it does; `mayMiss` says which files need not be there. */
export async function watched(chrome, origin, fault, mayMiss = isTheirs) {
  const context = await chrome.newContext();
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  const page = await context.newPage();
  page.on('dialog', async (dialog) => {
    fault(`dialog ${dialog.message()}`);
    await dialog.dismiss();
  });
  const types = new Map();
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const [url] = message.location().url.split('#');
    if (!/404 \(Not Found\)/.test(message.text())) fault(message.text());
    else if (!mayMiss(url, types.get(url))) fault(`404: ${url}`);
  });
  page.on('pageerror', (error) => fault(`error ${error.message}`));
  page.on('request', (request) => {
    const to = request.url();
    types.set(to, request.resourceType());
    if (!to.startsWith(origin) && !to.startsWith('data:image/')) fault(`asks for ${to}`);
  });
  page.on('popup', (popup) => fault(`opens ${popup.url()}`));
  page.on('download', (download) => fault(`saves ${download.url()}`));
  return page;
}

/** What a document must not hold, whoever put it there; runs in the page. */
export function wrongs() {
  const found = [];
  if (document.querySelectorAll('main').length !== 1) found.push('has another main');
  for (const element of document.querySelectorAll('*')) {
    for (const { name } of element.attributes) if (/^on/i.test(name)) found.push(`<${element.localName} ${name}>`);
  }
  // As the browser reads the addresses.
  for (const link of document.links) if (!['http:', 'https:', 'mailto:', 'tel:'].includes(link.protocol)) found.push(`leads to ${link.href}`);
  for (const form of document.forms) {
    // A field called so stands in the way of the property.
    const to = new URL(form.getAttribute('action') ?? '', document.baseURI).href;
    if (!to.startsWith(location.origin)) found.push(`sends to ${to}`);
  }
  return found;
}

/** Points at everything and works all that can be worked, but leads nowhere; runs in the page. */
export function poked() {
  const all = [...document.querySelectorAll('body *')];
  // Only told that they have the focus: with it, each would be laid out anew.
  for (const element of all) for (const type of ['pointerenter', 'mouseover', 'focus']) element.dispatchEvent(new Event(type, { bubbles: true }));
  // The search that every page has is tried by itself.
  for (const element of all) if (element.matches('summary, button, input, select, label, [role=tab]') && !element.closest('[data-search]')) element.click();
  return all.length;
}

/** Opens pages, does `each` on them, and gives what went wrong. */
export async function visited(chrome, urls, origin, each = () => {}) {
  const faults = [];
  const queue = [...urls];
  const visit = async () => {
    let url;
    const fault = (what) => faults.push(`${url}: ${what}`);
    const page = await watched(chrome, origin, fault);
    while (queue.length) {
      url = queue.pop();
      await page.goto(url, { waitUntil: 'load' });
      if (page.url().split('#')[0] !== url && !page.url().startsWith(origin)) fault(`leads to ${page.url()}`);
      await each(page);
      (await page.evaluate(wrongs)).forEach(fault);
    }
    await page.context().close();
  };
  await Promise.all([1, 2, 3].map(visit));
  return faults;
}
