//! Which folders belong to a base, from what a repository says: Dockerfiles, Compose files, scripts and
//! the like that set `FC_SETTINGS` and its kin; otherwise from the usual names beside the base.
//!
//! Nothing here reads a file: the host lists the paths and hands in the texts.

mod base;
mod hints;
mod paths;
mod tree;

use std::collections::BTreeSet;

pub use base::{action_for, has_references, is_base, is_part};
pub use hints::{Hint, may_say};
pub use tree::Tree;

use crate::source::Format;
use hints::Folder;

/// A base and what is rendered with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The folder of the settings of each environment, and the environment's name, which is empty if
    /// there is only one.
    pub settings: Vec<(String, String)>,
    /// The folder of the partials.
    pub partials: Option<String>,
    /// The folder of the templates.
    pub templates: Option<String>,
    /// The format that the extension of `FC_OUT` names: the gateway reads the rendered text in it.
    pub format: Option<Format>,
    /// The files that say so; none if the folders are found by their names.
    pub said_by: Vec<String>,
    /// Whether it has forms that only the Enterprise Edition knows, such as settings in YAML: this
    /// program cannot render those.
    pub is_enterprise: bool,
}

/// What is rendered with the base at `base`, if something says it or `is_alone` knows that it asks for
/// nothing; `others` are the other bases.
#[must_use]
pub fn find(
    base: &str,
    others: &BTreeSet<&str>,
    tree: &Tree,
    hints: &[Hint],
    is_alone: impl FnOnce() -> bool,
) -> Option<Found> {
    let mut found = said(base, others, tree, hints)
        .or_else(|| usual(base, others, tree))
        .or_else(|| is_alone().then(Found::default))?;
    let mut folders = found.settings.iter().map(|(_, folder)| folder);
    found.is_enterprise = tree.has_file_named("flexible_config.json")
        || folders.any(|folder| tree.has_enterprise_settings(folder));
    Some(found)
}

/// What `hints` say of `base`.
fn said(base: &str, others: &BTreeSet<&str>, tree: &Tree, hints: &[Hint]) -> Option<Found> {
    let place = paths::folder(base);
    let is_only = others.iter().all(|other| *other == base);
    let mut found = Found::default();
    let about = hints.iter().filter(|hint| tree.may_tell(hint, base));
    for hint in about.filter(|hint| is_only || hint.is_beside(place)) {
        let mut is_used = false;
        for (folder, path) in &hint.values {
            let folders: Vec<_> = (tree.resolve(path, hint, place).into_iter())
                .filter(|(_, folder)| paths::is_near(folder, place))
                .collect();
            is_used |= !folders.is_empty();
            let first = folders.first().map(|(_, folder)| folder.clone());
            match folder {
                Folder::Settings => found.settings.extend(folders),
                Folder::Partials => found.partials = found.partials.or(first),
                Folder::Templates => found.templates = found.templates.or(first),
            }
        }
        if is_used {
            found.format = found.format.or(hint.format);
            found.said_by.push(hint.file.clone());
        }
    }
    found.settings.sort_by(|a, b| a.1.cmp(&b.1));
    found.settings.dedup_by(|a, b| a.1 == b.1);
    named_apart(&mut found.settings);
    (!found.said_by.is_empty()).then_some(found)
}

/// The folders with the usual names, nearest to `base`.
fn usual(base: &str, others: &BTreeSet<&str>, tree: &Tree) -> Option<Found> {
    let nearest = |folder| tree.nearest_named(folder, base, others);
    let mut settings = Vec::new();
    if let Some(folder) = nearest(Folder::Settings) {
        if tree.has_settings(&folder) {
            settings.push((String::new(), folder));
        } else {
            settings = tree.environments(&folder);
        }
    }
    let (partials, templates) = (nearest(Folder::Partials), nearest(Folder::Templates));
    named_apart(&mut settings);
    let found = Found { settings, partials, templates, ..Found::default() };
    found.has_folders().then_some(found)
}

/// Gives each of several environments the last part of its folder that tells it from the others.
fn named_apart(settings: &mut [(String, String)]) {
    if let [(name, _)] = settings {
        name.clear();
        return;
    }
    let last = |folder: &str, parts: usize| {
        let all: Vec<&str> = folder.split('/').collect();
        all[all.len().saturating_sub(parts)..].join("/")
    };
    for parts in 1..8 {
        let names: BTreeSet<_> = settings.iter().map(|(_, folder)| last(folder, parts)).collect();
        if names.len() == settings.len() || parts == 7 {
            for (name, folder) in settings {
                *name = last(folder, parts);
            }
            return;
        }
    }
}

impl Found {
    /// Whether anything but the base is rendered.
    fn has_folders(&self) -> bool {
        !self.settings.is_empty() || self.partials.is_some() || self.templates.is_some()
    }

