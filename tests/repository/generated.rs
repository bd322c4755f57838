//! Valid configurations made of the good examples of all rules: none has an error, in any format and
//! wherever it stands.

use std::collections::BTreeSet;

use otel_lint::finding::Severity;
use otel_lint::linter::{self, Options};
use otel_lint::recognise::Content;
use otel_lint::rules::{self, ExampleKind};
use otel_lint::source::{Format, Source};
use otel_lint::target::Edition;
use serde_json::{Map, Value, json};

/// Configurations that are made; each is checked in every form.
const COUNT: usize = 2000;

const NAMESPACE: &str = "telemetry/opentelemetry";

/// A generator (xorshift), so that a failing one can be made again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// The good examples for the newest Community Edition, as values.
fn examples() -> Vec<Value> {
    let all = rules::ALL.iter().flat_map(|rule| rules::examples(rule));
    let good = all.filter(|example| {
        example.kind != ExampleKind::Bad
            && example.format == Format::Json
            && example.version.is_none()
            && example.edition == Edition::Community
    });
    // An example that asks for a finding to be ignored cannot be combined.
    let values = good.filter_map(|example| serde_json::from_str(example.text).ok());
    values.filter(|value: &Value| !value.to_string().contains("otel-lint")).collect()
}

/// The exporters of `kind` in a configuration.
fn exporters<'v>(whole: &'v Value, kind: &str) -> Vec<&'v Value> {
    let list = &whole["extra_config"][NAMESPACE]["exporters"][kind];
    list.as_array().into_iter().flatten().collect()
}

/// `first` with endpoints and exporters of `second` that do not clash with its own.
fn combined(first: &Value, second: &Value) -> Value {
    let mut whole = first.clone();
    whole["version"] = json!(3);
    let paths: BTreeSet<String> = items(first).map(|it| it["endpoint"].to_string()).collect();
    let more: Vec<Value> = items(second)
        .filter(|it| it["endpoint"].is_string() && !paths.contains(&it["endpoint"].to_string()))
        .cloned()
        .collect();
    if let Some(endpoints) = whole["endpoints"].as_array_mut() {
        endpoints.extend(more);
    } else if !more.is_empty() && whole.get("endpoints").is_none() {
        whole["endpoints"] = Value::Array(more);
    }
    let names: BTreeSet<String> = ["otlp", "prometheus"]
        .iter()
        .flat_map(|kind| exporters(first, kind))
        .map(|it| it["name"].to_string().to_lowercase())
        .collect();
    let fits = |it: &&Value| {
        it["name"].is_string() && !names.contains(&it["name"].to_string().to_lowercase())
    };
    let more: Vec<Value> = exporters(second, "otlp").into_iter().filter(fits).cloned().collect();
    let block = format!("/extra_config/{}/exporters/otlp", NAMESPACE.replace('/', "~1"));
    if let Some(otlp) = whole.pointer_mut(&block).and_then(Value::as_array_mut) {
        otlp.extend(more);
    }
    without_null(whole)
}

fn items(whole: &Value) -> impl Iterator<Item = &Value> {
    whole["endpoints"].as_array().into_iter().flatten()
}

/// The value without the `null`s that looking for members has left in it.
fn without_null(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            members.map(|(key, value)| (key, without_null(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(without_null).collect::<Vec<_>>().into(),
        other => other,
    }
}

/// A block mapping; deeper values are flow collections as JSON has them.
fn yaml(value: &Value, indent: usize) -> String {
    match value {
        Value::Object(members) if !members.is_empty() && indent < 6 => members
            .iter()
            .map(|(key, value)| {
                let pad = " ".repeat(indent);
                format!("\n{pad}{}:{}", json!(key), yaml(value, indent + 2))
            })
            .collect(),
        other => format!(" {other}"),
    }
}

/// A value of TOML; tables are inline.
fn toml(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members =
                members.iter().map(|(key, value)| format!("{} = {}", json!(key), toml(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn indented(text: &str) -> String {
    text.lines().flat_map(|line| ["    ", line, "\n"]).collect()
}

/// `whole` in every form, with what a file of that form is.
fn forms(whole: &Value) -> Vec<(&'static str, String, Content)> {
    let pretty = format!("{whole:#}");
    let members = whole.as_object().expect("an object").iter();
    let tables: String =
        members.map(|(key, value)| format!("{} = {}\n", json!(key), toml(value))).collect();
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: gateway }\ndata:\n";
    let mut forms = vec![
        ("k.json", pretty.clone(), Content::Configuration),
        ("k.yaml", yaml(whole, 0) + "\n", Content::Configuration),
        ("k.toml", tables, Content::Configuration),
        ("map.yaml", format!("{head}  krakend.json: |\n{}", indented(&pretty)), Content::Carrier),
    ];
    // A version alone says nothing under a key that says nothing either.
    if whole.get("extra_config").is_some() || whole.get("endpoints").is_some() {
        let values = format!("gateway:\n  config: |\n{}", indented(&pretty));
        forms.push(("values.yaml", values, Content::Carrier));
    }
    let block = &whole["extra_config"][NAMESPACE];
    if block.is_object() {
        let part = json!({ "prod": { NAMESPACE: block } }).to_string();
        forms.push(("part.json", part, Content::Fragment));
    }
    forms
}

#[test]
fn a_valid_configuration_has_no_error_in_any_form() {
    let examples = examples();
    assert!(examples.len() > 60, "{}", examples.len());
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let (mut checked, mut with_block) = (0, 0);
    let mut wrong = Vec::new();
    for nth in 0..COUNT {
        let first = &examples[random.below(examples.len())];
        let whole = combined(first, &examples[random.below(examples.len())]);
        for (name, text, content) in forms(&whole) {
            let report = linter::check(
                Source::new(name, text.as_str()).with_format(Format::of_name(name)),
                &Options::default(),
            );
            let errors: Vec<_> =
                report.findings.iter().filter(|it| it.severity == Severity::Error).collect();
            if !errors.is_empty() || report.content != content {
                let errors: Vec<_> = errors.iter().map(|it| (it.rule, &it.message)).collect();
                wrong.push(format!("{nth} {name} {:?} {errors:?}\n{text}", report.content));
            }
            checked += 1;
            with_block += usize::from(report.has_telemetry);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {checked}: {}",
        wrong.len(),
        wrong[..wrong.len().min(4)].join("\n")
    );
    assert!(checked > 5 * COUNT && with_block > 4 * COUNT, "{checked} {with_block}");
}
