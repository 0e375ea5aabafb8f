use super::*;

const PERSONA: &str = "---\nname: Ann\nmarket: b2c\nstance: target\nstatus: draft\nbasis: proto\n\
    owner: cx\nsummary: S.\nb2c: { impulse: low }\n";

/// A small project with `files` on top, repaired.
fn repaired(files: &[(&str, &str)]) -> (Repairs, BTreeMap<String, String>) {
    let mut tree = Memory::default()
        .with(
            "content/teams/cx.md",
            "---\nname: CX\ncontact: x\naliases: [care, 'no: 1']\n---\n",
        )
        .with(
            "content/segments/s.md",
            "---\nname: S\nsummary: S.\naliases: [old-s]\n---\n",
        )
        .with(
            "content/pages/a/b.md",
            "---\naliases: [old page]\n---\n# B\n",
        );
    for (path, text) in files {
        tree = tree.with(path, *text);
    }
    let repairs = repairs(
        Library::load(Arc::new(tree)),
        jiff::civil::date(2026, 11, 24),
        |_| true,
    );
    let texts = repairs.changes.iter();
    let texts = texts.map(|change| (change.path.to_string(), change.after.clone()));
    let texts = texts.collect();
    (repairs, texts)
}

/// What becomes of one persona file.
fn persona(text: &str) -> String {
    let path = "content/personas/ann.md";
    let (repairs, texts) = repaired(&[(path, text)]);
    assert!(repairs.left.is_empty());
    texts.get(path).cloned().unwrap_or_else(|| text.to_owned())
}

#[test]
fn slips_are_mended_and_nothing_else_is_touched() {
    for (good, bad) in [
        ("owner: cx", "onwer: cx # who"),
        ("owner: cx", "'onwer': cx"),
        ("owner: cx", "\"onwer\" : cx"),
        ("market: b2c", "markt: b2c"),
        ("status: draft", "status: \"drafft\"  # later"),
        ("stance: target", "stance: 'targte'"),
        (
            "b2c: { impulse: low }",
            "b2c: { impluse: hihg , interests: [ a,b ] }",
        ),
    ] {
        for line in ["\n", "\r\n"] {
            for bom in ["", "\u{feff}"] {
                let text = format!("{bom}{PERSONA}---\nText without an end").replace('\n', line);
                let damaged = text.replace(good, bad);
                let mended = bad
                    .replace("onwer", "owner")
                    .replace("markt", "market")
                    .replace("drafft", "draft")
                    .replace("targte", "target")
                    .replace("impluse", "impulse")
                    .replace("hihg", "high");
                assert_eq!(persona(&damaged), text.replace(good, &mended));
            }
        }
    }
}

#[test]
fn what_takes_a_decision_is_left_alone() {
    for text in [
        // The right key is there; two slips of one key; two keys are near; nothing is near.
        format!("{PERSONA}onwer: cx\n---\n"),
        format!("{PERSONA}segmets: [s]\nsegmnts: [s]\n---\n"),
        format!("{PERSONA}colour: red\n---\n"),
        PERSONA.replace("low", "lowish") + "---\n",
        // A reference that is nearly one.
        format!("{PERSONA}segments: [ss]\n---\n[[kpi:np]]\n"),
        // A key of the author's own, below `extra`.
        format!("{PERSONA}extra: {{ onwer: cx }}\n---\n"),
    ] {
        assert_eq!(persona(&text), text);
    }
}

#[test]
fn former_ids_become_present_ones_in_all_places() {
    let text = format!(
        "{}segments: [old-s, \"segment:old-s\", 's'] # old-s\n---\n\
         [[old-s]] [[segment: old-s #x|old-s]] ![[old-s]] `[[old-s]]`\n\
         [s](../segments/old-s.md#y \"old-s\") [t](<../segments/old-s.md>) [u][1]\n\
         [p](<../pages/old page.md>)\n\n[1]: ../segments/old-s.md 'old-s'\n\n    [[old-s]]\n",
        PERSONA.replace("owner: cx", "owner: 'care'")
    );
    let expected = format!(
        "{}segments: [s, \"segment:s\", 's'] # old-s\n---\n\
         [[s]] [[segment: s #x|old-s]] ![[s]] `[[old-s]]`\n\
         [s](../segments/s.md#y \"old-s\") [t](<../segments/s.md>) [u][1]\n\
         [p](<../pages/a/b.md>)\n\n[1]: ../segments/s.md 'old-s'\n\n    [[old-s]]\n",
        PERSONA.replace("owner: cx", "owner: 'cx'")
    );
    assert_eq!(persona(&text), expected);
    let kpi = "---\nname: N\nkind: nps\nclass: perception\nunit: points\ndirection: up\n\
               cadence: monthly\nowner: care\n---\n";
    let csv = "period,segment,value\r\n2026-01,old-s,1\r\n2026-02,\"old-s\",2\r\n2026-03, old-s ,3";
    let (_, texts) = repaired(&[("content/kpis/n.md", kpi), ("content/kpis/n.csv", csv)]);
    assert_eq!(texts["content/kpis/n.csv"], csv.replace("old-s", "s"));
    assert_eq!(texts["content/kpis/n.md"], kpi.replace("care", "cx"));
}

