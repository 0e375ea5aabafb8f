use super::*;

fn merged(old: &str, new: &str) -> Merged {
    let words = Words {
        added: "added: ".to_owned(),
        removed: "removed: ".to_owned(),
    };
    let setting = Setting {
        words: &words,
        leads: &|href| (href != "gone/").then(|| href.to_owned()),
    };
    merge(old, new, &setting).expect("well formed")
}

fn short(old: &str, new: &str) -> String {
    let html = merged(old, new).html;
    let mut out = String::new();
    let mut rest = html.as_str();
    while let Some((before, after)) = rest.split_once("<span class=\"chg-word\"") {
        out.push_str(before);
        rest = after.split_once("</span>").expect("closed").1;
    }
    out + rest
}

#[test]
fn a_reworded_claim_shows_the_words_that_differ() {
    let claim = |text: &str| format!("<ul><li class=\"claim\" id=\"g\"><p>{text}</p></li></ul>");
    insta::assert_snapshot!(
        merged(&claim("Orders in two clicks"), &claim("Orders in one click")).html,
        @r#"<ul><li class="claim" id="g"><p>Orders in <del class="chg-was"><span class="chg-word" id="change-1">removed: </span>two clicks</del> <ins class="chg-now"><span class="chg-word" id="change-2">added: </span>one click</ins></p></li></ul>"#
    );
}

#[test]
fn claims_that_came_and_went_stand_where_they_stood() {
    let list = |ids: &[&str]| {
        let lines = ids.iter();
        let lines = lines.map(|id| format!("<li id=\"{id}\"><p>{id} {id}</p></li>"));
        format!("<ul>{}</ul>", lines.collect::<String>())
    };
    insta::assert_snapshot!(
        short(&list(&["a", "b", "c"]), &list(&["a", "c", "d"])),
        @r#"<ul><li id="a"><p>a a</p></li><li class="chg-was"><p><del>b b</del></p></li><li id="c"><p>c c</p></li><li id="d" class="chg-now"><p><ins>d d</ins></p></li></ul>"#
    );
    let marks = merged(&list(&["a", "b"]), &list(&["a", "d"])).marks;
    let [was, now] = marks.as_slice() else {
        panic!("not two marks: {marks:?}");
    };
    assert_eq!((was.side, was.text.as_str()), (Side::Was, "b b"));
    assert_eq!(now.anchor.as_deref(), Some("d"));
}

#[test]
fn links_of_what_is_gone_lead_somewhere_or_are_none() {
    assert_eq!(
        short(
            "<p>See <a href=\"gone/\">this</a> <a href=\"kept/\" id=\"x\">that</a></p>",
            "<p>See</p>"
        ),
        "<p>See <del class=\"chg-was\"><a>this</a> <a href=\"kept/\">that</a></del></p>"
    );
}

#[test]
fn what_is_no_sentence_is_shown_as_a_whole() {
    assert_eq!(
        short(
            "<li class=\"status-draft\">Draft</li>",
            "<li class=\"status-active\">Active</li>"
        ),
        "<li class=\"status-draft chg-was\"><del>Draft</del></li>\
         <li class=\"status-active chg-now\"><ins>Active</ins></li>"
    );
    assert_eq!(
        short(
            "<p><img src=\"a\" alt=\"\"></p>",
            "<p><img src=\"b\" alt=\"\"></p>"
        ),
        "<p><img src=\"a\" alt=\"\" class=\"chg-was\"><img src=\"b\" alt=\"\" class=\"chg-now\"></p>"
    );
}

#[test]
fn a_map_has_room_for_the_steps_of_both() {
    let map = |steps: &[&str]| {
        let lines = steps.iter();
        let lines =
            lines.map(|s| format!("<li class=\"step\" id=\"{s}\"><h4>{s} {s} {s}</h4></li>"));
        let n = steps.len();
        format!(
            "<li class=\"stage\" data-n=\"{n}\"><ol>{}</ol></li>",
            lines.collect::<String>()
        )
    };
    let html = short(&map(&["see", "buy", "pay"]), &map(&["see", "try", "pay"]));
    assert!(
        html.starts_with("<li class=\"stage\" data-n=\"4\" data-n-was=\"3\">"),
        "{html}"
    );
}

#[test]
fn the_page_of_what_is_gone_keeps_its_text() {
    let words = Words {
        added: String::new(),
        removed: String::new(),
    };
    let setting = Setting {
        words: &words,
        leads: &|_| None,
    };
    assert_eq!(
        only("<p id=\"a\">One <a href=\"x/\">two</a></p>", &setting),
        "<p>One <a>two</a></p>"
    );
}
