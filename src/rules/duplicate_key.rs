use std::borrow::Cow;
use std::collections::HashMap;

use crate::document::{Kind, Member, NodeId};
use crate::effective::decode::folded_key;
use crate::effective::{NAMESPACE, SECURITY_NAMESPACE};
use crate::finding::{Edit, Severity};
use crate::model::is_comment;
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
    fix: Availability::Sometimes,
    supersedes: &["key-case"],
    needs_whole: false,
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

```json fixed
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
    let mut blocks = blocks(cx);
    blocks.sort_unstable();
    // For the gateway's reader of YAML a key that stands twice is a fault in the syntax; that of TOML
    // takes one inside an inline table.
    let takes_same = doc.source().format() != Format::Yaml;
    let mut members: Vec<(Cow<'_, str>, Member)> = Vec::new();
    for object in doc.nodes().filter(|&node| doc.kind(node) == Kind::Object) {
        if !may_repeat(cx, object) {
            continue;
        }
        members.clear();
        members.extend(doc.members(object).map(|member| (doc.key(member.key), member)));
        let before = blocks.partition_point(|&block| block <= object);
        if before > 0 && doc.is_within(object, blocks[before - 1]) {
            same_but_for_case(cx, &members);
        }
        if takes_same {
            // Sorted by their text, equal keys are neighbours; the sort keeps their order.
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            for pair in members.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                report_same(cx, pair[0].1, pair[1].1);
            }
        }
    }
}

/// Whether two keys of `object` may be the same, in any case: a quick look at what nearly all objects
/// are, few plain keys that differ.
fn may_repeat(cx: &Context<'_>, object: NodeId) -> bool {
    const FEW: usize = 16;
    let mut keys: [&[u8]; FEW] = [b""; FEW];
    for (nth, member) in cx.doc.members(object).enumerate() {
        let Some(key) = cx.doc.plain(member.key).filter(|_| nth < FEW) else { return true };
        if keys[..nth].iter().any(|other| other.eq_ignore_ascii_case(key)) {
            return true;
        }
        keys[nth] = key;
    }
    false
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
        .labelled("this one counts")
        .related(cx.label(before.key, "this one is lost"))
        .help("Keep one of the two.")
        .severity(severity)
        .safe_fix("Remove the one that is lost", vec![Edit::Remove { node: before.key }]);
    cx.report(finding);
}

/// Reports keys of a telemetry block that the gateway takes for the same setting, but that are not
/// equal to the letter.
fn same_but_for_case(cx: &mut Context<'_>, members: &[(Cow<'_, str>, Member)]) {
    let mut first: HashMap<String, &(Cow<'_, str>, Member)> = HashMap::new();
    for written in members {
        let (name, member) = written;
        let (other, before) = *first.entry(folded_key(name)).or_insert(written);
        if other == name {
            continue;
        }
        if is_comment(name) {
            continue;
        }
        let is_object = |member: &Member| cx.doc.kind(member.value) == Kind::Object;
        let outcome = if is_object(member) && is_object(before) {
            "they are merged".to_owned()
        } else {
            format!("`{}` counts", other.max(name))
        };
        let finding = cx
            .at(member.key, format!("`{other}` and `{name}` are the same setting: {outcome}"))
            .labelled("the same setting again")
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
