//! What a file says about paths, by the rules of each host.

use super::*;

fn names(file: &CodeOwners, path: &str) -> Vec<String> {
    let owners = file.owners(path).into_iter();
    owners.map(|owner| owner.name.to_owned()).collect()
}

fn check(path: &str, text: &str, cases: &[(&str, &[&str])]) {
    let file = CodeOwners::parse(path, text);
    assert!(file.faults.is_empty(), "{:?}", file.faults);
    for (of, owners) in cases {
        assert_eq!(names(&file, of), *owners, "{of}");
    }
}

#[test]
fn the_last_line_that_fits_counts_on_github() {
    // After the example of GitHub's documentation.
    let text = "# Owners of everything
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
/build/logs/ @doctocat
docs/*  @docs
apps/ @octocat
/apps/github
/scripts @doctocat
**/logs @octocat
a\\ b.md @space
/content/per?onas/[x].md @bracket
";
    check(
        ".github/CODEOWNERS",
        text,
        &[
            ("README.md", &["@global-owner1", "@global-owner2"]),
            ("deep/down/x.js", &["@js-owner"]),
            ("x.go", &["docs@example.com"]),
            ("build/logs/a/b.txt", &["@octocat"]),
            ("docs/getting-started.md", &["@docs"]),
            (
                "docs/build-app/troubleshooting.md",
                &["@global-owner1", "@global-owner2"],
            ),
            ("lib/apps/x", &["@octocat"]),
            ("apps/github", &[]),
            ("apps/github/x", &[]),
            ("scripts/a/b", &["@doctocat"]),
            ("deep/scripts/b", &["@global-owner1", "@global-owner2"]),
            ("x/a b.md", &["@space"]),
            ("content/personas/[x].md", &["@bracket"]),
            (
                "content/personas/x.md",
                &["@global-owner1", "@global-owner2"],
            ),
        ],
    );
}

#[test]
fn each_section_asks_its_own_owners_on_gitlab() {
    // After the examples of GitLab's documentation.
    let text = "* @admin
!pom.xml

[README Owners]
README.md @user1 @user2
internal/README.md @user4

[Docs][2] @docs-team
docs/
/guide/*.md @guide # and @editor

^[docs] @others
notes/ @admin

^[Ruby]
*.rb @ruby-team
!/config/**/*.rb
/config/routes.rb @ops
";
    let file = CodeOwners::parse("CODEOWNERS", text);
    assert_eq!(file.host, Host::GitLab);
    check(
        "CODEOWNERS",
        text,
        &[
            ("README.md", &["@admin", "@user1", "@user2"]),
            ("internal/README.md", &["@admin", "@user4"]),
            ("pom.xml", &[]),
            ("x/docs/a/b.md", &["@admin", "@docs-team"]),
            ("docs", &["@admin"]),
            ("guide/a.md", &["@admin", "@guide", "@editor"]),
            ("guide/b/a.md", &["@admin"]),
            ("notes/a.md", &["@admin"]),
            ("lib/a.rb", &["@admin", "@ruby-team"]),
            ("config/routes.rb", &["@admin"]),
        ],
    );
    let owners = file.owners("lib/a.rb");
    assert_eq!(
        owners.iter().map(|o| o.is_optional).collect::<Vec<_>>(),
        [false, true]
    );
}

#[test]
fn lines_that_mean_nothing_are_named() {
    let text = "*.md\n!x.md @a\n*.md b\n[Section]\n";
    let file = CodeOwners::parse(".github/CODEOWNERS", text);
    let lines: Vec<usize> = file.faults.iter().map(|fault| fault.0).collect();
    assert_eq!((lines, names(&file, "x.md")), (vec![2, 3], vec![]));
}

#[test]
fn the_file_is_looked_for_where_the_hosts_look() {
    let read = |there: &'static [&'static str]| {
        move |path: &str| there.contains(&path).then(|| "* @a\n".to_owned())
    };
    let found = |there| CodeOwners::find(read(there)).map(|file| (file.path, file.host));
    assert_eq!(found(&[]), None);
    assert_eq!(
        found(&["docs/CODEOWNERS", "CODEOWNERS"]),
        Some(("CODEOWNERS".to_owned(), Host::GitHub))
    );
    assert_eq!(
        found(&[".gitlab/CODEOWNERS"]),
        Some((".gitlab/CODEOWNERS".to_owned(), Host::GitLab))
    );
}
