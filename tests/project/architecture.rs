//! Who may import whom: downwards only, one door per outside crate. Read from the `use` lines.

use std::path::{Path, PathBuf};

/// The layers, lowest first. A module may use those before it, and itself; those in one group also
/// each other.
const LAYERS: &[&[&str]] = &[
    &["source", "target", "parallel", "files", "spelling", "evidence", "consequence"],
    &["releases", "template"],
    &["finding", "document", "policy"],
    &["model"],
    &["effective"],
    &["rule", "suppress", "moves"],
    &["secrets"],
    &["identity"],
    &["fix"],
    &["rules"],
    &["schema"],
    &["recognise", "setup"],
    &["analysis"],
    &["report"],
    &["outline", "linter", "baseline"],
    &["flexible"],
    &["settings"],
    &["editor"],
];

/// Outside crates and the only places that may use them.
const DOORS: &[(&str, &[&str])] = &[
    ("miette", &["src/report/human/"]),
    ("jsonschema", &["src/schema/"]),
    ("schemars", &["src/model/", "src/schema/", "src/settings/", "src/report/data.rs"]),
    ("granit_parser", &["src/document/yaml"]),
    ("toml_parser", &["src/document/toml"]),
    ("rayon_core", &["src/bin/"]),
    ("clap", &["src/bin/"]),
    ("clap_complete", &["src/bin/otel-lint/shell.rs"]),
    ("clap_complete_nushell", &["src/bin/otel-lint/shell.rs"]),
    ("clap_mangen", &["src/bin/otel-lint/shell.rs"]),
    ("terminal_size", &["src/bin/"]),
    ("strsim", &["src/spelling.rs"]),
    // Here too is the module that reads TOML.
    ("toml", &["src/settings/", "src/document/"]),
    ("ignore", &["src/settings/", "src/bin/"]),
    ("regex", &["src/template/functions/regexes.rs"]),
    ("data_encoding", &["src/template/functions/encode.rs", "src/recognise/embedded.rs"]),
    ("hmac_sha256", &["src/template/functions/digest.rs"]),
    ("sha1_smol", &["src/template/functions/digest.rs"]),
    ("similar", &["src/report/human/diff.rs", "src/bin/otel-lint/lsp/actions.rs"]),
    ("lsp_server", &["src/bin/otel-lint/lsp/"]),
    ("lsp_types", &["src/bin/otel-lint/lsp/"]),
    ("same_file", &["src/bin/"]),
];

/// What reports may not know: how a finding came about.
const HIDDEN_FROM_REPORTS: &[&str] =
    &["document", "model", "effective", "schema", "outline", "linter"];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy();
            let text = std::fs::read_to_string(&path).expect("UTF-8");
            (name.replace('\\', "/"), text)
        })
        .collect()
}

/// The module of the crate that a file belongs to: `src/rules/port_range.rs` is `rules`.
fn module(file: &str) -> Option<&str> {
    let rest = file.strip_prefix("src/").filter(|rest| !rest.starts_with("bin/"))?;
    let first = rest.split('/').next().expect("a part");
    Some(first.strip_suffix(".rs").unwrap_or(first)).filter(|module| *module != "lib")
}

/// The modules that `text` names with `crate::`, tests left out.
fn imports(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut modules = Vec::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            if let Some(list) = part.strip_prefix('{') {
                let names = list.split([',', '}']).map(|name| name.trim().split("::").next());
                modules.extend(names.flatten().map(str::to_owned));
            } else {
                let name: String =
                    part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                modules.push(name);
            }
        }
    }
    modules
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|group| group.contains(&module))
}

#[test]
fn modules_use_only_what_is_below_them() {
    for (file, text) in sources() {
        let Some(module) = module(&file) else { continue };
        let Some(own) = layer(module) else { panic!("{file}: `{module}` is in no layer") };
        for import in imports(&text) {
            if let Some(other) = layer(&import) {
                assert!(other <= own, "{file} uses `{import}`, which is above it");
            }
        }
    }
}

#[test]
fn reports_know_findings_only() {
    for (file, text) in sources().iter().filter(|(file, _)| file.starts_with("src/report/")) {
        for import in imports(text) {
            assert!(!HIDDEN_FROM_REPORTS.contains(&import.as_str()), "{file} uses `{import}`");
        }
    }
}

/// Whether `line` has a path that begins with `name`; `invalid_toml::RULE` does not begin with `toml`.
fn uses(line: &str, name: &str) -> bool {
    line.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
    })
}

#[test]
fn an_outside_crate_has_one_door() {
    for (file, text) in sources() {
        for (name, doors) in DOORS {
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let used = code.into_iter().any(|line| uses(line, name));
            let allowed = doors.iter().any(|door| file.starts_with(door));
            assert!(!used || allowed, "{file} uses {name}");
        }
    }
}

#[test]
fn only_the_manifest_names_the_home() {
    for (file, text) in sources() {
        let named = text.contains("github.com/otel-lint");
        assert!(!named, "{file} names the home of the project: `HOME` is that of Cargo.toml");
    }
}
