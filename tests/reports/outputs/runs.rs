//! The set of runs that every format is tried on.

use otel_lint::analysis::{CheckedFile, Suppressed};
use otel_lint::linter::{self, Options};
use otel_lint::report::{Base, Report, Unread};
use otel_lint::rules::{self, ExampleKind};
use otel_lint::source::Source;

/// A run of the linter.
#[derive(Clone)]
pub struct Run {
    pub name: &'static str,
    pub files: Vec<CheckedFile>,
    pub unread: Vec<Unread>,
    pub base: Base,
}

impl Run {
    fn new(name: &'static str, files: Vec<CheckedFile>) -> Self {
        Self { name, files, unread: Vec::new(), base: Base::new("/repo", None) }
    }

    pub fn report(&self) -> Report<'_> {
        Report::new(&self.files, self.unread.clone(), self.base.clone())
    }
}

fn check(name: &str, text: impl Into<Vec<u8>>) -> CheckedFile {
    linter::check(Source::new(name, text), &Options { pedantic: true, ..Options::default() })
}

const CLEAN: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "skip_paths": ["/__health"],
      "exporters": { "otlp": [{ "name": "c", "host": "collector" }] }
    }
  }
}
"#;

const BAD: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "日本🐙", "host": "collector", "use_http": true },
          { "name": "d", "host": "otlp", "port": 70000, "prot": "é" }
        ]
      },
      "layers": { "global": { "disable_metrics": 1 } }
    }
  }
}
"#;

fn exporters(text: &str) -> String {
    format!(
        r#"{{"version": 3, "extra_config": {{"telemetry/opentelemetry": {{"exporters": {{"otlp": [{text}]}}}}}}}}"#
    )
}

/// As many findings, and some more that only their order tells apart.
pub fn many(count: usize) -> Run {
    let one = |nth: usize| format!("\n{{\"name\": \"c{nth}\", \"host\": \"h\", \"port\": 70000}}");
    let mut all: Vec<String> = (0..count).map(one).collect();
    all.extend((0..3).map(|_| "\n{\"host\": \"h\", \"port\": 70000}".to_owned()));
    Run::new("many", vec![check("many.json", exporters(&all.join(",")))])
}

/// The same findings on other lines.
pub fn moved(run: &Run) -> Run {
    let text = String::from_utf8_lossy(run.files[0].source.bytes()).replace('\n', "\n\n ");
    Run::new("moved", vec![check("many.json", text)])
}

/// The same findings in another file.
pub fn renamed(run: &Run) -> Run {
    Run::new("renamed", vec![check("other.json", run.files[0].source.bytes())])
}

/// Keys that are markup in one format or another.
pub fn markup() -> Run {
    let keys = [
        "]]>",
        "<script>alert(1)</script>",
        "a|b",
        "a`b",
        "a\\\\|b",
        "**b**",
        "[x](y)",
        "@team",
        "\\u001b[31mred",
        "\\u0085\\u202e",
        "%0A::error::x",
        "::error::x",
        "\\n::warning::x",
        "\\u0000\\uFFFE\\uFFFF",
        "&amp;&#10;",
        "--><!--",
    ];
    let members: Vec<String> = keys.iter().map(|key| format!("\"{key}\": \"{key}\"")).collect();
    let text =
        exporters(&format!("{{\"name\": \"c\", \"host\": \"h\",\n{}}}", members.join(",\n")));
    Run::new("markup", vec![check("a|b <i>`c`.json", text)])
}

