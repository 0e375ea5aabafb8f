use super::super::samples::{self, written, written_with};
use super::super::{Format, Options};
use crate::diagnostic::human::Look;

#[test]
fn without_colours() {
    insta::assert_snapshot!(written(Format::Text, &samples::review()), @"
    Changes from origin/main to the working tree

    Compared in part only: 1 file does not validate, so some changes may be missing here
      content/kpis/churn.md (before): the front matter is no YAML

    2 breaking changes; 3 to look at; 1 finding is new
    Also 3 worth knowing, 1 mended finding

    BREAKING

    Sarah Whitlock persona:sarah
      x breaking Persona removed [persona-removed]
        content/personas/sarah.md:1:1 (before)
        reaches journey Winter riders
        reaches KPI NPS, through Winter riders

    Ruth Adeyinka persona:ruth-adeyinka
      x breaking Stance flipped [stance-flipped]
        - target
        + negative
        content/personas/ruth-adeyinka.md:4:9

    TO LOOK AT

    Ruth Adeyinka persona:ruth-adeyinka
      ! review Goal reworded [claim-reworded]
        - Go live within [-60-] days of the first [-call-].
        + Go live within {+30+} days of the first {+order+}.
        content/personas/ruth-adeyinka.md:21:11
        reaches journey Winter riders: Decide
        reaches KPI NPS, through Winter riders
      ! review Goal “On time” lost its evidence [evidence-weaker]
        - Onboarding interviews 2026
        content/personas/ruth-adeyinka.md:24:16

    NPS kpi:nps
      ! review Target loosened [target-loosened]
        - [-50-] by 2026-12-31
        + {+40+} by 2026-12-31
        content/kpis/nps.md:9:10

    WHO SHOULD LOOK AT IT

      CX research (#cx-research): 1 breaking, 1 to look at; persona Sarah Whitlock, journey Winter riders
      Fleet sales (sales@sumpter.example): 1 breaking, 1 to look at; KPI NPS

    WORTH KNOWING

    Dez Fowler persona:dez
      - info Persona added [added]
        content/personas/dez.md:1:1

    NPS kpi:nps
      - info 2 measurements added [measurement-added]
        content/kpis/nps.csv:8:1

    About | us page:about
      - info Text changed [prose-changed]
        content/pages/about.md

    NEW FINDINGS

    content/journeys/winter-riders.md:12:14: error[unknown-ref] there is no persona `sarah` (did you mean `sara`?)

    MENDED FINDINGS

      stale-evidence (1)
    ");
}

#[test]
fn in_colours_and_wrapped() {
    let options = Options {
        look: Look {
            colour: true,
            unicode: true,
        },
        width: Some(60),
        ..Options::default()
    };
    let report = written_with(Format::Text, &samples::review(), &options);
    insta::assert_snapshot!(report.replace('\x1b', "^"), @"
    ^[2mChanges from origin/main to the working tree^[0m

    ^[1;33mCompared in part only: 1 file does not validate, so some^[0m
    ^[1;33mchanges may be missing here^[0m
      content/kpis/churn.md (before): the front matter is no
      YAML

    ^[1m2 breaking changes; 3 to look at; 1 finding is new^[0m
    ^[2mAlso 3 worth knowing, 1 mended finding^[0m

    ^[1mBREAKING^[0m

    ^[1mSarah Whitlock^[0m ^[2mpersona:sarah^[0m
      ^[1;31m✗ breaking^[0m Persona removed ^[2m[persona-removed]^[0m
        content/personas/sarah.md:1:1^[2m (before)^[0m
        reaches journey Winter riders
        reaches KPI NPS, through Winter riders

    ^[1mRuth Adeyinka^[0m ^[2mpersona:ruth-adeyinka^[0m
      ^[1;31m✗ breaking^[0m Stance flipped ^[2m[stance-flipped]^[0m
        - ^[31mtarget^[0m
        + ^[32mnegative^[0m
        content/personas/ruth-adeyinka.md:4:9

    ^[1mTO LOOK AT^[0m

    ^[1mRuth Adeyinka^[0m ^[2mpersona:ruth-adeyinka^[0m
      ^[1;33m! review^[0m Goal reworded ^[2m[claim-reworded]^[0m
        - ^[31mGo live within^[0m ^[1;4;31m60^[0m ^[31mdays of the first^[0m ^[1;4;31mcall^[0m^[31m.^[0m
        + ^[32mGo live within^[0m ^[1;4;32m30^[0m ^[32mdays of the first^[0m ^[1;4;32morder^[0m^[32m.^[0m
        content/personas/ruth-adeyinka.md:21:11
        reaches journey Winter riders: Decide
        reaches KPI NPS, through Winter riders
      ^[1;33m! review^[0m Goal “On time” lost its evidence
        ^[2m[evidence-weaker]^[0m
        - ^[31mOnboarding interviews 2026^[0m
        content/personas/ruth-adeyinka.md:24:16

    ^[1mNPS^[0m ^[2mkpi:nps^[0m
      ^[1;33m! review^[0m Target loosened ^[2m[target-loosened]^[0m
        - ^[1;4;31m50^[0m ^[31mby 2026-12-31^[0m
        + ^[1;4;32m40^[0m ^[32mby 2026-12-31^[0m
        content/kpis/nps.md:9:10

    ^[1mWHO SHOULD LOOK AT IT^[0m

      ^[1mCX research^[0m (#cx-research): 1 breaking, 1 to look at;
        persona Sarah Whitlock, journey Winter riders
      ^[1mFleet sales^[0m (sales@sumpter.example): 1 breaking, 1 to
        look at; KPI NPS

    ^[1mWORTH KNOWING^[0m

    ^[1mDez Fowler^[0m ^[2mpersona:dez^[0m
      ^[36m· info^[0m Persona added ^[2m[added]^[0m
        content/personas/dez.md:1:1

    ^[1mNPS^[0m ^[2mkpi:nps^[0m
      ^[36m· info^[0m 2 measurements added ^[2m[measurement-added]^[0m
        content/kpis/nps.csv:8:1

    ^[1mAbout | us^[0m ^[2mpage:about^[0m
      ^[36m· info^[0m Text changed ^[2m[prose-changed]^[0m
        content/pages/about.md

    ^[1mNEW FINDINGS^[0m

    content/journeys/winter-riders.md:12:14: error[unknown-ref] there is no persona `sarah` (did you mean `sara`?)

    ^[1mMENDED FINDINGS^[0m

      stale-evidence (1)
    ");
}

#[test]
fn nothing_is_said_in_one_line() {
    insta::assert_snapshot!(written(Format::Text, &samples::nothing()), @"
    Changes from v1.0 to HEAD

    No changes in meaning
    ");
    let mut partial = samples::nothing();
    partial.partial = samples::review().partial;
    let report = written(Format::Text, &partial);
    insta::assert_snapshot!(report, @"
    Changes from v1.0 to HEAD

    Compared in part only: 1 file does not validate, so some changes may be missing here
      content/kpis/churn.md (before): the front matter is no YAML

    Nothing differs in what could be compared
    ");
}

#[test]
fn nothing_steers_the_terminal() {
    let report = written(
        Format::Text,
        &samples::saying("a\u{1b}[31m\r\u{202e}\u{7}b\u{9b}2J"),
    );
    assert!(
        !report.contains(|c: char| c.is_control() && c != '\n'),
        "{report:?}"
    );
    assert!(!report.contains('\u{202e}'));
}
