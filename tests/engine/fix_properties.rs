//! Fixes of random configurations with random faults in random layouts: a fix never makes a readable
//! document unreadable, does what its edits mean and nothing else, removes its finding, and adds no
//! error; and all fixes together come to an end.
//!
//! `FIX_CASES` sets how many configurations are tried.

use otel_lint::analysis::CheckedFile;
use otel_lint::document;
use otel_lint::finding::{Finding, Safety, Severity};
use otel_lint::fix;
use otel_lint::linter::{self, Options};
use otel_lint::source::{Format, Source};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::edits;
use crate::written::{self, Yaml};

/// The number of configurations.
fn cases() -> u32 {
    std::env::var("FIX_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(100)
}

/// One of `values`, or nothing.
fn maybe(name: &'static str, values: Vec<Value>) -> impl Strategy<Value = Option<(String, Value)>> {
    prop::option::of(select(values).prop_map(move |value| (name.to_owned(), value)))
}

/// One of `values`, but most often nothing: a key that stands in the wrong place here.
fn rarely(
    name: &'static str,
    values: Vec<Value>,
) -> impl Strategy<Value = Option<(String, Value)>> {
    prop::option::weighted(0.1, select(values).prop_map(move |value| (name.to_owned(), value)))
}

fn object(members: Vec<Option<(String, Value)>>) -> Value {
    Value::Object(members.into_iter().flatten().collect::<Map<_, _>>())
}

/// An object of these members in any order.
fn members(
    strategies: Vec<BoxedStrategy<Option<(String, Value)>>>,
) -> impl Strategy<Value = Value> {
    strategies.prop_flat_map(|members| Just(members).prop_shuffle()).prop_map(object)
}

fn exporter() -> impl Strategy<Value = Value> {
    let texts = |texts: &[&str]| texts.iter().map(|text| json!(text)).collect::<Vec<_>>();
    members(vec![
        maybe("name", texts(&["a", "b", "it's", "é \"q\""])).boxed(),
        maybe(
            "host",
            texts(&[
                "collector",
                "http://collector:4318",
                "HTTP://c",
                "https://c/",
                " c ",
                "::1",
                "jaeger",
                "c:4317",
                "https://u:p@c",
            ]),
        )
        .boxed(),
        maybe("port", vec![json!(4317), json!(4318), json!(null), json!("4318")]).boxed(),
        maybe("use_http", vec![json!(true), json!(false)]).boxed(),
        maybe("Use_HTTP", vec![json!(true)]).boxed(),
        maybe("use_htp", vec![json!(true)]).boxed(),
        maybe("disable_metrics", vec![json!(true)]).boxed(),
        maybe("custom_metric_reporting_period", vec![json!(-1), json!(5)]).boxed(),
        rarely("service_name", vec![json!("s"), json!(1)]).boxed(),
    ])
}

fn layer() -> impl Strategy<Value = Value> {
    let attribute = json!({"key": "team", "value": "x"});
    members(vec![
        maybe("report_headers", vec![json!(true)]).boxed(),
        maybe(
            "skip_headers",
            vec![json!([]), json!(["cookie"]), json!("Cookie"), json!(["X-A", "authorization"])],
        )
        .boxed(),
        maybe(
            "metrics_static_attributes",
            vec![json!([attribute, attribute]), json!([]), json!([attribute, {"key": "a"}])],
        )
        .boxed(),
        maybe("disable_traces", vec![json!(false), json!("true")]).boxed(),
        rarely("skip_paths", vec![json!(["/b"]), json!([]), json!("/b")]).boxed(),
        rarely("exporters_override", vec![json!({"trace_exporters": ["a"]})]).boxed(),
    ])
}

fn backend() -> impl Strategy<Value = Value> {
    let details = || {
        members(vec![
            maybe("round_trip", vec![json!(true), json!(false)]).boxed(),
            maybe("detailed_connection", vec![json!(true)]).boxed(),
            maybe("static_attributes", vec![json!([])]).boxed(),
            maybe("report_headers", vec![json!(true)]).boxed(),
        ])
    };
    (prop::option::of(details()), prop::option::of(details())).prop_map(|(metrics, traces)| {
        object(vec![
            metrics.map(|metrics| ("metrics".to_owned(), metrics)),
            traces.map(|traces| ("traces".to_owned(), traces)),
        ])
    })
}

fn configuration() -> impl Strategy<Value = Value> {
    let layers = (prop::option::of(layer()), prop::option::of(layer()), backend());
    let block = (
        prop::collection::vec(exporter(), 1..3),
        layers,
        maybe("trace_sample_rate", vec![json!(0), json!(50), json!("1"), json!(0.5)]),
        maybe("skip_paths", vec![json!(["/a/{id}"]), json!([])]),
        maybe("metric_reporting_period", vec![json!(0), json!(1)]),
        select(vec!["telemetry/opentelemetry", "telemetry/opentelemety"]),
        any::<bool>(),
        prop::option::of(layer()),
        (
            rarely("proxy", vec![json!({"disable_traces": true}), json!({}), json!([])]),
            rarely("use_http", vec![json!(true), json!("true")]),
            prop::option::of((select(vec!["proxy", "layers", "exporters"]), layer())),
        ),
    );
    block.prop_map(
        |(
            otlp,
            (global, proxy, backend),
            rate,
            paths,
            period,
            name,
            last,
            of_endpoint,
            misplaced,
        )| {
            let (beside, flag, of_backend) = misplaced;
            let named =
                |name: &str, value: Option<Value>| value.map(|value| (name.to_owned(), value));
            let layers = object(vec![
                named("global", global),
                named("proxy", proxy),
                named("backend", Some(backend)),
            ]);
            let exporters = named("exporters", Some(json!({ "otlp": otlp })));
            let layers = named("layers", Some(layers));
            let block = object(if last {
                vec![flag, rate, paths, period, beside, layers, exporters]
            } else {
                vec![exporters, beside, rate, layers, period, paths, flag]
            });
            let mut endpoint = json!({
                "endpoint": "/a/{id}",
                "backend": [{"url_pattern": "/", "host": ["http://b"]}],
            });
            if let Some(layer) = of_endpoint {
                endpoint["extra_config"] = json!({"telemetry/opentelemetry": {"proxy": layer}});
            }
            if let Some((name, layer)) = of_backend {
                let block = match name {
                    "layers" => json!({"layers": {"backend": {"traces": layer}}}),
                    name => json!({name: layer}),
                };
                endpoint["backend"][0]["extra_config"] = json!({"telemetry/opentelemetry": block});
            }
            json!({"version": 3, "extra_config": {name: block}, "endpoints": [endpoint]})
        },
    )
}

/// A text of `value` in a random layout.
fn layout() -> impl Strategy<Value = (Format, &'static str, Yaml)> {
    let yaml = (
        select(vec![2usize, 3, 4]),
        any::<bool>(),
        select(vec![' ', '\'', '"']),
        any::<bool>(),
        select(vec!["", " # it's {x}: - y", "   #"]),
    );
    let yaml = yaml.prop_map(|(unit, indented_lists, quote, flow_lists, comment)| Yaml {
        unit,
        indented_lists,
        quote,
        flow_lists,
        comment,
    });
    let form = select(vec![
        (Format::Json, "pretty"),
        (Format::Json, "line"),
        (Format::Yaml, "block"),
        (Format::Yaml, "block"),
        (Format::Yaml, "CRLF"),
        (Format::Yaml, "no end"),
        (Format::Yaml, "line"),
        (Format::Yaml, "pretty"),
        (Format::Toml, "tables"),
        (Format::Toml, "inline"),
        (Format::Json, "embedded"),
        (Format::Yaml, "embedded"),
        (Format::Json, "escaped"),
    ]);
    (form, yaml).prop_map(|((format, form), yaml)| (format, form, yaml))
}

/// The text of `value`, and where the configuration is in it.
fn text(value: &Value, (format, form, yaml): (Format, &str, Yaml)) -> Option<(Format, String)> {
    let pretty = || serde_json::to_string_pretty(value).expect("a value");
    let block = |text: &str| {
        let lines = text.lines().map(|line| format!("    {line}\n"));
        format!(
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  other: a\n  k.{}: |\n{}  z: b\n",
            format.as_str().to_lowercase(),
            lines.collect::<String>()
        )
    };
    Some(match form {
        "pretty" => (format, pretty()),
        "line" => (format, value.to_string()),
        "block" => (format, written::yaml(value, yaml)),
        "CRLF" => (format, written::yaml(value, yaml).replace('\n', "\r\n")),
        "no end" => (format, written::yaml(value, yaml).trim_end().to_owned()),
        "tables" => (format, written::toml(value, false)?),
        "inline" => (format, written::toml(value, true)?),
        "escaped" => {
            let manifest = json!({"apiVersion": "v1", "kind": "K", "data": {"k.json": pretty()}});
            (Format::Json, manifest.to_string())
        }
        _ if format == Format::Json => (Format::Yaml, block(&pretty())),
        _ => (Format::Yaml, block(&written::yaml(value, yaml))),
    })
}

fn check(text: impl Into<Vec<u8>>, format: Format) -> CheckedFile {
    let options = Options { pedantic: true, ..Options::default() };
    linter::check(Source::new("t", text).with_format(format), &options)
}

fn value(text: &[u8], format: Format) -> Option<Value> {
    let source = Source::new("t", text).with_format(format);
    let parsed = document::read(&source);
    let is_readable = parsed.reliable && parsed.faults.iter().all(|fault| fault.is_warning);
    is_readable.then(|| parsed.document.to_value(parsed.document.root().expect("a root"), 64))
}

fn errors(file: &CheckedFile) -> usize {
    file.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

/// Rules whose fix makes the gateway read a block that it ignored before: the errors in that block were
/// there already, and are seen from then on.
const ACTIVATING: [&str; 2] = ["otel-namespace-typo", "otel-wrong-scope"];

/// Which errors a fix must not bring.
#[derive(Clone, Copy, PartialEq)]
enum Brings {
    /// A safe fix none at all.
    Nothing,
    /// What an unsafe fix turns on may have errors of its own, but has the right shape.
    NoShape,
    /// A fix that makes the gateway read a block none of syntax.
    NoSyntax,
}

impl Brings {
    fn of(rule: &str, safety: Safety) -> Self {
        match safety {
            Safety::Safe => Self::Nothing,
            Safety::Unsafe if ACTIVATING.contains(&rule) => Self::NoSyntax,
            Safety::Unsafe => Self::NoShape,
        }
    }

    /// How many errors there are that must not become more.
    fn count(self, file: &CheckedFile) -> usize {
        const SYNTAX: [&str; 3] = ["invalid-json", "invalid-yaml", "invalid-toml"];
        const SHAPE: [&str; 3] = ["duplicate-key", "unknown-field", "exporter-not-object"];
        let counts = |rule: &str| match self {
            Self::Nothing => true,
            Self::NoShape => SYNTAX.contains(&rule) || SHAPE.contains(&rule),
            Self::NoSyntax => SYNTAX.contains(&rule),
        };
        let errors = file.findings.iter().filter(|it| it.severity == Severity::Error);
        errors.filter(|it| counts(it.rule)).count()
    }
}

/// How many findings say what `finding` says.
fn alike(file: &CheckedFile, finding: &Finding) -> usize {
    let is_alike = |other: &&Finding| {
        (other.rule, &other.pointer, &other.message)
            == (finding.rule, &finding.pointer, &finding.message)
    };
    file.findings.iter().filter(is_alike).count()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_fix_does_what_it_should_and_nothing_else(
        value_before in configuration(),
        layout in layout(),
    ) {
        let Some((format, text)) = text(&value_before, layout) else { return Ok(()) };
        let before = check(text.as_str(), format);
        let parsed = document::read(&before.source);
        prop_assert!(value(text.as_bytes(), format).is_some(), "{text}");
        for finding in &before.findings {
            let Some(fix) = &finding.fix else { continue };
            prop_assert!(!fix.replacements.is_empty());
            let result = fix::replace(text.as_bytes(), &fix.replacements);
            let shown = String::from_utf8_lossy(&result);
            let context = format!("{}: {}\n{text}\n-----\n{shown}", finding.rule, fix.title);
            let read = value(&result, format);
            prop_assert!(read.is_some(), "{context}");
            // Edits of an embedded document are about another one.
            if !fix.edits.is_empty() {
                prop_assert_eq!(read, Some(edits::apply(&parsed.document, &fix.edits)), "{}", context);
            }
            let after = check(result.clone(), format);
            prop_assert!(alike(&after, finding) < alike(&before, finding), "{context}");
            let brings = Brings::of(finding.rule, fix.safety);
            prop_assert!(brings.count(&after) <= brings.count(&before), "{context}");
            prop_assert_eq!(after.content, before.content);
            if layout.1 == "CRLF" {
                prop_assert_eq!(shown.matches('\n').count(), shown.matches("\r\n").count());
            }
        }
    }

    #[test]
    fn fixing_comes_to_an_end(value_before in configuration(), layout in layout()) {
        let Some((format, text)) = text(&value_before, layout) else { return Ok(()) };
        let again = |source: Source| {
            linter::check(source, &Options { pedantic: true, ..Options::default() })
        };
        let before = check(text.as_str(), format);
        // An override that is read from then on gets what the service says, its faults included.
        let activates = |rule| ACTIVATING.contains(&rule) || rule == "override-misplaced-key";
        let activates = before.findings.iter().any(|it| activates(it.rule));
        let brings = if activates { Brings::NoSyntax } else { Brings::NoShape };
        let errors_before = brings.count(&before);
        let fixed = linter::fix(before, true, again);
        let shown = String::from_utf8_lossy(fixed.file.source.bytes()).into_owned();
        prop_assert!(fixed.is_complete, "{text}\n-----\n{shown}");
        prop_assert!(value(fixed.file.source.bytes(), format).is_some(), "{text}\n-----\n{shown}");
        prop_assert!(brings.count(&fixed.file) <= errors_before, "{text}\n-----\n{shown}");
        let second = linter::fix(fixed.file, true, again);
        prop_assert_eq!(second.count, 0, "{}", shown);
    }
}

#[test]
fn an_alias_and_its_anchor_are_changed_together_and_only_as_unsafe() {
    let text = "version: 3\n\
        base: &otlp\n  name: c\n  host: \"http://c:4318\" # one\n\
        extra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n        - *otlp\n";
    let file = check(text, Format::Yaml);
    let finding = file.findings.iter().find(|finding| finding.rule == "otlp-host-contains-port");
    let fix = finding.expect("the port is in the host").fix.as_ref().expect("a fix");
    assert_eq!(fix.safety, Safety::Unsafe);
    assert!(fix.title.ends_with("also where an alias stands for it"), "{}", fix.title);
    let result = fix::replace(text.as_bytes(), &fix.replacements);
    let result = String::from_utf8(result).expect("UTF-8");
    let expected = text.replace("\"http://c:4318\" # one\n", "\"http://c\" # one\n  port: 4318\n");
    assert!(
        result.starts_with(&expected[..expected.find("extra").expect("it is there")]),
        "{result}"
    );
}

#[test]
fn a_merged_member_a_tag_and_an_anchor_in_use_are_left_alone_or_right() {
    for text in [
        // A value with a tag cannot take one of another type.
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    trace_sample_rate: !!str 1\n    exporters: {otlp: [{name: c, host: c}]}\n",
        // What an alias needs cannot be removed.
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n        - name: c\n          host: c\n          disable_metrics: true\n          custom_metric_reporting_period: &p 5\n    metric_reporting_period: *p\n",
        // A member by a merge key.
        "version: 3\nb: &b {use_http: true}\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n        - <<: *b\n          name: c\n          host: c\n",
        // A block scalar that keeps its empty lines.
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n        - use_http: true\n          name: |+\n            c\n\n\n",
        // Nothing behind the colon, and a comment.
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n        - name: c\n          host: c\n          port: # none\n          use_http: true\n",
        "{version: 3, extra_config: {telemetry/opentelemetry: {exporters: {otlp: [{name: c, host: c, use_http: true,},]},},},}",
    ] {
        let before = check(text, Format::Yaml);
        for finding in before.findings.iter().filter(|finding| finding.fix.is_some()) {
            let fix = finding.fix.as_ref().expect("it has one");
            let result = fix::replace(text.as_bytes(), &fix.replacements);
            let shown = String::from_utf8_lossy(&result).into_owned();
            assert!(value(&result, Format::Yaml).is_some(), "{}:\n{shown}", finding.rule);
            let after = check(result, Format::Yaml);
            assert!(alike(&after, finding) < alike(&before, finding), "{}:\n{shown}", finding.rule);
        }
        let fixed = linter::fix(before, true, |source| {
            linter::check(source, &Options { pedantic: true, ..Options::default() })
        });
        assert!(fixed.is_complete, "{text}");
    }
}

#[test]
fn real_configurations_are_fixed_once() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let mut folders = vec![shared.join("corpus"), shared.join("cases")];
    if !folders[0].is_dir() {
        eprintln!("skipped: there is no corpus of real configurations here");
        return;
    }
    let (mut files, mut fixes) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.display().to_string();
            let Some(format) = Format::named(&name) else { continue };
            let bytes = std::fs::read(&path).expect("readable");
            let again =
                |source| linter::check(source, &Options { pedantic: true, ..Options::default() });
            let before = again(Source::new(name.as_str(), bytes).with_format(format));
            let readable = value(before.source.bytes(), format).is_some();
            let errors_before = errors(&before);
            let fixed = linter::fix(before, true, again);
            assert!(fixed.is_complete, "{name}");
            if readable {
                assert!(value(fixed.file.source.bytes(), format).is_some(), "{name}");
                assert!(errors(&fixed.file) <= errors_before, "{name}");
            }
            files += 1;
            fixes += fixed.count;
            assert_eq!(linter::fix(fixed.file, true, again).count, 0, "{name}");
        }
    }
    println!("{fixes} fixes in {files} files");
    assert!(files > 50 && fixes > 50, "{fixes} in {files}");
}
