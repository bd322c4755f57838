//! Links between pages lead somewhere, and the list of pages has them all.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use otel_lint::HOME;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Markdown below `folder`, sorted.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The text outside of code: no fences, no code spans.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let lines = text.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    });
    // A backquote begins and ends a span; between them there are no links.
    let pieces = lines.map(|line| {
        line.split('`').enumerate().map(|(at, part)| if at % 2 == 0 { part } else { "x" }).collect()
    });
    pieces.collect::<Vec<String>>().join("\n")
}

/// Where the links and pictures of a page lead.
fn targets(text: &str) -> Vec<String> {
    let prose = prose(text);
    let after = prose.split("](").skip(1);
    after.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned()).collect()
}

/// The anchors of a page's headings, as GitHub and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if let Some(heading) = line.strip_prefix('#').filter(|_| !fenced) {
            let heading = heading.trim_start_matches('#').trim().to_lowercase();
            let kept =
                heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            found.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        }
    }
    found
}

#[test]
fn links_lead_somewhere() {
    let root = root();
    if root.join("Cargo.toml.orig").exists() {
        eprintln!(
            "not checked: the packaged crate leaves out pictures and other things that pages link to"
        );
        return;
    }
    let mut from = pages(&root.join("docs"));
    from.extend(["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root.join(name)));
    from.extend(pages(&root.join("demo")));
    from.extend(pages(&root.join("conformance")));
    from.extend(pages(&root.join("packaging")));
    let own = [format!("{HOME}/blob/main/"), format!("{HOME}/tree/main/")];
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in &from {
        let text = fs::read_to_string(page).expect("UTF-8");
        for target in targets(&text) {
            let here = page.parent().expect("a folder");
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path =
                if let Some(path) = own.iter().find_map(|own| path.strip_prefix(own.as_str())) {
                    root.join(path)
                } else if path.contains("://") || path.starts_with("mailto:") {
                    continue;
                } else if path.is_empty() {
                    page.clone()
                } else {
                    here.join(path)
                };
            seen += 1;
            let outside = page.starts_with(root.join("docs"))
                && target.starts_with("..")
                && !path.canonicalize().is_ok_and(|path| path.starts_with(root.join("docs")));
            let lost = || {
                let text = fs::read_to_string(&path).unwrap_or_default();
                !anchor.is_empty() && !anchors(&text).contains(anchor)
            };
            if outside || !path.exists() || lost() {
                let name = page.strip_prefix(&root).expect("below the root").display();
                wrong.push(format!("{name}: {target}"));
            }
        }
    }
    assert!(seen > 200, "only {seen} links are found");
    assert!(wrong.is_empty(), "these lead nowhere, or out of the site:\n{}", wrong.join("\n"));
}

#[test]
fn the_list_of_pages_has_every_page() {
    let docs = root().join("docs");
    let list = fs::read_to_string(docs.join("SUMMARY.md")).expect("the list");
    let listed: BTreeSet<PathBuf> = targets(&list).iter().map(|target| docs.join(target)).collect();
    let mut there: BTreeSet<PathBuf> = pages(&docs).into_iter().collect();
    there.remove(&docs.join("SUMMARY.md"));
    let only_in_one: Vec<_> = listed.symmetric_difference(&there).collect();
    assert!(only_in_one.is_empty(), "docs/SUMMARY.md and the pages differ: {only_in_one:?}");
}

#[test]
fn links_are_read_as_they_are_written() {
    let text =
        "# A `b` c, d!\n[x](y.md#z) `[no](no.md)` ![p](q.svg)\n```\n[no](no.md)\n# no\n```\n";
    assert_eq!(targets(text), ["y.md#z", "q.svg"]);
    assert_eq!(anchors(text), ["a-b-c-d".to_owned()].into());
}
