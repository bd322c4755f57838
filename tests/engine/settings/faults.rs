//! What is refused, and the exact place of that.

use otel_lint::settings;
use otel_lint::source::Source;
use otel_lint::target::Edition;

use super::{good, read};

/// A text with its one fault between `«` and `»`, a part of the message, and of the help.
pub const FAULTS: &[(&str, &str, &str)] = &[
    ("«krakend_version» = '2.11'", "not a setting", "`krakend-version`"),
    ("«exlude» = []", "not a setting", "`exclude`"),
    ("«paths» = []", "not a setting", "There are krakend-version"),
    ("«xyzzy» = 1", "not a setting", "There are"),
    ("krakend-version = «2.11»", "a string, not a float", "\"2.11\""),
    ("krakend-version = «'2.5'»", "KrakenD 2.5 has no OpenTelemetry", ""),
    ("krakend-version = «'new'»", "`new` is not a version", ""),
    ("edition = «'CE'»", "did you mean \"ce\"?", ""),
    ("edition = «'oss'»", "\"ce\" or \"ee\"", ""),
    ("fail-on = «'warn'»", "did you mean \"warning\"?", ""),
    ("pedantic = «'yes'»", "true or false, not a string", ""),
    ("select = «'privacy'»", "a list", "['privacy']"),
    ("select = ['privacy', «'privvacy'»]", "no rule or group `privvacy`", "`privacy`"),
    ("ignore = ['sampling', «2»]", "not an integer", ""),
    ("ignore = [«'invalid-json'»]", "anything but an error", "correct it"),
    ("rules = «[]»", "a table", ""),
    ("[rules]\n«sample-rate-ful» = 'off'", "no rule or group", "`sample-rate-full`"),
    ("[rules]\nsampling = «'of'»", "did you mean \"off\"?", ""),
    ("[rules]\nsampling = «true»", "a string, not a boolean", ""),
    ("[rules]\ninvalid-json = «'warning'»", "anything but an error", ""),
    ("sensitive-headers = [«'X Session'»]", "not a header name", ""),
    ("sensitive-headers = [«''»]", "not a header name", ""),
    ("port-exempt-hosts = [«'http://x/'»]", "not a host", ""),
    ("port-exempt-hosts = [«'a.*.b'»]", "not a host", ""),
    ("exclude = ['ok', «'{a'»]", "not a pattern", ".gitignore"),
    ("include = [«''»]", "not a pattern", ""),
    ("overrides = «{ paths = ['a'] }»", "`[[overrides]]`", ""),
    ("«[[overrides]]»\nedition = 'ee'", "no `paths`", ""),
    ("[[overrides]]\npaths = ['a']\n«exclude» = []", "not a setting", ""),
    ("edition = 'ce'\n«edition» = 'ee'", "duplicate key", ""),
    ("größe = 1\n«größe» = 2", "duplicate key", ""),
    ("# ü\r\n\tedition = «'oss'»\r\n", "\"ce\" or \"ee\"", ""),
];

#[test]
fn faults_are_told_with_their_exact_place() {
    for (marked, message, help) in FAULTS {
        let start = marked.find('«').expect("a mark");
        let end = marked.find('»').expect("a mark") - '«'.len_utf8();
        let text = marked.replace(['«', '»'], "");
        let report = read(&text).expect_err(marked);
        let spans: Vec<_> = report.findings.iter().map(|f| f.primary.span.range()).collect();
        assert!(spans.contains(&(start..end)), "{marked}: {:?}", report.findings);
        let finding = report.findings.iter().find(|f| f.primary.span.range() == (start..end));
        let finding = finding.expect("it was just there");
        assert!(finding.message.contains(message), "{marked}: {}", finding.message);
        assert!(finding.help.contains(help), "{marked}: {}", finding.help);
        assert_eq!(finding.rule, settings::RULE.id);
    }
}

#[test]
fn every_fault_of_a_file_is_told_at_once() {
    let mut all = String::new();
    for (text, ..) in FAULTS.iter().filter(|(text, ..)| !text.contains('\n') && text.contains('\''))
    {
        all += "[[overrides]]\npaths = ['a']\n";
        all += &text.replace(['«', '»'], "");
        all += "\n";
    }
    let report = read(&all).expect_err("faults");
    assert!(report.findings.len() >= 15, "{:?}", report.findings);
    assert!(report.findings.is_sorted_by_key(|finding| finding.primary.span));
}

#[test]
fn odd_texts_are_read_or_refused_but_never_a_trouble() {
    for text in
        ["", "\n\r\n", "\u{feff}edition = 'ee'\n", "# nothing", "[rules]\r\nall = 'error'\r\n"]
    {
        good(text);
    }
    assert_eq!(
        good("\u{feff}edition = 'ee'").choices.edition.map(|e| e.value),
        Some(Edition::Enterprise)
    );
    let deep = format!("rules = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in
        ["\u{0}", "= =", "[", "edition = '", deep.as_str(), "a.b.c = 1", "[[rules]]", "1 = 2"]
    {
        let report = read(text).expect_err("no settings");
        let len = text.len() as u32;
        assert!(report.findings.iter().all(|finding| finding.primary.span.end <= len));
    }
    let latin = settings::read(Source::new("otel-lint.toml", b"# gr\xfc\xdfe".as_slice()));
    let report = latin.expect_err("not UTF-8");
    assert_eq!(report.findings[0].primary.span.range(), 4..5);
}
