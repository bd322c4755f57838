//! Every construct and function that template projects use: a finding is told at the exact place of its
//! origin, which stands between « and ».

use otel_lint::flexible;
use otel_lint::linter::{Host, Options};
use otel_lint::source::{Source, Span};
use otel_lint::template::{Project, Role};

const RATE: &str = "sample-rate-zero";
const PERIOD: &str = "metric-period-not-positive";
const PORT: &str = "otlp-http-without-port";
const HOST: &str = "otlp-host-contains-port";
const KEY: &str = "unknown-field";

/// What is in the telemetry block before its exporters, each file that belongs to it, and the rule.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const SETTINGS: &str = "settings/t.json";

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("printing action", r#""trace_sample_rate": {{ .t.rate }},"#, &[(SETTINGS, r#"{ "rate": «0» }"#)], RATE),
    ("action inside a string", r#""service_name": "x", "{{ .t.key }}": 1,"#, &[(SETTINGS, r#"{ "key": «"servise"» }"#)], KEY),
    ("part of a string", r#"«"ser{{ .t.key }}e"»: 1,"#, &[(SETTINGS, r#"{ "key": "vis" }"#)], KEY),
    ("template with an argument", r#"{{ template "rate" .t }},"#, &[(SETTINGS, r#"{ "rate": «0» }"#), ("templates/a.tmpl", r#"{{ define "rate" }}"trace_sample_rate": {{ .rate }}{{ end }}"#)], RATE),
    ("template without an argument", r#"{{ template "rate" }},"#, &[("templates/a.tmpl", r#"{{ define "rate" }}"trace_sample_rate": «0»{{ end }}"#)], RATE),
    ("a file of the templates by its name", r#"{{ template "rate.tmpl" . }}"#, &[("templates/rate.tmpl", "\"trace_sample_rate\": «0»,\n")], RATE),
    ("partial", r#"{{ include "a.tmpl" }},"#, &[("partials/a.tmpl", r#""metric_reporting_period": «0»"#)], PERIOD),
    ("partial with a path", r#"{{ include "otel/a.json" }},"#, &[("partials/otel/a.json", r#""metric_reporting_period": «0»"#)], PERIOD),
    ("comma in the partial", r#"{{ include "a.tmpl" }}"#, &[("partials/a.tmpl", "\"metric_reporting_period\": «0»,")], PERIOD),
    ("partial with braces", r#"{{ include "a.tmpl" }},"#, &[("partials/a.tmpl", r#"«"{{ .t.key }}"»: 1"#)], KEY),
    ("if", r#"{{ if .t.on }}"trace_sample_rate": «0»,{{ end }}"#, &[(SETTINGS, r#"{ "on": true }"#)], RATE),
    ("if-else", r#"{{ if .t.on }}"trace_sample_rate": 1,{{ else }}"trace_sample_rate": «0»,{{ end }}"#, &[(SETTINGS, r#"{ "on": false }"#)], RATE),
    ("else if", r#"{{ if eq .t.env "dev" }}{{ else if eq .t.env "prod" }}"trace_sample_rate": «0»,{{ end }}"#, &[(SETTINGS, r#"{ "env": "prod" }"#)], RATE),
    ("with", r#"{{ with .t.a }}"trace_sample_rate": {{ .rate }},{{ end }}"#, &[(SETTINGS, r#"{ "a": { "rate": «0» } }"#)], RATE),
    ("with-else", r#"{{ with .t.a }}{{ else }}"trace_sample_rate": «0»,{{ end }}"#, &[(SETTINGS, r#"{ "a": null }"#)], RATE),
    ("else with", r#"{{ with .t.a }}{{ else with .t.b }}"trace_sample_rate": {{ .rate }},{{ end }}"#, &[(SETTINGS, r#"{ "a": null, "b": { "rate": «0» } }"#)], RATE),
    ("comma first", r#""service_name": "x"{{ if .t.on }}, "trace_sample_rate": «0»{{ end }},"#, &[(SETTINGS, r#"{ "on": 1 }"#)], RATE),
    ("range with index and value", r#"{{ range $k, $v := .t.all }}"{{ $k }}": {{ $v }},{{ end }}"#, &[(SETTINGS, r#"{ "all": { "metric_reporting_period": «0», "service_name": "\"x\"" } }"#)], PERIOD),
    ("range with a value", r#"{{ range $v := .t.all }}"trace_sample_rate": {{ $v }},{{ end }}"#, &[(SETTINGS, r#"{ "all": [«0»] }"#)], RATE),
    ("range without variables", r#"{{ range .t.all }}"trace_sample_rate": {{ . }},{{ end }}"#, &[(SETTINGS, r#"{ "all": [«0»] }"#)], RATE),
    ("break", r#"{{ range .t.all }}"trace_sample_rate": {{ . }},{{ break }}{{ end }}"#, &[(SETTINGS, r#"{ "all": [«0», 1] }"#)], RATE),
    ("continue", r#"{{ range .t.all }}{{ if gt . 0.0 }}{{ continue }}{{ end }}"trace_sample_rate": {{ . }},{{ end }}"#, &[(SETTINGS, r#"{ "all": [1, «0»] }"#)], RATE),
    ("comma by a flag", r#"{{ $first := true }}{{ range $k, $v := .t.all }}{{ if not $first }},{{ end }}{{ $first = false }}"{{ $k }}": {{ $v }}{{ end }},"#, &[(SETTINGS, r#"{ "all": { "metric_reporting_period": 30, "trace_sample_rate": «0» } }"#)], RATE),
    ("variable", r#"{{ $rate := .t.rate }}"trace_sample_rate": {{ $rate }},"#, &[(SETTINGS, r#"{ "rate": «0» }"#)], RATE),
    ("assignment", r#"{{ $rate := 1 }}{{ $rate = .t.rate }}"trace_sample_rate": {{ $rate }},"#, &[(SETTINGS, r#"{ "rate": «0» }"#)], RATE),
    ("root inside a block", r#"{{ with .t.a }}"trace_sample_rate": {{ $.t.rate }},{{ end }}"#, &[(SETTINGS, r#"{ "a": 1, "rate": «0» }"#)], RATE),
    ("trim markers", "{{- if true -}}\n  \"trace_sample_rate\": «0»,\n{{- end -}}", &[], RATE),
    ("pipeline", r#""trace_sample_rate": {{ .t.rate | toJson }},"#, &[(SETTINGS, r#"{ "rate": «0» }"#)], RATE),
    ("chain", r#""trace_sample_rate": {{ (index .t.all 0).rate }},"#, &[(SETTINGS, r#"{ "all": [{ "rate": «0» }] }"#)], RATE),
    ("string literal", r#"{{ `«"servise"»` }}: 1,"#, &[], KEY),
    ("literal in quotes", r#"{{ "\"trace_sample_rate\"" }}: «0»,"#, &[], RATE),
    ("comment", "{{/* of\nlines */}}\"trace_sample_rate\": «0»,", &[], RATE),
    ("action of several lines", "\"trace_sample_rate\": {{\n  .t.rate\n}},", &[(SETTINGS, r#"{ "rate": «0» }"#)], RATE),
    ("define in the base", r#"{{ define "a" }}"trace_sample_rate": «0»,{{ end }}{{ template "a" }}"#, &[], RATE),
    ("block", r#"{{ block "a" .t }}"trace_sample_rate": {{ .rate }},{{ end }}"#, &[(SETTINGS, r#"{ "rate": «0» }"#)], RATE),
    ("marshal", r#""trace_sample_rate": {{ marshal .t.rate }},"#, &[(SETTINGS, r#"{ "rate": «0» }"#)], RATE),
    ("marshal of an object", r#""layers": {{ marshal .t.layers }},"#, &[(SETTINGS, r#"{ "layers": { "global": { «"disable_trace"»: true } } }"#)], KEY),
    ("toJson of a list", r#""skip_paths": {{ toJson .t.paths }}, "trace_sample_rate": «0»,"#, &[(SETTINGS, r#"{ "paths": ["/__health"] }"#)], RATE),
    ("env", r#""trace_sample_rate": «{{ env "RATE" }}»,"#, &[("RATE", "0")], RATE),
    ("env with a default", r#""trace_sample_rate": {{ env "NONE" | default .t.rate }},"#, &[("NONE", ""), (SETTINGS, r#"{ "rate": «0.0» }"#)], RATE),
    ("gt, le, lt, ne, and, or, not", r#"{{ if and (gt .t.n 1.0) (le .t.n 2.0) (not (lt .t.n 0.0)) (or false (ne .t.n 7.0)) }}"trace_sample_rate": «0»,{{ end }}"#, &[(SETTINGS, r#"{ "n": 2 }"#)], RATE),
    ("splitList and last", r#""{{ last (splitList "," .t.keys) }}": 1,"#, &[(SETTINGS, r#"{ "keys": «"a,servise"» }"#)], KEY),
    ("split", r#""{{ (split "," .t.keys)._1 }}": 1,"#, &[(SETTINGS, r#"{ "keys": «"a,servise"» }"#)], KEY),
    ("trimSuffix and trimPrefix", r#"{{ trimPrefix "-" (trimSuffix "-" .t.key) | quote }}: 1,"#, &[(SETTINGS, r#"{ "key": «"-servise-"» }"#)], KEY),
    ("list, append, concat and len", r#"{{ if eq (len (concat (list 1 2) (append (list) 3))) 3 }}"trace_sample_rate": «0»,{{ end }}"#, &[], RATE),
    ("int and printf", r#""trace_sample_rate": {{ printf "%d" (int .t.rate) }},"#, &[(SETTINGS, r#"{ "rate": «0» }"#)], RATE),
    ("dict, set, merge and hasKey", r#"{{ $d := dict "x" 1 }}{{ $_ := set $d "rate" .t.rate }}{{ $m := merge $d (dict "y" 2) }}{{ if hasKey $m "y" }}"trace_sample_rate": {{ $m.rate }},{{ end }}"#, &[(SETTINGS, r#"{ "rate": «0» }"#)], RATE),
];

/// The rest of the base.
fn base(block: &str) -> String {
    format!(
        "{{\n  \"version\": 3,\n  \"extra_config\": {{\n    \"telemetry/opentelemetry\": {{\n      {block}\n      \
         \"exporters\": {{ \"otlp\": [{{ \"name\": \"c\", \"host\": \"collector\" }}] }}\n    }}\n  }}\n}}\n"
    )
}

/// The file of `text` without the marks, and what stands between them.
fn marked(name: &str, text: &str, expected: &mut Option<(String, Span)>) -> Source {
    let start = text.find('«');
    let bare = text.replace(['«', '»'], "");
    if let Some(start) = start {
        let end = text.find('»').expect("the second mark") - '«'.len_utf8();
        let before = expected.replace((name.to_owned(), Span::new(start, end)));
        assert!(before.is_none(), "two places are marked");
    }
    Source::new(name, bare)
}

fn assert_told(case: &str, base: &str, files: &[(&str, &str)], rule: &str) {
    let mut expected = None;
    let mut project = Project::new("krakend.tmpl", marked("krakend.tmpl", base, &mut expected));
    for (name, text) in files {
        let (folder, inner) = name.split_once('/').unwrap_or(("", name));
        let role = match folder {
            "settings" => Role::Settings,
            "partials" => Role::Partial,
            "templates" => Role::Template,
            _ => {
                let variables = &mut project.environment.variables;
                variables.insert((*name).to_owned(), (*text).to_owned());
                continue;
            }
        };
        let inner = if folder == "settings" { inner.trim_end_matches(".json") } else { inner };
        project.add(role, inner, marked(name, text, &mut expected));
    }
    let (file, span) = expected.expect("a place is marked");
    let checked =
        flexible::check(&project, &Options::default(), Host::PLAIN).expect("nobody cancels");
    let mut found = Vec::new();
    for report in &checked.files {
        for finding in &report.findings {
            let text = String::from_utf8_lossy(report.source.slice(finding.primary.span));
            let place = (report.source.name().to_owned(), finding.primary.span);
            found.push((finding.rule, place, text.into_owned(), finding.message.clone()));
        }
    }
    let is_told =
        |it: &&(&str, (String, Span), String, String)| it.0 == rule && it.1 == (file.clone(), span);
    assert_eq!(found.iter().filter(is_told).count(), 1, "{case}: {file} {span:?}: {found:?}");
    assert_eq!(found.len(), 1, "{case}: {found:?}");
}

#[test]
fn each_construct_has_its_finding_at_the_place_of_its_origin() {
    for (case, block, files, rule) in CASES {
        assert_told(case, &base(block), files, rule);
    }
}

/// Exporters and endpoints by range, by template, and with the commas that go with them.
#[test]
fn what_loops_write_is_told_at_the_setting_or_the_template() {
    let exporters = |list: &str| {
        format!(
            "{{ \"version\": 3, \"extra_config\": {{ \"telemetry/opentelemetry\": {{ \"exporters\": {{ \
             \"otlp\": [{list}] }} }} }} }}"
        )
    };
    let hosts = r#"{ "all": [{ "name": "a", "host": "c" }, { "name": "b", "host": «"d:4317"» }] }"#;
    let comma = |condition: &str| {
        exporters(&format!(
            "{{{{ range $i, $e := .t.all }}}}{{{{ if {condition} }}}},{{{{ end }}}}\
             {{ \"name\": \"{{{{ $e.name }}}}\", \"host\": \"{{{{ $e.host }}}}\" }}{{{{ end }}}}"
        ))
    };
    assert_told("comma by index", &comma("$i"), &[(SETTINGS, hosts)], HOST);
    assert_told("comma by ne", &comma("ne $i 0"), &[(SETTINGS, hosts)], HOST);
    assert_told("comma by gt", &comma("gt $i 0"), &[(SETTINGS, hosts)], HOST);
    let http = r#"{ "all": [{ "name": "a", "host": "c" }] }"#;
    let one = "{{ range .t.all }}«{» \"name\": \"{{ .name }}\", \"host\": \"{{ .host }}\", \"use_http\": true }{{ end }}";
    assert_told("missing key", &exporters(one), &[(SETTINGS, http)], PORT);
    let template = r#"{{ define "exporter" }}«{» "name": "{{ .name }}", "host": "{{ .host }}", "use_http": true }{{ end }}"#;
    let call = exporters("{{ range .t.all }}{{ template \"exporter\" . }}{{ end }}");
    assert_told("by template", &call, &[(SETTINGS, http), ("templates/e.tmpl", template)], PORT);
}
