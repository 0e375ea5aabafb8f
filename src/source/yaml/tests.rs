use super::*;

fn shown(text: &str) -> String {
    let (yaml, problems) = parse(text, 0..text.len());
    match yaml {
        Some(yaml) => format!("{:?} {:?}", yaml.root(text), problems.len()),
        None => problems
            .iter()
            .map(|p| format!("{} {:?} {}", p.message, p.span, &text[p.span.clone()]))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

#[test]
fn scalars_stay_what_the_author_wrote() {
    assert_eq!(
        shown("a: no\nb: 017\nc: 1.10\nd: 2026-09-14\ne: 'it''s'\nf: \"x\\ny\"\n"),
        r#"Some({"a": "no", "b": "017", "c": "1.10", "d": "2026-09-14", "e": "it's", "f": "x\ny"}) 0"#
    );
}

#[test]
fn every_key_and_value_knows_its_place() {
    let text =
        "---\nname: Priya\nlist: [a, \"b c\"]\nmap:\n  k: >\n    folded\n    text\nlast: x\n";
    let (yaml, problems) = parse(text, 4..text.len());
    assert!(problems.is_empty());
    let yaml = yaml.expect("valid");
    let root = yaml.root(text).expect("not empty");
    let at = |node: Node<'_>| &text[node.span()];
    let places: Vec<_> = root.entries().map(|(k, v)| (at(k), at(v))).collect();
    assert_eq!(places[0], ("name", "Priya"));
    assert_eq!(places[1], ("list", "[a, \"b c\"]"));
    assert_eq!(places[2].1, "k: >\n    folded\n    text");
    let item = root
        .get("list")
        .and_then(|l| l.items().nth(1))
        .expect("item");
    assert_eq!((item.as_str(), at(item)), (Some("b c"), "\"b c\""));
    assert_eq!(yaml.pointer(text, item.id()), "/list/1");
}

#[test]
fn a_pointer_leads_back_to_its_node() {
    let text = "a: [1, {b: [2, [3]], c: {}}, []]\nd/~e: {f: 4}\ng:\n  - h: 5\n    i: 6\n  - 7\n";
    let (yaml, _) = parse(text, 0..text.len());
    let yaml = yaml.expect("valid");
    let mut left = vec![yaml.root(text).expect("not empty")];
    let mut pointers = Vec::new();
    while let Some(node) = left.pop() {
        let pointer = yaml.pointer(text, node.id());
        let found = yaml.root(text).and_then(|root| root.along(&pointer).node);
        assert_eq!(found.map(Node::id), Some(node.id()), "{pointer}");
        pointers.push(pointer);
        left.extend(node.items());
        for (key, value) in node.entries() {
            assert_eq!(yaml.pointer(text, key.id()), yaml.pointer(text, value.id()));
            left.push(value);
        }
    }
    assert_eq!(pointers.len(), 17, "{pointers:?}");
    assert!(
        pointers.contains(&"/a/1/b/1/0".to_owned()) && pointers.contains(&"/d~1~0e/f".to_owned())
    );
}

#[test]
fn an_unclosed_bracket_is_blamed_on_the_bracket() {
    assert_eq!(
        shown("a: [[x]\nlifecycle: [b, c]\nd: e\n"),
        "this `[` is never closed 3..4 ["
    );
    assert_eq!(shown("a: {x: 1\nb: 2\n"), "this `{` is never closed 3..4 {");
    assert_eq!(shown("a: [x\n"), "this `[` is never closed 3..4 [");
}

#[test]
fn a_repeated_key_is_reported_and_the_first_counts() {
    let text = "a: 1\nb: 2\na: [3, {c: 4}]\nd: 5\n";
    let (yaml, problems) = parse(text, 0..text.len());
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].code, &text[problems[0].span.clone()]),
        ("duplicate-key", "a")
    );
    assert_eq!(
        format!("{:?}", yaml.expect("a tree").root(text)),
        r#"Some({"a": "1", "b": "2", "d": "5"})"#
    );
}

#[test]
fn aliases_are_followed_but_bombs_are_not() {
    assert_eq!(
        shown("a: &x [1, 2]\nb: *x\n"),
        r#"Some({"a": ["1", "2"], "b": ["1", "2"]}) 0"#
    );
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        let refs = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb.extend([
            "a",
            &i.to_string(),
            ": &a",
            &i.to_string(),
            " [",
            &refs,
            "]\n",
        ]);
    }
    assert!(shown(&bomb).starts_with("the aliases of this file expand to too much"));
    assert!(shown("a: &x [*x]\n").starts_with("this alias"));
}

#[test]
fn aliases_of_a_long_text_do_not_fill_the_memory() {
    let long = "x".repeat(100_000);
    let aliases = |count: usize| {
        let list = vec!["*x"; count].join(", ");
        format!("a: &x \"{long}\"\nb: &y {{t: *x}}\nc: [{list}]\nd: *y\n")
    };
    let text = aliases(3);
    let (yaml, problems) = parse(&text, 0..text.len());
    assert!(problems.is_empty());
    let root = yaml.as_ref().and_then(|yaml| yaml.root(&text));
    let last = root.and_then(|root| root.get("d")?.get("t")?.as_str());
    assert_eq!(last, Some(&*long));
    assert!(shown(&aliases(11)).starts_with("the aliases of this file expand to too much"));
}

#[test]
fn an_alias_leaves_a_repeated_key_where_it_is() {
    assert_eq!(
        shown("a: &x {k: 1, k: [2, 3], l: 4}\nb: *x\nc: &k d\nc: e\nf: *k\n"),
        r#"Some({"a": {"k": "1", "l": "4"}, "b": {"k": "1", "l": "4"}, "c": "d", "f": "d"}) 2"#
    );
    assert_eq!(
        shown("&k a: 1\n&l a: 2\nb: *k\nc: *l\n"),
        r#"Some({"a": "1", "b": "a", "c": "a"}) 1"#
    );
}

#[test]
fn deep_nesting_is_an_error_not_a_crash() {
    for text in [
        "[".repeat(40_000),
        "{a: ".repeat(40_000),
        "- ".repeat(40_000),
    ] {
        assert!(shown(&text).contains("64 levels"), "{}", &text[..4]);
    }
}

#[test]
fn windows_line_ends_and_unicode_keep_their_places() {
    let text = "näme: 李\r\nb: |\r\n  x\r\n  y\r\nc: z\r\n";
    let (yaml, problems) = parse(text, 0..text.len());
    assert!(problems.is_empty());
    let yaml = yaml.expect("valid");
    let root = yaml.root(text).expect("not empty");
    assert_eq!(root.get("näme").map(|n| &text[n.span()]), Some("李"));
    assert_eq!(root.get("b").and_then(Node::as_str), Some("x\ny\n"));
    assert_eq!(root.get("c").map(|n| &text[n.span()]), Some("z"));
}

#[test]
fn a_pair_in_a_list_is_no_brace_that_stays_open() {
    assert_eq!(
        shown("a: [ñ: b,\nc d: e f\ng: h\n"),
        "this `[` is never closed 3..4 ["
    );
}