#[test]
fn an_alias_of_yaml_is_repaired_where_its_value_stands() {
    let text = format!("{PERSONA}segments: [&s old-s, *s]\n---\n");
    assert_eq!(persona(&text), text.replace("old-s", "s"));
    let text = format!("{PERSONA}extra: &s old-s\nsegments: [*s]\n---\n");
    assert_eq!(persona(&text), text.replace("[*s]", "[s]"));
}

#[test]
fn claims_get_the_ids_their_addresses_are_made_of_unless_the_settings_say_no() {
    let claims = "goals:\n  - text: Go live\n    confidence: high\n  - {text: Go live}\n  - Plain words\n\
                  needs: [{ \"text\": \"Be 1st\" }]\npains:\n- # why\n  text: Go on\n- text: '7'\nconcerns: [{id: go-on, text: x}]\n";
    let text = format!("{PERSONA}{claims}---\n");
    let path = "content/personas/ann.md";
    let settings = |level: &str| format!("rules: {{ claim-without-id: {level} }}\n");
    let off = settings("off");
    let (_, texts) = repaired(&[("personary.yaml", off.as_str()), (path, &text)]);
    assert!(texts.is_empty());
    let info = settings("info");
    let (repairs, texts) = repaired(&[("personary.yaml", info.as_str()), (path, &text)]);
    let expected = "goals:\n  - id: go-live\n    text: Go live\n    confidence: high\n  - {id: goals-go-live, text: Go live}\n  - Plain words\n\
                    needs: [{ \"id\": \"be-1st\", \"text\": \"Be 1st\" }]\npains:\n- # why\n  text: Go on\n- id: '7'\n  text: '7'\nconcerns: [{id: go-on, text: x}]\n";
    assert_eq!(texts[path], format!("{PERSONA}{expected}---\n"));
    assert_eq!(
        persona(&text),
        texts[path],
        "without a word in the settings"
    );
    // `go-on` is the id of another claim, so an address would have to change.
    let rest = repairs
        .findings
        .iter()
        .filter(|f| f.code == "claim-without-id");
    assert_eq!(rest.count(), 1);
    let anchors = |library: &Library| library.by_path(path).map(|(_, e)| e.claim_anchors.clone());
    let tree = Memory::default().with(path, text.as_str());
    assert_eq!(
        anchors(&repairs.library),
        anchors(&Library::load(Arc::new(tree)))
    );
}

#[test]
fn settings_are_repaired_and_what_they_hid_in_the_next_round() {
    let (repairs, texts) = repaired(&[("personary.yaml", "titel: T\nfail_on: warm # or so\n")]);
    assert_eq!(texts["personary.yaml"], "title: T\nfail_on: warn # or so\n");
    assert!(repairs.findings.iter().all(|f| f.fix.is_none()));
    let text = format!("{PERSONA}segmets: [old-s]\n---\n");
    assert_eq!(
        persona(&text),
        text.replace("segmets: [old-s]", "segments: [s]")
    );
}

#[test]
fn columns_of_measurements_are_spelt_right_and_their_rows_follow() {
    let kpi = "---\nname: N\nkind: nps\nclass: perception\nunit: points\ndirection: up\n\
               cadence: monthly\nowner: cx\n---\n";
    let repaired = |csv: &str| {
        let (_, texts) = repaired(&[("content/kpis/n.md", kpi), ("content/kpis/n.csv", csv)]);
        texts.get("content/kpis/n.csv").cloned()
    };
    let csv = "\u{feff}period,\"segmnt\",valeu\r\n2026-01,old-s,1\r\n";
    let expected = "\u{feff}period,\"segment\",value\r\n2026-01,s,1\r\n";
    assert_eq!(repaired(csv).as_deref(), Some(expected));
    assert_eq!(repaired("period,value,persna,pesona\n2026,1,,\n"), None);
    assert_eq!(repaired("period,value,vlaue\n2026,1,2\n"), None);
}