    /// Whether nothing says that its folders are those with the usual names.
    #[must_use]
    pub fn is_assumed(&self) -> bool {
        self.has_folders() && self.said_by.is_empty()
    }

    /// What is rendered with what, in one line.
    #[must_use]
    pub fn line(&self, base: &str) -> String {
        if !self.has_folders() {
            return format!("{base}: rendered from its own text, which asks for no other file");
        }
        let mut parts = Vec::new();
        let folders: Vec<&str> = self.settings.iter().map(|(_, folder)| folder.as_str()).collect();
        if !folders.is_empty() {
            parts.push(format!("settings {}", folders.join(", ")));
        }
        parts.extend(self.partials.iter().map(|folder| format!("partials {folder}")));
        parts.extend(self.templates.iter().map(|folder| format!("templates {folder}")));
        let why = match &*self.said_by {
            [] => "folders with the usual names".to_owned(),
            files => format!("told by {}", files.join(", ")),
        };
        format!("{base}: rendered with {} ({why})", parts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> Tree {
        Tree::new(files.iter().map(|file| (*file).to_owned()))
    }

    fn found(base: &str, files: &[&str], hints: &[(&str, &str)]) -> Option<Found> {
        let hints: Vec<Hint> =
            hints.iter().filter_map(|(file, text)| Hint::read(file, text)).collect();
        let is_base = |file: &&str| file.contains(".tmpl") && !file.contains("config/");
        find(base, &files.iter().copied().filter(is_base).collect(), &tree(files), &hints, || false)
    }

    fn settings(found: &Found) -> Vec<(&str, &str)> {
        found.settings.iter().map(|(name, folder)| (name.as_str(), folder.as_str())).collect()
    }

    const FILES: &[&str] = &[
        "krakend.tmpl",
        "config/settings/dev/service.json",
        "config/settings/prod/service.json",
        "config/partials/a.tmpl",
        "config/templates/b.tmpl",
        "other/settings/x.json",
    ];

    #[test]
    fn the_usual_names_beside_the_base_are_found() {
        let found = found("krakend.tmpl", FILES, &[]).expect("folders");
        let expected = [("dev", "config/settings/dev"), ("prod", "config/settings/prod")];
        assert_eq!(settings(&found), expected);
        assert_eq!(found.partials.as_deref(), Some("config/partials"));
        assert_eq!(found.templates.as_deref(), Some("config/templates"));
        assert!(found.said_by.is_empty());
    }

    #[test]
    fn a_dockerfile_says_which_folders_and_a_variable_stands_for_each_environment() {
        let text = "FROM krakend\nCOPY config /etc/krakend/\nRUN FC_ENABLE=1 \\\n  \
                    FC_SETTINGS=\"/etc/krakend/settings/$ENV\" \\\n  \
                    FC_PARTIALS=/etc/krakend/partials krakend check -c krakend.tmpl\n";
        let found = found("krakend.tmpl", FILES, &[("Dockerfile", text)]).expect("folders");
        assert_eq!(settings(&found).len(), 2);
        assert_eq!(found.partials.as_deref(), Some("config/partials"));
        assert_eq!(found.templates, None, "nobody says FC_TEMPLATES, so the gateway has none");
        assert_eq!(found.said_by, ["Dockerfile"]);
    }

    #[test]
    fn each_way_to_set_a_variable_is_read() {
        for text in [
            "environment:\n  - FC_SETTINGS=config/settings/prod\n",
            "environment:\n  - \"FC_SETTINGS=/etc/krakend/config/settings/prod\"\n",
            "environment:\n  FC_SETTINGS: /etc/krakend/settings/prod\n",
            "ENV FC_SETTINGS /etc/krakend/settings/prod\n",
            "ENV FC_SETTINGS=\"/app/settings/prod\"\n",
            "  - name: FC_SETTINGS\n    value: /etc/krakend/settings/prod\n",
            "docker run -e FC_SETTINGS=/etc/krakend/settings/prod/ krakend\n",
            "export FC_SETTINGS='./config/settings/prod'\n",
            "FC_SETTINGS := $(PWD)/config/settings/prod\n",
            "$env:FC_SETTINGS = \"config/settings/prod\"\n",
            "ENV X=1 FC_SETTINGS=settings/prod\r\n",
        ] {
            let found = found("krakend.tmpl", FILES, &[("x", text)]).expect(text);
            assert_eq!(settings(&found), [("", "config/settings/prod")], "{text}");
        }
        for text in [
            "# FC_SETTINGS=config/settings/prod",
            "MY_FC_SETTINGS=config/settings/prod",
            "FC_SETTINGS=",
        ] {
            let found = found("krakend.tmpl", FILES, &[("x", text)]).expect("the usual");
            assert!(found.said_by.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_copied_or_mounted_under_another_name_is_found() {
        let files = ["gw/krakend.json", "gw/conf/live/a.json", "gw/conf/parts/x.json"];
        for text in [
            "COPY conf/live /etc/krakend/settings\nENV FC_SETTINGS=/etc/krakend/settings\n",
            "volumes:\n - ./conf/live:/settings:ro\nenvironment:\n - FC_SETTINGS=/settings\n",
            "docker run -v $(pwd)/conf:/c -e FC_SETTINGS=/c/live krakend\n",
        ] {
            let found = found("gw/krakend.json", &files, &[("gw/file", text)]).expect(text);
            assert_eq!(settings(&found), [("", "gw/conf/live")], "{text}");
        }
    }

    #[test]
    fn a_hint_about_another_base_or_another_service_is_left_alone() {
        let files = [
            "a/krakend.tmpl",
            "a/settings/s.json",
            "b/krakend.tmpl",
            "b/settings/prod/s.json",
            "b/other.tmpl",
        ];
        let text = "FC_SETTINGS=/x/settings/prod krakend run -c b/krakend.tmpl";
        let a = found("a/krakend.tmpl", &files, &[("b/run.sh", text)]).expect("the usual");
        assert_eq!(settings(&a), [("", "a/settings")]);
        let b = found("b/krakend.tmpl", &files, &[("b/run.sh", text)]).expect("said");
        assert_eq!((settings(&b), b.said_by.len()), (vec![("", "b/settings/prod")], 1));
        let other = found("b/other.tmpl", &files, &[("b/run.sh", text)]).expect("the usual");
        assert!(other.said_by.is_empty());
    }

    #[test]
    fn a_hint_in_a_sibling_folder_that_has_the_base_it_names_is_about_that_one() {
        let files = ["p/a/krakend.tmpl", "p/a/settings/s.json", "p/b/settings/t.json"];
        let hint = Hint::read("p/b/run.sh", "FC_SETTINGS=./settings krakend run -c krakend.tmpl");
        let hints = [hint.expect("a hint")];
        let only = BTreeSet::from([files[0]]);
        let said_by = |files: &[&str]| {
            find(files[0], &only, &tree(files), &hints, || false).expect("settings").said_by.len()
        };
        assert_eq!(said_by(&files), 1);
        assert_eq!(said_by(&[&files[..], &["p/b/krakend.tmpl"]].concat()), 0);
    }

    #[test]
    fn a_hint_elsewhere_counts_only_if_there_is_one_base() {
        let files = ["a/krakend.tmpl", "a/partials/x.tmpl", "a/settings/s.json", "b/krakend.tmpl"];
        let hint = Hint::read("b/Dockerfile", "ENV FC_PARTIALS=/etc/partials").expect("a hint");
        let find = |others: &[&str]| {
            let others = others.iter().copied().collect();
            find("a/krakend.tmpl", &others, &tree(&files), std::slice::from_ref(&hint), || false)
        };
        let said = |found: Option<Found>| found.expect("folders").said_by.len();
        assert_eq!(said(find(&["a/krakend.tmpl", "b/krakend.tmpl"])), 0);
        assert_eq!(said(find(&["a/krakend.tmpl"])), 1);
    }

    #[test]
    fn several_files_give_several_environments() {
        let hints = [
            ("compose.dev.yml", "- FC_SETTINGS=/etc/config/settings/dev\n"),
            ("compose.prod.yml", "- FC_SETTINGS=/etc/config/settings/prod\n"),
        ];
        let found = found("krakend.tmpl", FILES, &hints).expect("folders");
        assert_eq!(settings(&found).len(), 2);
        assert_eq!(found.said_by.len(), 2);
    }

    #[test]
    fn settings_of_the_enterprise_edition_are_known_by_their_files() {
        for file in ["settings/a.yml", "settings/team/b.json", "x/flexible_config.json"] {
            let files = ["krakend.tmpl", "settings/s.json", file];
            let found = found("krakend.tmpl", &files, &[]).expect("settings");
            assert!(found.is_enterprise, "{file}");
        }
        let plain = found("krakend.tmpl", &["krakend.tmpl", "settings/s.json"], &[]);
        assert!(!plain.expect("settings").is_enterprise);
    }

    #[test]
    fn without_any_folder_only_a_base_that_asks_for_nothing_is_a_project() {
        let files = ["krakend.tmpl", "src/main.rs"];
        assert_eq!(found("krakend.tmpl", &files, &[]), None);
        let only = BTreeSet::from(["krakend.tmpl"]);
        let alone = find("krakend.tmpl", &only, &tree(&files), &[], || true).expect("itself");
        assert!(!alone.is_assumed() && alone == Found::default());
        assert!(alone.line("k").ends_with("asks for no other file"));
    }
}
