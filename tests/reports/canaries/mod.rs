//! No secret is shown, in whatever format it is written, whatever is wrong around it, and in whatever
//! output.

mod layout;
mod outputs;
mod positions;

use std::collections::BTreeMap;

use otel_lint::document;
use otel_lint::linter::Options;
use otel_lint::source::{Format, Source};
use otel_lint::target::Edition;
use positions::CANARY;

/// Whether everything is tried, which takes minutes: `CANARIES=all`. Otherwise a fixed part of it is.
fn is_all() -> bool {
    std::env::var_os("CANARIES").is_some_and(|value| value == "all")
}

/// Texts that a test tries if it does not try all.
const SOME: usize = 400;

/// Of `all` texts each which is tried: those lie evenly, and in no step with what repeats.
fn step(all: usize) -> usize {
    let least = if is_all() { 1 } else { (all / SOME).max(1) };
    (least..least + 210)
        .find(|step| [2, 3, 5, 7].iter().all(|prime| step % prime != 0))
        .unwrap_or(1)
}

/// What leaked: an example and a count for each output and kind of text.
#[derive(Default)]
struct Leaks {
    tried: usize,
    found: BTreeMap<String, (usize, String)>,
}

impl Leaks {
    /// Looks for the canary in every output of `text`.
    fn check(&mut self, kind: &str, name: &str, text: &str, format: Format, options: &Options) {
        self.tried += 1;
        for (output, shown) in outputs::of(text, format, options) {
            if let Some(line) = shown.lines().find(|line| line.contains(CANARY)) {
                let example = || (0, format!("{name}\n    {}", cut(line)));
                self.found.entry(format!("{output}, {kind}")).or_insert_with(example).0 += 1;
            }
        }
    }

    fn none(self) {
        let told: Vec<String> = self
            .found
            .iter()
            .map(|(kind, (count, example))| format!("  {count} in {kind}: {example}"))
            .collect();
        assert!(told.is_empty(), "leaks in {} texts:\n{}", self.tried, told.join("\n"));
        assert!(self.tried > 100, "only {} texts were tried", self.tried);
        println!("{} texts", self.tried);
    }
}

/// The part of a long line that has the canary.
fn cut(line: &str) -> String {
    let at = line.find(CANARY).unwrap_or_default();
    let before: String =
        line[..at].chars().rev().take(100).collect::<Vec<_>>().into_iter().rev().collect();
    let after: String = line[at..].chars().take(60).collect();
    before + &after
}

#[test]
fn in_no_position_and_no_layout() {
    let options = outputs::options(Edition::Enterprise, None);
    let mut leaks = Leaks::default();
    let positions = positions::all();
    let layouts =
        positions.iter().flat_map(|at| layout::ALL.iter().map(move |layout| (at, layout)));
    for ((name, config), layout) in layouts.step_by(step(positions.len() * layout::ALL.len())) {
        let (kind, format, text) = layout(config);
        leaks.check(kind, name, &text, format, &options);
    }
    leaks.none();
}

#[test]
fn for_no_release_and_edition() {
    let mut leaks = Leaks::default();
    let positions = positions::all();
    for version in ["2.6", "2.8", "2.11"] {
        let options = outputs::options(Edition::Community, Some(version));
        for (name, config) in positions.iter().step_by(step(positions.len() * 3)) {
            leaks.check(version, name, &config.to_string(), Format::Json, &options);
        }
    }
    leaks.none();
}

/// The texts that `text` becomes by one slip near the canary.
fn slips(text: &str) -> Vec<String> {
    let canary = text.find(CANARY).expect("it is there");
    let (start, end) = (canary.saturating_sub(24), (canary + CANARY.len() + 16).min(text.len()));
    let mut slips = Vec::new();
    for at in (start..=end).filter(|&at| at <= canary || at >= canary + CANARY.len()) {
        let (before, after) = text.split_at(at);
        if at < end && at != canary {
            slips.push(format!("{before}{}", &after[1..]));
        }
        for inserted in
            [",", ":", ";", "{", "}", "[", "]", "\"", "'", "\n", "#", "=", "x ", "\\", "- "]
        {
            slips.push(format!("{before}{inserted}{after}"));
        }
        slips.push(before.to_owned() + "\n");
        // The file ends here, in the secret or beside it.
        slips.push(format!("{before}{}", &after[..after.len().min(CANARY.len() + 1)]));
    }
    slips
}

