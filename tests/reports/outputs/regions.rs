//! Cutting places out of a text by line and column, and the workflow commands of GitHub.

use otel_lint::analysis::CheckedFile;

use super::runs::Run;
use super::{Cut, Seen, severity, source};

/// What a format counts columns in.
#[derive(Clone, Copy, Debug)]
pub enum Unit {
    Characters,
    Utf16,
}

/// The text of a file as whoever reads a report decodes it.
pub fn text(file: &CheckedFile) -> String {
    String::from_utf8_lossy(file.source.bytes()).into_owned()
}

/// The byte of `text` before which line `line` and column `column` are, both from 1.
pub fn offset(text: &str, line: u64, column: u64, unit: Unit) -> usize {
    let mut start = 0;
    for _ in 1..line {
        start += text[start..].find('\n').expect("so many lines") + 1;
    }
    let mut left = column - 1;
    for (at, c) in text[start..].char_indices() {
        if left == 0 {
            return start + at;
        }
        assert!(c != '\n', "no column {column} in line {line}");
        let units = match unit {
            Unit::Characters => 1,
            Unit::Utf16 => c.len_utf16() as u64,
        };
        left = left.checked_sub(units).expect("not inside of a character");
    }
    assert_eq!(left, 0, "no column {column} in line {line}");
    text.len()
}

/// The lines `first` to `last` of `text`.
pub fn lines(text: &str, first: u64, last: u64) -> String {
    let wanted = text.split_inclusive('\n').skip(first as usize - 1);
    wanted.take((last + 1 - first) as usize).collect()
}

/// Workflow commands: `::name key=value,key=value::message`.
pub fn github(text: &str, run: &Run) -> Vec<Seen> {
    let mut seen = Vec::new();
    for line in text.lines() {
        let rest = line.strip_prefix("::").expect("a command");
        let (head, message) = rest.split_once("::").expect("a message");
        let (command, properties) = head.split_once(' ').expect("properties");
        assert!(!message.is_empty());
        let mut place = [None; 4];
        let (mut file, mut title) = (String::new(), String::new());
        for property in properties.split(',') {
            let (key, value) = property.split_once('=').expect("a value");
            let value = decoded(value);
            match key {
                "file" => file = value,
                "title" => title = value,
                key => {
                    let at = ["line", "endLine", "col", "endColumn"].iter().position(|k| *k == key);
                    let number: u64 = value.parse().expect("a number");
                    assert!(number > 0);
                    place[at.unwrap_or_else(|| panic!("no property {key}"))] = Some(number);
                }
            }
        }
        let [Some(first), Some(last), column, end] = place else {
            assert_eq!(title, "otel-lint");
            continue;
        };
        // Control characters in a path are pictures here.
        let shown = |path: &str| path.replace('\u{1b}', "\u{241B}").replace('\u{202e}', "\u{FFFD}");
        let is_it = |path: &String| shown(path) == file;
        let path = run.files.iter().map(|file| run.base.path(file.source.name())).find(is_it);
        let path = path.unwrap_or_else(|| panic!("no file {file}"));
        let content = self::text(source(run, &path));
        let cut = match (column, end) {
            (Some(column), Some(end)) => {
                assert_eq!(first, last, "columns are for one line");
                let start = offset(&content, first, column, Unit::Characters);
                let end = offset(&content, last, end, Unit::Characters);
                Cut::Exact(content[start..end].trim_start_matches('\u{FEFF}').to_owned())
            }
            _ => Cut::Within(lines(&content, first, last)),
        };
        seen.push(Seen {
            path,
            rule: title.strip_prefix("otel-lint: ").expect("the rule").to_owned(),
            severity: severity(command),
            cut: Some(cut),
            ..Seen::default()
        });
    }
    seen
}

/// As the runner decodes properties.
fn decoded(value: &str) -> String {
    let codes = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    codes.iter().fold(value.to_owned(), |text, (code, c)| text.replace(code, c))
}
