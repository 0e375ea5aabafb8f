// What is shown where there is no page.
import { frame, site } from '../_includes/site.js';

export const data = { permalink: '/404.html', layout: null };

export const render = ({ collections }) => frame(site(collections.entities), {
  title: 'There is no such page', main: '<h1>There is no such page</h1><p><a href="/">Persona library</a></p>',
});