/// Texts around `member` in which slips are made.
fn around(member: &str) -> Vec<(&'static str, Format, String)> {
    let otlp = format!("{{\"name\": \"a\", {member}, \"port\": 1}}");
    let block = format!("{{\"exporters\": {{\"otlp\": [{otlp}]}}, \"trace_sample_rate\": 0}}");
    let flow =
        format!("{{\"version\": 3, \"extra_config\": {{\"telemetry/opentelemetry\": {block}}}}}");
    let lines = flow.replace(", ", ",\n  ").replace("{\"", "{\n  \"");
    let yaml = format!(
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n      - name: a\n        {}\n        port: 1\n",
        member.replacen('"', "", 2)
    );
    let scalar = member.split_once(": ").map(|(key, value)| {
        format!("{}: |\n          {}", key.replace('"', ""), value.replace('"', ""))
    });
    let block_scalar = yaml.replace(&member.replacen('"', "", 2), &scalar.unwrap_or_default());
    let inline = member.replace("\": ", "\" = ");
    let toml = format!(
        "version = 3\n[extra_config.\"telemetry/opentelemetry\"]\ntrace_sample_rate = 0\n[[extra_config.\"telemetry/opentelemetry\".exporters.otlp]]\nname = \"a\"\n{inline}\nport = 1\n"
    );
    vec![
        ("compact JSON with a fault", Format::Json, flow.clone()),
        ("JSON with a fault", Format::Json, lines),
        ("flow YAML with a fault", Format::Yaml, flow),
        ("YAML with a fault", Format::Yaml, yaml),
        ("YAML block scalar with a fault", Format::Yaml, block_scalar),
        ("TOML with a fault", Format::Toml, toml),
    ]
}

/// Faults behind the secret: what stands before it is whole.
#[test]
fn near_no_fault_behind_it() {
    let options = outputs::options(Edition::Community, None);
    let mut leaks = Leaks::default();
    let texts: Vec<_> = positions::members().iter().flat_map(|member| around(member)).collect();
    let behind = |text: &str| -> Vec<String> {
        // The `@` behind a password is part of its look.
        let end = text.find(CANARY).expect("it is there") + CANARY.len() + 1;
        let is_behind = |slip: &String| slip.get(..end) == text.get(..end);
        slips(text).into_iter().filter(is_behind).collect()
    };
    let slips: Vec<_> = texts
        .iter()
        .flat_map(|(kind, format, text)| {
            behind(text).into_iter().map(move |slip| (*kind, *format, slip))
        })
        .collect();
    let all = slips.len();
    for (kind, format, slip) in slips.into_iter().step_by(step(all)) {
        leaks.check(kind, &slip, &slip, format, &options);
    }
    leaks.none();
}

/// Faults in what tells that it is a secret. What has none is another text, in which nothing may tell it.
#[test]
fn near_no_fault() {
    let options = outputs::options(Edition::Community, None);
    let mut leaks = Leaks::default();
    let has_fault = |format: Format, text: &str| {
        let source = Source::new("krakend", text).with_format(format);
        !document::read(&source).faults.is_empty()
    };
    let texts = positions::members().into_iter().flat_map(|member| around(&member));
    let slips: Vec<_> = texts
        .flat_map(|(kind, format, text)| {
            slips(&text).into_iter().map(move |slip| (kind, format, slip))
        })
        .filter(|(_, format, slip)| has_fault(*format, slip))
        .collect();
    let all = slips.len();
    for (kind, format, slip) in slips.into_iter().step_by(step(all)) {
        leaks.check(kind, &slip, &slip, format, &options);
    }
    leaks.none();
}

