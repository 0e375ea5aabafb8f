//! Files beside the texts: pictures, tables and documents, which a site publishes as they are.
//!
//! In: a path below `content/`. Out: why it is not published, if it is not. Anybody who may propose a
//! text may propose such a file, and nobody cleans it as Markdown is cleaned; so only types are
//! published that a browser shows, plays or saves, and drawings only if nothing in them can run or load
//! anything. What stands in `static/` is trusted.

use std::path::Path;

use roxmltree::{Document as XmlDocument, Node as XmlNode, ParsingOptions};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{MAX_FILE_BYTES, Tree, reason};

/// The endings of files that a browser shows, plays or saves.
const PUBLISHED: &[&str] = &[
    "avif", "bmp", "csv", "docx", "epub", "gif", "ico", "jpeg", "jpg", "json", "m4a", "m4v", "mov",
    "mp3", "mp4", "odp", "ods", "odt", "oga", "ogg", "ogv", "opus", "pdf", "png", "pptx", "rtf",
    "srt", "svg", "tsv", "txt", "vtt", "wav", "webm", "webp", "xlsx", "zip",
];

/// Elements that run something, hold pages, or play what stands elsewhere.
const ACTIVE: &[&str] = &[
    "script",
    "foreignobject",
    "iframe",
    "embed",
    "object",
    "audio",
    "video",
    "handler",
    "listener",
];
/// A drawing of more parts is none that a page needs.
const MOST_PARTS: u32 = 200_000;

/// Why the file at `path` is not published; `None` for one that is.
pub(super) fn refused(tree: &dyn Tree, path: &str) -> Option<Diagnostic> {
    let ending = Path::new(path)
        .extension()
        .and_then(|ending| ending.to_str());
    let ending = ending.unwrap_or_default().to_ascii_lowercase();
    let refuse = |message: String, help: &str| {
        Some(Diagnostic::new("unpublished-file", Severity::Warn, path, message).help(help))
    };
    if !PUBLISHED.contains(&&*ending) {
        return refuse(
            match &*ending {
                "" => "a file without an ending is not published with the texts".to_owned(),
                _ => format!("a file that ends in `.{ending}` is not published with the texts"),
            },
            "if it is of people you trust, move it to static/; a leading `_` in its name keeps it out without a word",
        );
    }
    if ending != "svg" {
        return None;
    }
    let why = match tree.read(path, MAX_FILE_BYTES) {
        Ok(bytes) => active(&bytes)?,
        Err(error) => format!("it cannot be looked at: {}", reason(&error)),
    };
    refuse(
        format!("this drawing is not published: {why}"),
        "save it as a plain SVG, or as PNG; if it is of people you trust, move it to static/",
    )
}

/// What in an SVG could run something, or load it from elsewhere when the drawing is opened by itself.
fn active(bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some("it is not UTF-8".to_owned());
    };
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: MOST_PARTS,
        ..ParsingOptions::default()
    };
    match XmlDocument::parse_with_options(text, options) {
        Ok(drawing) => drawing.descendants().find_map(active_part),
        Err(error) => Some(format!("it is no XML: {error}")),
    }
}

fn active_part(node: XmlNode<'_, '_>) -> Option<String> {
    if let Some(instruction) = node.pi() {
        return (instruction.target == "xml-stylesheet")
            .then(|| "it has a stylesheet elsewhere".to_owned());
    }
    if node.is_text() {
        let is_style = node
            .parent()
            .is_some_and(|parent| is_named(parent, "style"));
        let text = node.text().unwrap_or_default();
        return (is_style && loads(text)).then(|| "its styles load something".to_owned());
    }
    if !node.is_element() {
        return None;
    }
    let name = node.tag_name();
    let is_page = name.namespace() == Some("http://www.w3.org/1999/xhtml");
    if is_page || ACTIVE.iter().any(|active| is_named(node, active)) {
        return Some(format!("it holds `<{}>`", name.name()));
    }
    node.attributes().find_map(|attribute| {
        let (name, value) = (attribute.name().to_ascii_lowercase(), attribute.value());
        let is_fault = if name.starts_with("on") {
            true
        } else if name == "attributename" {
            let changed = value.trim().to_ascii_lowercase();
            changed.ends_with("href") || changed.starts_with("on")
        } else if name == "href" || name == "src" {
            !(leads_nowhere(value) || is_named(node, "a") && is_web(value))
        } else {
            loads(value)
        };
        is_fault.then(|| format!("it holds `{}=\"{}\"`", attribute.name(), clipped(value)))
    })
}

fn is_named(node: XmlNode<'_, '_>, name: &str) -> bool {
    node.tag_name().name().eq_ignore_ascii_case(name)
}

/// Whether an address is of a part of the drawing, or of a picture within it.
fn leads_nowhere(address: &str) -> bool {
    let address = address.trim();
    address.is_empty() || address.starts_with('#') || address.starts_with("data:image/")
}

