//! What a browser, or somebody who is none, may ask the preview for.

use super::world::{WORLD, text};
use crate::preview::http::{Get, is_allowed};
use crate::site::{Route, encode};

/// A request: the `Host` header on the first line, the target on the second.
pub fn http(data: &[u8]) {
    let text = text(data);
    let (host, target) = text.split_once('\n').unwrap_or(("localhost", &text));
    if is_allowed("127.0.0.1", host) {
        let name = host.to_ascii_lowercase();
        assert!(name.contains("localhost") || name.contains("127.") || name.contains("::"));
    }
    let Some(get) = Get::parse(target) else {
        return;
    };
    assert!(get.path.starts_with('/') && !get.path.contains(char::is_control));
    assert!(get.path.split('/').all(|part| part != ".." && part != "."));
    assert!(!get.path.contains("//") && !get.path.contains('\\'));
    // What is decoded can be asked for again, under the name that links give it, if a path can be so long.
    if get.path.len() <= 4096 {
        let again = Get::parse(&encode(&get.path)).expect("an address");
        assert_eq!(again.path, get.path);
    }
    let library = &WORLD.library;
    if let Some(route) = Route::at(library, get.path.trim_start_matches('/')) {
        let file = route.file(library);
        assert!(!file.starts_with('/'), "{file}");
        assert!(file.split('/').all(|part| part != ".."), "{file}");
    }
}
