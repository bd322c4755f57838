use crate::document::{Kind, NodeId};
use crate::finding::Severity;
use crate::model::is_comment;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The block has no exporter.
pub static RULE: Rule = Rule {
    id: "no-exporters",
    summary: "the telemetry block has no exporter, so nothing is exported",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::TelemetryOffSilently,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &["missing-field", "value-out-of-range", "wrong-type"],
    needs_whole: true,
    docs: r#"
Without an exporter there is nowhere to send anything. The gateway takes such a block and logs
nothing: spans and metrics go to providers that do nothing, and no `traceparent` is sent to the
backends.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "@todo": "collector of the platform team" }
    }
  }
}
```

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": { "trace_sample_rate": 0.1 }
  }
}
```

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel state/state.go:96,115"],
    check: Check::Semantic(check),
};

/// What to do, in each case.
const HELP: &str = "Add an exporter: `\"exporters\": {\"otlp\": [{\"name\": \"collector\", \
                    \"host\": \"collector\"}]}`.";

fn check(cx: &mut Context<'_>) {
    let Some(block) = &cx.effective.block else { return };
    if !block.errors.is_empty() {
        return; // The block is dropped for another reason, which has its own finding.
    }
    let message = "no exporter: nothing is exported, and the gateway does not say so";
    if cx.doc.kind(block.node) != Kind::Object {
        let finding = cx.at(block.node, message).labelled("counts as empty").help(HELP);
        cx.report(finding);
        return;
    }
    let finding = match block.written.exporters.at() {
        Some(at) if is_without_exporter(cx, at.node) => cx
            .at(at.node, message)
            .labelled("holds no exporter")
            .pointing_at(cx.doc.opening(at.node)),
        Some(_) => return,
        None if cx.doc.has_misspelt_key(block.node, "exporters") => return,
        None => {
            let finding =
                cx.missing(block.node, "exporters", message).labelled("no `exporters` here");
            match cx.doc.get(block.node, "exporters") {
                Some(null) => {
                    finding.pointing_at(cx.doc.span(null.value)).labelled("counts as missing")
                }
                None => finding,
            }
        }
    };
    cx.report(finding.help(HELP));
}

/// Whether nothing in `exporters` is, or tries to be, an exporter. A family that does not exist
/// has a finding of its own.
fn is_without_exporter(cx: &Context<'_>, exporters: NodeId) -> bool {
    cx.doc.members(exporters).all(|member| {
        let key = cx.doc.key(member.key);
        let is_empty = match cx.doc.kind(member.value) {
            Kind::Array => cx.doc.items(member.value).next().is_none(),
            kind => kind == Kind::Null,
        };
        is_comment(&key) || is_empty
    })
}
