use crate::document::{Kind, Member, NodeId};
use crate::effective::decode::same_key;
use crate::effective::{NAMESPACE, SECURITY_NAMESPACE};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::source::Format;

/// An object has a key twice.
pub static RULE: Rule = Rule {
    id: "duplicate-key",
    summary: "an object has the same key twice",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &["key-case"],
    docs: r#"
In JSON, of two equal keys the last one wins, and nobody says so: what the first one sets is lost. Inside a
telemetry block the gateway also takes keys that differ only in case for the same setting; there the
one in lower case wins, and objects are merged.

Below `telemetry/*` this is an error, elsewhere a warning.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "old-collector", "host": "collector" }]
      }
    }
  }
}
```

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "old-collector", "Host": "collector" }]
      }
    }
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
    evidence: &["Go encoding/json (Decoder)", "krakend-otel config/lura.go:52-60"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let mut members = Vec::new();
    // For the gateway's readers of other formats a key that stands twice is a fault in the syntax.
    let is_json = cx.doc.source().format() == Format::Json;
    for object in cx.doc.nodes().filter(|_| is_json) {
        if cx.doc.kind(object) != Kind::Object {
            continue;
        }
        members.clear();
        members.extend(cx.doc.members(object));
        same(cx, &mut members);
    }
    for block in blocks(cx) {
        for object in cx.doc.subtree(block) {
            if cx.doc.kind(object) == Kind::Object {
                same_but_for_case(cx, object);
            }
        }
    }
}

/// Reports keys that are equal to the letter.
fn same(cx: &mut Context<'_>, members: &mut [Member]) {
    let doc = cx.doc;
    let raw = |member: &Member| doc.source().slice(doc.span(member.key));
    if members.len() > 8 {
        // Sorted by their bytes, equal keys are neighbours; the sort keeps their order.
        members.sort_by(|a, b| raw(a).cmp(raw(b)));
        for pair in members.windows(2) {
            if raw(&pair[0]) == raw(&pair[1]) {
                report_same(cx, pair[0], pair[1]);
            }
        }
    } else {
        for (index, member) in members.iter().enumerate() {
            if let Some(before) = members[..index].iter().rfind(|before| raw(before) == raw(member))
            {
                report_same(cx, *before, *member);
            }
        }
    }
}

fn report_same(cx: &mut Context<'_>, before: Member, member: Member) {
    let name = cx.doc.key(member.key);
    if name.starts_with(['@', '$', '_', '#']) {
        return; // A comment: nothing is lost.
    }
    let pointer = cx.doc.pointer(member.key);
    let severity =
        if pointer.as_str().contains("/telemetry~1") { Severity::Error } else { Severity::Warning };
    let finding = cx
        .at(member.key, format!("`{name}` is set twice in this object: only the last one counts"))
        .saying("this one counts")
        .related(cx.label(before.key, "this one is lost"))
        .help("Keep one of the two.")
        .severity(severity);
    cx.report(finding);
}

/// Reports keys of a telemetry block that the gateway takes for the same setting.
fn same_but_for_case(cx: &mut Context<'_>, object: NodeId) {
    let members: Vec<(Member, String)> = cx
        .doc
        .members(object)
        .map(|member| (member, cx.doc.key(member.key).into_owned()))
        .collect();
    for (index, (member, name)) in members.iter().enumerate() {
        let Some((before, other)) = members[..index]
            .iter()
            .find(|(_, other)| other != name && same_key(other, name))
            .filter(|_| !name.starts_with(['@', '$', '_', '#']))
        else {
            continue;
        };
        let is_object = |member: &Member| cx.doc.kind(member.value) == Kind::Object;
        let outcome = if is_object(member) && is_object(before) {
            "they are merged".to_owned()
        } else {
            format!("`{}` counts", other.max(name))
        };
        let finding = cx
            .at(member.key, format!("`{other}` and `{name}` are the same setting: {outcome}"))
            .saying("the same setting again")
            .related(cx.label(before.key, "first written here"))
            .help("Keep one of the two, in lower case.");
        cx.report(finding);
    }
}

/// Every telemetry block of the configuration.
fn blocks(cx: &Context<'_>) -> Vec<NodeId> {
    let effective = cx.effective;
    let endpoints = effective.endpoints.iter().flat_map(|endpoint| {
        let backends = endpoint.backends.iter();
        let backends = backends.filter_map(|backend| Some(backend.block.as_ref()?.node));
        endpoint.block.as_ref().map(|block| block.node).into_iter().chain(backends)
    });
    let service = [NAMESPACE, SECURITY_NAMESPACE]
        .into_iter()
        .filter_map(|name| Some(cx.doc.get(effective.extra_config?, name)?.value));
    service.chain(endpoints).collect()
}
