//! A fault planted at a random place of a random document is found at exactly that place, however
//! the document is laid out.

use otel_lint::linter::{self, Options};
use otel_lint::source::Source;

/// A small generator (xorshift), so that a failing seed can be named.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn pick<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }
}

/// How a document is written.
#[derive(Clone, Copy)]
struct Layout {
    line_end: &'static str,
    indent: &'static str,
    colon: &'static str,
}

const LAYOUTS: &[Layout] = &[
    Layout { line_end: "\n", indent: "  ", colon: ": " },
    Layout { line_end: "\r\n", indent: "    ", colon: ": " },
    Layout { line_end: "\n", indent: "\t", colon: ":\t" },
    Layout { line_end: "", indent: "", colon: ":" },
    Layout { line_end: " ", indent: "", colon: " : " },
];

/// Writes a document and remembers where it is, counted apart from the linter.
struct Writer {
    text: String,
    layout: Layout,
    depth: usize,
    fresh: bool,
}

impl Writer {
    fn new(layout: Layout) -> Self {
        Self { text: String::new(), layout, depth: 0, fresh: true }
    }

    fn new_line(&mut self) {
        self.text.push_str(self.layout.line_end);
        if !self.layout.line_end.is_empty() {
            self.text.push_str(&self.layout.indent.repeat(self.depth));
        }
    }

    fn item(&mut self) {
        if !self.fresh {
            self.text.push(',');
        }
        self.fresh = false;
        self.new_line();
    }

    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth += 1;
        self.fresh = true;
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        self.new_line();
        self.text.push(bracket);
        self.fresh = false;
    }

    fn key(&mut self, key: &str) {
        self.item();
        self.quote(key);
    }

    fn quote(&mut self, key: &str) {
        for part in ["\"", key, "\"", self.layout.colon] {
            self.text.push_str(part);
        }
    }

    fn member(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.push_str(value);
    }

    /// Line and column in characters of the next thing to be written, by a plain count.
    fn here(&self) -> (u32, u32) {
        let line = self.text.matches('\n').count() + 1;
        let last = self.text.rsplit('\n').next().unwrap_or_default();
        (line as u32, last.chars().count() as u32 + 1)
    }
}

const NAMES: &[&str] =
    &["\"plain\"", "\"größe\"", "\"日本語\"", "\"💥💥\"", "\"e\u{301}\"", "\"a\\tb\\u00e9\""];

/// Comment members before the fault, so that columns and lines vary.
fn noise(writer: &mut Writer, random: &mut Random) {
    for index in 0..random.below(4) {
        writer.member(
            &format!("@note{index}{}", ["", "ü", "語"][random.below(3)]),
            random.pick(NAMES),
        );
    }
}

/// Planted faults: the rule that must speak, the member as written, whether it points at the key.
const FAULTS: &[(&str, &str, &str, bool)] = &[
    ("port-range", "port", "70000", false),
    ("wrong-type", "port", "\"4317\"", false),
    ("wrong-type", "use_http", "\"true\"", false),
    ("wrong-type", "custom_metric_reporting_period", "{}", false),
    ("unknown-field", "prot", "4317", true),
    ("unknown-field", "größe", "1", true),
    ("key-case", "Port", "4317", true),
    ("otlp-port-protocol-mismatch", "port", "4318", false),
];

#[test]
fn a_planted_fault_is_found_where_it_is() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..4000 {
        let layout = LAYOUTS[random.below(LAYOUTS.len())];
        let (rule, key, value, at_key) = FAULTS[random.below(FAULTS.len())];
        let exporters = 1 + random.below(4);
        let faulty = random.below(exporters);
        let mut writer = Writer::new(layout);
        let mut place = (0, 0);
        writer.open('{');
        writer.member("version", "3");
        noise(&mut writer, &mut random);
        writer.key("extra_config");
        writer.open('{');
        noise(&mut writer, &mut random);
        writer.key("telemetry/opentelemetry");
        writer.open('{');
        noise(&mut writer, &mut random);
        writer.key("exporters");
        writer.open('{');
        writer.key("otlp");
        writer.open('[');
        for index in 0..exporters {
            writer.item();
            writer.open('{');
            writer.member("name", &format!("\"c{index}\""));
            noise(&mut writer, &mut random);
            writer.member("host", &format!("\"collector{index}\""));
            if index == faulty {
                if at_key {
                    writer.item();
                    place = writer.here();
                    writer.quote(key);
                    writer.text.push_str(value);
                } else {
                    writer.key(key);
                    place = writer.here();
                    writer.text.push_str(value);
                }
            }
            writer.close('}');
        }
        writer.close(']');
        writer.close('}');
        writer.close('}');
        writer.close('}');
        writer.close('}');
        let source = Source::new("planted", writer.text.as_bytes());
        let report = linter::check(source, &Options::default());
        let found: Vec<_> = report
            .findings
            .iter()
            .map(|finding| {
                let at = report.source.position(finding.primary.span.start);
                (finding.rule, at.line, at.column)
            })
            .collect();
        assert_eq!(found, [(rule, place.0, place.1)], "round {round}:\n{}", writer.text);
    }
}

#[test]
fn a_label_covers_exactly_what_it_speaks_of() {
    let table: &[(&str, &str, &str)] = &[
        ("port-range", r#""otlp":[{"name":"c","host":"h","port":70000}]"#, "70000"),
        ("wrong-type", r#""otlp":[{"name":"c","host":"h","port":"4317"}]"#, "\"4317\""),
        ("unknown-field", r#""otlp":[{"name":"c","host":"h","prot":1}]"#, "\"prot\""),
        ("missing-field", r#""otlp":[{"name":"c"}]"#, "{"),
        ("otlp-http-without-port", r#""otlp":[{"name":"c","host":"h","use_http":true}]"#, "{"),
        (
            "duplicate-exporter-name",
            r#""otlp":[{"name":"c","host":"h"},{"name":"c","host":"i"}]"#,
            "\"c\"",
        ),
        ("duplicate-key", r#""otlp":[{"name":"c","host":"h","host":"i"}]"#, "\"host\""),
        ("exporter-not-object", r#""otlp":["c:4317"]"#, "\"c:4317\""),
        ("no-exporters", r#""@todo":1"#, "{"),
    ];
    for (rule, exporters, label) in table {
        let text = format!(
            r#"{{"extra_config":{{"telemetry/opentelemetry":{{"exporters":{{{exporters}}}}}}}}}"#
        );
        let report = linter::check(Source::new("t", text.as_bytes()), &Options::default());
        let finding = report.findings.iter().find(|finding| finding.rule == *rule);
        let finding = finding.unwrap_or_else(|| panic!("{rule}: {text}: {:?}", report.findings));
        assert_eq!(report.source.slice(finding.primary.span), label.as_bytes(), "{rule}");
    }
    // Of two equals the later one is meant.
    let later = "{\"version\": 3,\n\"version\": 3}";
    let report = linter::check(Source::new("t", later.as_bytes()), &Options::default());
    let at = report.source.position(report.findings[0].primary.span.start);
    assert_eq!((at.line, at.column), (2, 1));
}
