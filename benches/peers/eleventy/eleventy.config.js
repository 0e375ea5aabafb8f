// The same pages as those of ../hugo, made the fast way in Eleventy: layouts in JavaScript, no
// template language in Markdown, and one pass over all pages for links and backlinks.
export default function (config) {
  config.addPassthroughCopy({ 'content/style.css': 'style.css', 'assets/kpis': 'kpis' });
  config.addCollection('entities', (all) => all.getAll().filter((item) => item.data.folder));
  config.amendLibrary('md', (markdown) => {
    const plain = markdown.renderer.rules.link_open
      ?? ((tokens, at, options, env, self) => self.renderToken(tokens, at, options));
    markdown.renderer.rules.link_open = (tokens, at, options, env, self) => {
      const href = tokens[at].attrGet('href');
      const found = href.match(/^(?:\.\.\/(\w+)\/)?([\w-]+)\.md$/);
      if (found) tokens[at].attrSet('href', `/${found[1] ?? env.folder}/${found[2]}/`);
      return plain(tokens, at, options, env, self);
    };
  });
  return {
    dir: { input: 'content', includes: '../_includes' },
    templateFormats: ['md', '11ty.js'],
    markdownTemplateEngine: false,
  };
}
