//! Languages: which way they run, what they call themselves, and how parts of a page in another one
//! are marked.

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// What languages call themselves.
const NAMES: [(&str, &str); 38] = [
    ("ar", "العربية"),
    ("bg", "Български"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("eu", "Euskara"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("ga", "Gaeilge"),
    ("gl", "Galego"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("nb", "Norsk bokmål"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

/// The language without script and country, in small letters: `de` of `de-CH`.
fn base(lang: &str) -> String {
    let base = lang.split('-').next().unwrap_or_default();
    base.to_ascii_lowercase()
}

/// `rtl` or `ltr`.
pub(super) fn direction(lang: &str) -> &'static str {
    if RIGHT_TO_LEFT.contains(&base(lang).as_str()) {
        "rtl"
    } else {
        "ltr"
    }
}

/// What a language calls itself, with what tells it from others of that name; its code where
/// nobody knows.
pub(super) fn name(lang: &str) -> String {
    let base = base(lang);
    let Some((_, name)) = NAMES.iter().find(|(known, _)| *known == base) else {
        return lang.to_owned();
    };
    match lang.split_once('-') {
        Some((_, more)) => format!("{name} ({more})"),
        None => (*name).to_owned(),
    }
}

/// The attributes of an element that holds a text in the language `of`, on a page in `page`; none
/// when that is the same.
pub(super) fn attributes(of: &str, page: &str) -> String {
    if of.eq_ignore_ascii_case(page) {
        return String::new();
    }
    let dir = direction(of);
    // The pattern of settings lets nothing through that HTML would have to be kept from.
    if dir == direction(page) {
        format!(" lang=\"{of}\"")
    } else {
        format!(" lang=\"{of}\" dir=\"{dir}\"")
    }
}

/// The attributes of what the program says in English wherever it runs: its own documentation.
pub(super) fn english(page: &str) -> String {
    if base(page) == "en" {
        String::new()
    } else {
        attributes("en", page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_know_their_name_and_direction() {
        assert_eq!(name("de"), "Deutsch");
        assert_eq!(name("de-CH"), "Deutsch (CH)");
        assert_eq!(name("tlh"), "tlh");
        assert_eq!((direction("he-IL"), direction("de")), ("rtl", "ltr"));
    }

    #[test]
    fn parts_in_another_language_are_marked() {
        assert_eq!(attributes("en", "en"), "");
        assert_eq!(attributes("en", "de"), " lang=\"en\"");
        assert_eq!(attributes("en", "he"), " lang=\"en\" dir=\"ltr\"");
        assert_eq!(attributes("he", "de"), " lang=\"he\" dir=\"rtl\"");
        assert_eq!(
            (english("en-GB"), english("de")),
            (String::new(), " lang=\"en\"".to_owned())
        );
    }
}