fn is_web(address: &str) -> bool {
    let address = address.trim();
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

/// Whether styles name anything but parts of the drawing. With escapes they may spell anything.
fn loads(styles: &str) -> bool {
    let styles = styles.to_ascii_lowercase();
    let mut addresses = styles.split("url(").skip(1);
    let is_own =
        |address: &str| leads_nowhere(address.trim_start().trim_start_matches(['"', '\'']));
    styles.contains("@import")
        || addresses.any(|address| !is_own(address))
        || styles.contains('\\') && styles.contains('(')
}

fn clipped(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::source::Memory;

    fn told(path: &str, bytes: impl Into<Vec<u8>>) -> Option<String> {
        let tree = Memory::default().with(path, bytes);
        Some(refused(&tree, path)?.message)
    }

    #[test]
    fn what_a_browser_shows_or_saves_is_published_and_nothing_else() {
        for name in ["a.png", "a.b.JPG", "a.pdf", "a.csv", "a.zip", "a.webm"] {
            assert_eq!(told(&format!("content/pages/{name}"), "x"), None, "{name}");
        }
        for name in [
            "a.html",
            "a.HTM",
            "a.xhtml",
            "a.js",
            "a.mjs",
            "a.css",
            "a.wasm",
            "a.xml",
            "a.svgz",
            "a.php",
            "web.config",
            "a.png.html",
            "CNAME",
            "_redirects.txt~",
        ] {
            assert!(
                told(&format!("content/pages/{name}"), "x").is_some(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_drawing_is_published_unless_it_could_do_something() {
        let svg = |inner: &str| {
            let text = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
                 xmlns:h=\"http://www.w3.org/1999/xhtml\">{inner}</svg>"
            );
            told("content/personas/a.svg", text)
        };
        for still in [
            "<title>onload=1 javascript: &lt;script&gt;</title>",
            "<defs><linearGradient id='g'/></defs><rect fill='url(#g)' style='stroke: url( \"#g\" )'/>",
            "<style>.a { fill: red } .b > path { filter: url(#f) }</style>",
            "<use href='#g'/><use xlink:href='#g'/>",
            "<image href='data:image/png;base64,AAAA'/>",
            "<a href='https://example.com/'><text>More</text></a>",
            "<animate attributeName='cx' from='1' to='2'/>",
        ] {
            assert_eq!(svg(still), None, "{still}");
        }
        for active in [
            "<script>alert(1)</script>",
            "<SCRIPT/>",
            "<h:script/>",
            "<h:p>Text</h:p>",
            "<foreignObject/>",
            "<g onload='alert(1)'/>",
            "<g ONCLICK=''/>",
            "<a href='javascript:alert(1)'/>",
            "<a xlink:href='&#106;ava&#9;script:alert(1)'/>",
            "<a href='//third.example/'/>",
            "<a href=' data:text/html,x'/>",
            "<use href='https://third.example/a.svg#x'/>",
            "<use href='other.svg#x'/>",
            "<image xlink:href='https://third.example/a.png'/>",
            "<image href='data:text/html,x'/>",
            "<rect fill='url(https://third.example/#g)'/>",
            "<rect style='background: url(\"https://third.example/\")'/>",
            "<rect style='background: \\75 rl(https://third.example/)'/>",
            "<style>@import 'https://third.example/a.css';</style>",
            "<style><![CDATA[@im\\port url(x)]]></style>",
            "<set attributeName='href' to='javascript:alert(1)'/>",
            "<animate attributeName='xlink:href' values='javascript:alert(1)'/>",
            "<set attributeName='onclick' to='alert(1)'/>",
            "<?xml-stylesheet href='a.css'?>",
            "<g>",
        ] {
            assert!(svg(active).is_some(), "{active}");
        }
        let entity = "<!DOCTYPE svg [<!ENTITY x \"<script xmlns='http://www.w3.org/2000/svg'/>\">]><svg>&x;</svg>";
        assert!(told("content/personas/a.svg", entity).is_some());
        assert!(
            told(
                "content/personas/a.svg",
                b"\xff\xfe<\0s\0v\0g\0>\0".to_vec()
            )
            .is_some()
        );
        let plain = "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\"><svg/>";
        assert_eq!(told("content/personas/a.svg", plain), None);
    }

    #[test]
    fn a_drawing_that_wants_to_be_large_is_refused_in_time() {
        let deep = "<g>".repeat(100_000) + &"</g>".repeat(100_000);
        told("content/personas/a.svg", deep);
        let wide = format!("<svg>{}</svg>", "<g/>".repeat(300_000));
        assert!(told("content/personas/a.svg", wide).is_some());
        let mut laughs = String::from("<!DOCTYPE svg [<!ENTITY a0 \"<g/>\">");
        for n in 1..30 {
            let before = format!("&a{};", n - 1).repeat(10);
            let _ = write!(laughs, "<!ENTITY a{n} \"{before}\">");
        }
        assert!(told("content/personas/a.svg", laughs + "]><svg>&a29;</svg>").is_some());
    }
}
