//! `effective` beside the gateway's own decoder: recorded configurations, each with what the
//! gateway's loader and telemetry package make of it.
//!
//! The records stand in `../shared/observed/decoded`, which not every clone has beside it; without
//! it only the sample in `fixtures/decoded` is compared.

mod kinds;
mod record;
mod sample;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kinds::{KINDS, kind_of};

/// Compares every record in the files of `folder`, and gives a line for each difference that is of no
/// known kind, and how often each kind was met.
fn compare(folder: &Path) -> (Vec<String>, BTreeMap<&'static str, usize>) {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.to_string_lossy().contains(".jsonl"));
    files.sort();
    assert!(!files.is_empty(), "no records in {}", folder.display());
    let mut lines = Vec::new();
    let mut counts = BTreeMap::new();
    for file in files {
        let name = file.file_name().expect("a file").to_string_lossy().into_owned();
        let version = record::version_of(&name);
        let records = record::read(&file);
        let (mut known, mut unknown) = (0, 0);
        for (line, record) in records.iter().enumerate() {
            let mut is_unknown = false;
            let differences = record::differences(record, version);
            known += usize::from(!differences.is_empty());
            for difference in differences {
                if let Some(kind) = kind_of(record, &difference) {
                    *counts.entry(kind).or_default() += 1;
                } else {
                    is_unknown = true;
                    lines.push(format!("{name}:{}: {difference}", line + 1));
                }
            }
            unknown += usize::from(is_unknown);
        }
        known -= unknown;
        println!(
            "{name}: {} records, {unknown} differ, {known} differ in a known way",
            records.len()
        );
    }
    (lines, counts)
}

fn assert_none(lines: &[String]) {
    let first = lines.iter().take(40).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(lines.is_empty(), "{} differences:\n{first}", lines.len());
}

#[test]
fn effective_says_what_the_gateway_decodes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/observed/decoded");
    if !folder.is_dir() {
        eprintln!("notice: ../shared/observed/decoded is absent: its records are not compared");
        return;
    }
    let (lines, counts) = compare(&folder);
    assert_none(&lines);
    for kind in KINDS {
        let count = counts.get(kind.name).copied().unwrap_or_default();
        assert_eq!(count, kind.count, "{}: {}", kind.name, kind.reason);
    }
}

/// The releases of the sample.
const RELEASES: [&str; 2] = ["2.11.2", "2.13.8"];

#[test]
fn effective_still_says_what_it_said() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/decoded");
    if std::env::var_os("UPDATE_DECODED").is_some() {
        for release in RELEASES {
            let version = release.parse().expect("a release");
            let mut text = String::new();
            for seed in 0..sample::COUNT as u64 {
                let config = sample::configuration(&mut sample::Draw::new(seed)).to_string();
                text += &record::recorded(&config, version);
            }
            std::fs::write(folder.join(format!("json-{release}.jsonl")), text).expect("the file");
        }
    }
    let (lines, counts) = compare(&folder);
    assert_none(&lines);
    assert!(counts.is_empty(), "{counts:?}");
}