#[test]
fn in_no_comment() {
    let options = outputs::options(Edition::Community, None);
    let mut leaks = Leaks::default();
    let mut texts: Vec<String> =
        positions::looks().iter().map(|look| look.replace('\n', "\n# ")).collect();
    texts.extend(positions::members());
    texts.push(format!("headers:\n#   x-custom: {CANARY}"));
    texts.push(format!("headers:\n# - name: x\n#   value: {CANARY}"));
    texts.push(format!("password: |\n#   {CANARY}"));
    texts.push(format!("otel-lint: ignore[sample-rate-zero] Bearer {CANARY}"));
    texts.push(format!("otel-lint: ignore[no-such-rule] Bearer {CANARY}"));
    for text in &texts {
        let text = text.as_str();
        let yaml = format!(
            "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    # {}\n    trace_sample_rate: 0\n    exporters: {{otlp: [{{name: a, host: h}}]}} # {}\n",
            text.replace("\n#", "\n    #"),
            text.replace('\n', " ")
        );
        leaks.check("YAML comment", text, &yaml, Format::Yaml, &options);
        let toml = format!(
            "version = 3\n[extra_config.\"telemetry/opentelemetry\"]\n# {text}\ntrace_sample_rate = 0\nexporters = {{ otlp = [{{ name = \"a\", host = \"h\" }}] }}\n"
        );
        leaks.check("TOML comment", text, &toml, Format::Toml, &options);
        for mark in ["//", "#", "/*"] {
            let end = if mark == "/*" { "*/" } else { "" };
            let json = format!(
                "{{\"version\": 3, \"extra_config\": {{\"telemetry/opentelemetry\": {{\n{mark} {} {end}\n\"trace_sample_rate\": 0}}}}}}",
                text.replace("\n#", &format!("\n{}", if end.is_empty() { mark } else { "" }))
            );
            leaks.check("JSON comment", text, &json, Format::Json, &options);
        }
    }
    leaks.none();
}

#[test]
fn of_no_known_case() {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/cases/trust/secrets.jsonl");
    let Ok(cases) = std::fs::read_to_string(cases) else {
        eprintln!("skipped: the cases are not here");
        return;
    };
    let mut told = Vec::new();
    for case in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(case).expect("a case");
        let text = |key: &str| case[key].as_str().expect("a text");
        let format = Format::of_name(&format!("x.{}", text("format")));
        let version = case["flags"][1].as_str();
        let options = outputs::options(Edition::Community, version);
        for (output, shown) in outputs::of(text("config"), format, &options) {
            if shown.contains(text("hidden")) {
                told.push(format!("{} in {output}", text("name")));
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// What is hidden beside a fault may be more than one string, and what is said quotes one of them.
#[test]
fn in_no_string_of_what_is_hidden_as_a_whole() {
    let json = format!(
        r#"{{"version": 3, "extra_config": {{"telemetry/opentelemetry": {{"exporters": {{"otlp": [{{"name": "c", "host": "h", "password""x":'"b", "headers": {{"X":, "{CANARY}"}}}}]}}}}}}}}"#
    );
    let yaml = format!(
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp: [{{name: c, host: h, :\"password\"' \"{CANARY}\", headers: {{\"X\" :\"y\"}}}}]\n"
    );
    let options = outputs::options(Edition::Community, None);
    for (text, format) in [(json, Format::Json), (yaml, Format::Yaml)] {
        for (output, shown) in outputs::of(&text, format, &options) {
            assert!(!shown.contains(CANARY), "{output}: {shown}");
        }
    }
}

/// What a fix changes may lie far from the labels, and a neighbouring line may begin far before them.
#[test]
fn in_nothing_that_is_shown_far_from_its_finding() {
    let far = "y".repeat(9000);
    let secret = format!("\"@headers\": {{\"api-key\": \"{CANARY}\"}}");
    let exporter = format!("{{\"name\": \"a\", \"host\": \"h\", {secret}}}");
    let texts = [
        format!(
            "{{\"version\": 3, \"extra_config\": {{\"telemetry/opentelemetry\": {{\n\"trace_sample_rate\": 0,\n\"@a\": \"{far}\",\n\"@b\": 1,\n\"@c\": 2,\n\"exporters\": {{\"otlp\": [\n{exporter}\n]}}}}}}}}"
        ),
        format!(
            "{{\"version\": 3, \"extra_config\": {{\"telemetry/opentelemetry\": {{\n{secret}, \"@a\": \"{far}\",\n\"trace_sample_rate\": 0,\n\"exporters\": {{\"otlp\": [{{\"name\": \"a\", \"host\": \"h\"}}]}}}}}}}}"
        ),
        format!(
            "{{\"version\": 3, \"extra_config\": {{\"telemetry/opentelemetry\": {{\"@a\": \"{far}\",\n\"trace_sample_rate\": 0,\n{secret}, \"@b\": \"{far}\",\n\"exporters\": {{\"otlp\": [{{\"name\": \"a\", \"host\": \"h\"}}]}}}}}}}}"
        ),
    ];
    for text in &texts {
        let options = outputs::options(Edition::Community, None);
        for (output, shown) in outputs::of(text, Format::Json, &options) {
            assert!(!shown.contains(CANARY), "{output}: {shown}");
        }
        // The line with it is there, so that this can fail.
        let shown = outputs::of(text, Format::Json, &options).swap_remove(0).1;
        assert!(shown.contains("@headers"), "{shown}");
    }
}