/// Secrets beside findings, and in what a fix would move.
pub fn secrets() -> Run {
    let text = r#"{
  "version": 3,
  "telemetry/opentelemetry": {
    "exporters": { "otlp": [
      { "name": "a", "host": "h", "port": 70000, "headers": { "Authorization": "hunter2" } },
      { "name": "b", "host": "https://me:hunter2@h", "use_http": true }
    ] }
  }
}"#;
    let exporter =
        |rest: &str| format!(r#"{{"name": "a", "headers": {{"a": "hunter2"}}, "host": {rest}}}"#);
    let urls = exporter(r#""https://me:hunter2@h/v1", "use_http": true, "port": 70000"#);
    let files = vec![check("secrets.json", text), check("urls.json", exporters(&urls))];
    Run::new("secrets", files)
}

/// Every bad example of every rule, a file each.
fn examples() -> Run {
    let mut files = Vec::new();
    for rule in rules::ALL {
        let examples = rules::examples(rule);
        for (nth, example) in examples.iter().filter(|e| e.kind == ExampleKind::Bad).enumerate() {
            let version = example.version.map(|version| version.parse().expect("a version"));
            let options =
                Options { version, edition: example.edition, pedantic: true, ..Options::default() };
            let name = format!("rules/{}.{nth}.json", rule.id);
            files.push(linter::check(Source::new(name, example.text), &options));
        }
    }
    Run::new("examples", files)
}

fn suppressed() -> Run {
    let mut file = check("suppressed.json", BAD);
    let ignored = file.findings.split_off(2);
    let reason = "known,\n`|` and ]]> \u{1b}[31m".to_owned();
    let suppress = |finding| Suppressed { finding, reason: reason.clone() };
    file.suppressed = ignored.into_iter().map(suppress).collect();
    let mut only = check("only-suppressed.json", BAD);
    only.suppressed = std::mem::take(&mut only.findings).into_iter().map(suppress).collect();
    Run::new("suppressed", vec![file, only])
}

fn unreadable() -> Run {
    let names = ["gone.json", "a b/it's gone.json"];
    let unread = names.map(|name| Unread {
        name: name.to_owned(),
        error: format!("{name}: cannot be read: there was a \u{1b}[31mdemon"),
    });
    let mut run = Run::new("unreadable", vec![check("bad.json", BAD)]);
    run.unread = unread.into();
    run
}

fn names() -> Run {
    let names = [
        "a,b:c%0A.json",
        "with space.json",
        "ключ/日本.json",
        "./dot/../x.json",
        "/repo/abs.json",
        "/elsewhere/abs.json",
        "back\\slash.json",
        "bad\u{FFFD}name.json",
        "esc\u{1b}[31m\u{202e}.json",
    ];
    let mut files: Vec<CheckedFile> = names.iter().map(|name| check(name, BAD)).collect();
    // As a program that is piped in is called.
    files.push(check("<stdin>", BAD));
    Run::new("names", files)
}

pub fn all() -> Vec<Run> {
    let long = "k".repeat(100_000);
    let long = exporters(&format!("{{\"name\": \"c\", \"host\": \"h\", \"{long}\": 1}}"));
    let minified: String = BAD.split_whitespace().collect();
    vec![
        Run::new("nothing", Vec::new()),
        Run::new("no finding", vec![check("clean.json", CLEAN)]),
        Run::new(
            "one",
            vec![check("one.json", exporters(r#"{"name": "c", "host": "h", "port": 70000}"#))],
        ),
        Run::new(
            "several files",
            vec![check("b.json", BAD), check("c.json", CLEAN), check("a.json", BAD)],
        ),
        Run::new("CRLF", vec![check("crlf.json", BAD.replace('\n', "\r\n"))]),
        Run::new("tabs", vec![check("tabs.json", BAD.replace("  ", "\t"))]),
        Run::new("minified", vec![check("min.json", minified.clone())]),
        Run::new(
            "byte order mark",
            vec![
                check("bom.json", format!("\u{FEFF}{BAD}")),
                check("minified.json", format!("\u{FEFF}{minified}")),
            ],
        ),
        Run::new("empty", vec![check("empty.json", ""), check("lines.json", "\n\n")]),
        Run::new("cut off", vec![check("cut.json", &BAD[..BAD.len() - 8])]),
        Run::new("no UTF-8", vec![check("latin.json", [BAD.as_bytes(), b"\xFF\n"].concat())]),
        Run::new("long", vec![check("long.json", long)]),
        many(200),
        markup(),
        secrets(),
        examples(),
        suppressed(),
        unreadable(),
        names(),
    ]
}
