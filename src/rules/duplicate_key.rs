use crate::document::{Kind, Member, NodeId};
use crate::effective::decode::same_key;
use crate::effective::{NAMESPACE, SECURITY_NAMESPACE};
use crate::finding::Severity;
use crate::model::is_comment;
use crate::parallel;
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
    let doc = cx.doc;
    // Of nearly all objects this is all that is looked at.
    let suspects = parallel::map(&doc.shares(), |share| doc.objects_with_twins(share)).concat();
    if suspects.is_empty() {
        return;
    }
    let mut blocks = blocks(cx);
    blocks.sort_unstable();
    let mut members = Vec::new();
    for object in suspects {
        let raw = |key| doc.source().slice(doc.span(key));
        members.clear();
        members.extend(doc.members(object).map(|member| (raw(member.key), member)));
        let before = blocks.partition_point(|&block| block <= object);
        if before > 0 && doc.is_within(object, blocks[before - 1]) {
            same_but_for_case(cx, &members);
        }
        // For the gateway's reader of YAML a key that stands twice is a fault in the syntax; that of
        // TOML takes one inside an inline table.
        if doc.source().format() != Format::Yaml {
            same(cx, &mut members);
        }
    }
}

/// Reports keys that are equal to the letter, given the members of an object with the text of their
/// keys.
fn same(cx: &mut Context<'_>, members: &mut [(&[u8], Member)]) {
    if members.len() > 8 {
        // Sorted by their bytes, equal keys are neighbours; the sort keeps their order.
        members.sort_by_key(|(key, _)| *key);
        for pair in members.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            report_same(cx, pair[0].1, pair[1].1);
        }
    } else {
        for (index, (key, member)) in members.iter().enumerate() {
            if let Some((_, before)) = members[..index].iter().rfind(|(other, _)| other == key) {
                report_same(cx, *before, *member);
            }
        }
    }
}

fn report_same(cx: &mut Context<'_>, before: Member, member: Member) {
    let name = cx.doc.key(member.key);
    if is_comment(&name) {
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
fn same_but_for_case(cx: &mut Context<'_>, members: &[(&[u8], Member)]) {
    let doc = cx.doc;
    let is_plain = |member: &Member| doc.plain(member.key).is_some();
    for (index, (key, member)) in members.iter().enumerate() {
        let same = |(other, before): &&(&[u8], Member)| {
            if is_plain(member) && is_plain(before) {
                return other != key && other.eq_ignore_ascii_case(key);
            }
            let (other, name) = (doc.key(before.key), doc.key(member.key));
            other != name && same_key(&other, &name)
        };
        let Some((_, before)) = members[..index].iter().find(same) else { continue };
        let (other, name) = (doc.key(before.key), doc.key(member.key));
        if is_comment(&name) {
            continue;
        }
        let is_object = |member: &Member| cx.doc.kind(member.value) == Kind::Object;
        let outcome = if is_object(member) && is_object(before) {
            "they are merged".to_owned()
        } else {
            format!("`{}` counts", (&other).max(&name))
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
