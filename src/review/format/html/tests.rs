use super::super::Format;
use super::super::samples::{self, written, written_with};
use super::*;

/// What stands in the body.
fn body(report: &str) -> &str {
    let (_, body) = report.split_once("<body>\n").expect("a body");
    body
}

#[test]
#[expect(clippy::too_many_lines, reason = "a page")]
fn before_and_after_stand_side_by_side() {
    let options = Options {
        preview: Some("https://preview.example/7/"),
        ..Options::default()
    };
    let report = written_with(Format::Html, &samples::review(), &options);
    insta::assert_snapshot!(body(&report), @r#"
    <main>
    <header>
    <div class="notice">
    <p>Compared in part only: 1 file does not validate, so some changes may be missing here.</p>
    <ul>
    <li><bdi>content/kpis/churn.md (before): the front matter is no YAML</bdi></li>
    </ul>
    </div>
    <p class="meta">Changes from <bdi>origin/main</bdi> to <bdi>the working tree</bdi></p>
    <h1>2 breaking changes; 3 to look at; 1 finding is new</h1>
    <ul class="badges"><li>2 breaking</li><li>3 to look at</li><li>3 worth knowing</li><li>1 new finding</li><li>1 mended finding</li></ul>
    <p class="ways"><a href="https://preview.example/7/">Site with these changes</a></p>
    </header>
    <section aria-labelledby="breaking">
    <h2 id="breaking">Breaking <span class="count">2</span></h2>
    <article class="entity">
    <h3><a href="https://preview.example/7/personas/sarah/"><bdi>Sarah Whitlock</bdi></a> <small>persona</small></h3>
    <div class="change breaking">
    <h4><span class="state"><span aria-hidden="true">✗</span> breaking</span> <bdi>Persona removed</bdi></h4>
    <p class="meta"><code>content/personas/sarah.md:1:1</code> (before) · persona-removed</p>
    <ul class="reaches" aria-label="Reaches">
    <li><bdi>journey Winter riders</bdi></li>
    <li><bdi>KPI NPS, through Winter riders</bdi></li>
    </ul>
    </div>
    </article>
    <article class="entity">
    <h3><a href="https://preview.example/7/personas/ruth-adeyinka/"><bdi>Ruth Adeyinka</bdi></a> <small>persona</small></h3>
    <div class="change breaking">
    <h4><span class="state"><span aria-hidden="true">✗</span> breaking</span> <bdi>Stance flipped</bdi></h4>
    <p class="meta"><code>content/personas/ruth-adeyinka.md:4:9</code> · stance-flipped</p>
    <dl class="sides">
    <div><dt>Before</dt><dd dir="auto">target</dd></div>
    <div><dt>After</dt><dd dir="auto">negative</dd></div>
    </dl>
    </div>
    </article>
    </section>
    <section aria-labelledby="review">
    <h2 id="review">To look at <span class="count">3</span></h2>
    <article class="entity">
    <h3><a href="https://preview.example/7/personas/ruth-adeyinka/"><bdi>Ruth Adeyinka</bdi></a> <small>persona</small></h3>
    <div class="change review">
    <h4><span class="state"><span aria-hidden="true">!</span> review</span> <bdi>Goal reworded</bdi></h4>
    <p class="meta"><code>content/personas/ruth-adeyinka.md:21:11</code> · claim-reworded</p>
    <dl class="sides">
    <div><dt>Before</dt><dd dir="auto">Go live within <del>60</del> days of the first <del>call</del>.</dd></div>
    <div><dt>After</dt><dd dir="auto">Go live within <ins>30</ins> days of the first <ins>order</ins>.</dd></div>
    </dl>
    <ul class="reaches" aria-label="Reaches">
    <li><bdi>journey Winter riders: Decide</bdi></li>
    <li><bdi>KPI NPS, through Winter riders</bdi></li>
    </ul>
    </div>
    <div class="change review">
    <h4><span class="state"><span aria-hidden="true">!</span> review</span> <bdi>Goal “On time” lost its evidence</bdi></h4>
    <p class="meta"><code>content/personas/ruth-adeyinka.md:24:16</code> · evidence-weaker</p>
    <dl class="sides">
    <div><dt>Before</dt><dd dir="auto">Onboarding interviews 2026</dd></div>
    <div><dt>After</dt><dd class="meta">Not there</dd></div>
    </dl>
    </div>
    </article>
    <article class="entity">
    <h3><a href="https://preview.example/7/kpis/nps/"><bdi>NPS</bdi></a> <small>KPI</small></h3>
    <div class="change review">
    <h4><span class="state"><span aria-hidden="true">!</span> review</span> <bdi>Target loosened</bdi></h4>
    <p class="meta"><code>content/kpis/nps.md:9:10</code> · target-loosened</p>
    <dl class="sides">
    <div><dt>Before</dt><dd dir="auto"><del>50</del> by 2026-12-31</dd></div>
    <div><dt>After</dt><dd dir="auto"><ins>40</ins> by 2026-12-31</dd></div>
    </dl>
    </div>
    </article>
    </section>
    <section aria-labelledby="whom-it-reaches">
    <h2 id="whom-it-reaches">Whom it reaches</h2>
    <div class="scroll" role="group" aria-labelledby="whom-it-reaches" tabindex="0">
    <table>
    <thead><tr><th scope="col">Whom</th><th scope="col">Where</th><th scope="col">Because of</th></tr></thead>
    <tbody>
    <tr><th scope="row"><a href="https://preview.example/7/journeys/winter-riders/"><bdi>Winter riders</bdi></a> <small>journey</small></th><td>Decide</td><td>Sarah Whitlock: Persona removed<br>Ruth Adeyinka: Goal reworded</td></tr>
    <tr><th scope="row"><a href="https://preview.example/7/kpis/nps/"><bdi>NPS</bdi></a> <small>KPI</small></th><td>through Winter riders</td><td>Sarah Whitlock: Persona removed<br>Ruth Adeyinka: Goal reworded</td></tr>
    </tbody>
    </table>
    </div>
    </section>
    <section aria-labelledby="who-should-look-at-it">
    <h2 id="who-should-look-at-it">Who should look at it</h2>
    <div class="scroll" role="group" aria-labelledby="who-should-look-at-it" tabindex="0">
    <table>
    <thead><tr><th scope="col">Team</th><th scope="col">Contact</th><th scope="col">Changes</th><th scope="col">What of theirs</th></tr></thead>
    <tbody>
    <tr><th scope="row"><a href="https://preview.example/7/teams/cx/"><bdi>CX research</bdi></a></th><td>#cx-research</td><td>1 breaking, 1 to look at</td><td>persona Sarah Whitlock, journey Winter riders</td></tr>
    <tr><th scope="row"><a href="https://preview.example/7/teams/sales/"><bdi>Fleet sales</bdi></a></th><td>sales@sumpter.example</td><td>1 breaking, 1 to look at</td><td>KPI NPS</td></tr>
    </tbody>
    </table>
    </div>
    </section>
    <section aria-labelledby="findings">
    <h2 id="findings">New findings <span class="count">1</span></h2>
    <ul class="findings">
    <li><b>error</b> <bdi>there is no persona `sarah`</bdi><br>did you mean `sara`?<br><small><code>content/journeys/winter-riders.md:12:14</code> · unknown-ref</small></li>
    </ul>
    </section>
    <details>
    <summary><h2>Worth knowing</h2> <span class="count">3</span></summary>
    <article class="entity">
    <h3><a href="https://preview.example/7/personas/dez/"><bdi>Dez Fowler</bdi></a> <small>persona</small></h3>
    <div class="change info">
    <h4><span class="state"><span aria-hidden="true">·</span> info</span> <bdi>Persona added</bdi></h4>
    <p class="meta"><code>content/personas/dez.md:1:1</code> · added</p>
    </div>
    </article>
    <article class="entity">
    <h3><a href="https://preview.example/7/kpis/nps/"><bdi>NPS</bdi></a> <small>KPI</small></h3>
    <div class="change info">
    <h4><span class="state"><span aria-hidden="true">·</span> info</span> <bdi>2 measurements added</bdi></h4>
    <p class="meta"><code>content/kpis/nps.csv:8:1</code> · measurement-added</p>
    <dl class="sides">
    <div><dt>Before</dt><dd class="meta">Not there</dd></div>
    <div><dt>After</dt><dd dir="auto">2026-Q3: 41</dd></div>
    </dl>
    </div>
    </article>
    <article class="entity">
    <h3><a href="https://preview.example/7/pages/about/"><bdi>About | us</bdi></a> <small>page</small></h3>
    <div class="change info">
    <h4><span class="state"><span aria-hidden="true">·</span> info</span> <bdi>Text changed</bdi></h4>
    <p class="meta"><code>content/pages/about.md</code> · prose-changed</p>
    <dl class="sides">
    <div><dt>Before</dt><dd dir="auto">One paragraph.

    <del>Two</del>.</dd></div>
    <div><dt>After</dt><dd dir="auto">One paragraph.

    <ins>Three</ins>.</dd></div>
    </dl>
    </div>
    </article>
    </details>
    <details>
    <summary><h2>Mended findings</h2> <span class="count">1</span></summary>
    <ul class="findings">
    <li><b>warn</b> <bdi>the newest evidence is of 2024-05</bdi><br><small><code>content/personas/ruth-adeyinka.md</code> · stale-evidence</small></li>
    </ul>
    </details>
    </main>
    </body>
    </html>
    "#);
}

#[test]
fn nothing_is_a_page_too() {
    let report = written(Format::Html, &samples::nothing());
    insta::assert_snapshot!(body(&report), @r#"
    <main>
    <header>
    <p class="meta">Changes from <bdi>v1.0</bdi> to <bdi>HEAD</bdi></p>
    <h1>No changes in meaning</h1>
    </header>
    </main>
    </body>
    </html>
    "#);
}

#[test]
fn hashes_are_written_in_base64() {
    for (bytes, text) in [
        ("", ""),
        ("M", "TQ=="),
        ("Ma", "TWE="),
        ("Man", "TWFu"),
        ("Many", "TWFueQ=="),
        ("\u{3ff}?>", "z78/Pg=="),
    ] {
        assert_eq!(super::base64(bytes.as_bytes()), text);
    }
}

/// The elements of a page; it is well-formed XML but for its doctype and its empty elements.
fn elements(report: &str) -> Vec<String> {
    let body = body(report).replace("<br>", "<br/>");
    let (body, _) = body.split_once("</body>").expect("an end");
    let document = roxmltree::Document::parse(body).expect("well-formed");
    let nodes = document.descendants().filter(roxmltree::Node::is_element);
    nodes
        .map(|node| node.tag_name().name().to_owned())
        .collect()
}

#[test]
fn no_text_becomes_markup() {
    let plain = elements(&written(Format::Html, &samples::saying("word")));
    for text in [
        "</style></dd><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)> &lt;",
        "a\u{202e}b\u{0}\u{1b}[31m",
    ] {
        let report = written(Format::Html, &samples::saying(text));
        let found: Vec<String> = elements(&report);
        let kept = |all: &[String]| {
            let all = all.iter().filter(|e| *e != "ins" && *e != "del");
            all.cloned().collect::<Vec<_>>()
        };
        assert_eq!(kept(&found), kept(&plain));
        assert!(!report.contains('\u{202e}') && !report.contains("<script"));
    }
}

#[test]
fn the_theme_has_the_roles_of_a_report() {
    let used = STYLE.split("var(").skip(1);
    let used = used.map(|rest| rest.split(')').next().expect("an end"));
    let mut number = 0;
    for role in used {
        assert!(
            roles().contains(&format!("  {role}: ")) || roles().contains(&format!("; {role}: ")),
            "{role}"
        );
        number += 1;
    }
    assert!(number > 30);
}
