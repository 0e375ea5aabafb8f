// What every file below has: its kind is its folder.
export default {
  layout: 'entity.11ty.js',
  permalink: (data) => (data.folder ? `/${data.folder}/${data.page.fileSlug}/` : data.page.url),
};
