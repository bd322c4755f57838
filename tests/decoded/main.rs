//! `effective` beside the gateway's own decoder: recorded configurations, each with what the
//! gateway's loader and telemetry package make of it.
//!
//! The records stand in `../shared/observed/decoded`, which not every clone has beside it; without
//! it only the sample of the repository is compared.

mod record;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use record::Record;

/// A difference that is known: what it is about, why it stays, and how many records have it.
struct Known {
    file: &'static str,
    reason: &'static str,
    is: fn(&Record) -> bool,
    count: usize,
}

/// All of them.
const KNOWN: &[Known] = &[];

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/observed/decoded");
    folder.is_dir().then_some(folder)
}

#[test]
fn effective_says_what_the_gateway_decodes() {
    let Some(folder) = folder() else {
        eprintln!("notice: ../shared/observed/decoded is absent: its records are not compared");
        return;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".jsonl.gz"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no records in {}", folder.display());
    let mut differences = String::new();
    for file in files {
        let name = file.file_name().expect("a file").to_string_lossy().into_owned();
        let version = record::version_of(&name);
        let records = record::read(&file);
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        let mut unknown = 0;
        for (line, record) in records.iter().enumerate() {
            let found = record::differences(record, version);
            if found.is_empty() {
                continue;
            }
            if let Some(known) = KNOWN.iter().find(|it| name.starts_with(it.file) && (it.is)(record)) {
                *kinds.entry(known.reason).or_default() += 1;
                continue;
            }
            unknown += 1;
            for difference in found {
                differences += &format!("{name}:{}: {difference}\n", line + 1);
            }
        }
        println!("{name}: {} records, {unknown} differ, known: {kinds:?}", records.len());
        for known in KNOWN.iter().filter(|known| name.starts_with(known.file)) {
            let count = kinds.get(known.reason).copied().unwrap_or(0);
            if count != known.count {
                differences += &format!("{name}: {} of {}: {}\n", count, known.count, known.reason);
            }
        }
    }
    if let Ok(path) = std::env::var("DECODED_DIFFERENCES") {
        std::fs::write(path, &differences).expect("the file can be written");
    }
    let first: Vec<&str> = differences.lines().take(40).collect();
    assert!(differences.is_empty(), "{} lines:\n{}", differences.lines().count(), first.join("\n"));
}
