//! The schema pass: every telemetry block against the generated schema of its scope, each error
//! turned into a finding at its exact place.
//!
//! The schema says what is written wrongly; how bad that is depends on what the gateway does with
//! it. A value its decoder refuses is an error; one that it never looks at is a warning.

use std::collections::HashSet;

use crate::document::unescaped;
use serde_json::{Number, Value, json};

use super::site::{Site, name_of};
use super::unknown;
use super::{Scope, ShapeError, ShapeKind, errors};
use crate::document::{Kind, NodeId};
use crate::effective::Effective;
use crate::effective::decode::{DecodeError, same_key};
use crate::finding::{Edit, Finding, Severity};
use crate::rule::Rule;
use crate::rules::{
    missing_field, override_wrong_type, value_not_allowed, value_out_of_range, wrong_type,
};
use crate::secrets;

/// Levels of a block that are looked at; no schema reaches as deep.
const DEPTH: usize = 24;

/// Checks every telemetry block of the configuration against the schema of its scope.
pub fn check(effective: &Effective<'_>, findings: &mut Vec<Finding>) {
    let service = effective.block.iter().map(|it| Site::new(effective, it, Scope::Service));
    let security = effective.security.iter().map(|it| Site::new(effective, it, Scope::Security));
    let overrides = effective.endpoints.iter().flat_map(|endpoint| {
        let own = endpoint.block.iter().map(|it| Site::new(effective, it, Scope::Endpoint));
        let backends = endpoint.backends.iter().filter_map(|backend| backend.block.as_ref());
        own.chain(backends.map(|it| Site::new(effective, it, Scope::Backend)))
    });
    for site in service.chain(security).chain(overrides) {
        site.check(findings);
    }
}

impl Site<'_> {
    fn check(&self, findings: &mut Vec<Finding>) {
        let value = self.doc.to_value(self.node, DEPTH);
        let mut seen = HashSet::new();
        // What a fragment lacks may be elsewhere.
        let is_elsewhere = |error: &ShapeError| {
            let is_missing = matches!(error.kind, ShapeKind::Missing(_));
            !self.is_whole && is_missing && error.instance.is_empty()
        };
        for error in errors(self.scope, self.target.version, &value) {
            if !is_elsewhere(&error) {
                self.explain(&error, &mut seen, findings);
            }
        }
        for error in self.errors.iter().filter(|error| !seen.contains(&error.node)) {
            findings.push(self.refused(error));
        }
        unknown::too_new(self, findings);
    }

    /// The finding, or findings, for a schema error. `seen` collects the nodes that have one for
    /// their type.
    fn explain(&self, error: &ShapeError, seen: &mut HashSet<NodeId>, findings: &mut Vec<Finding>) {
        let Some(node) = self.resolve(&error.instance) else { return };
        let name = name_of(&error.instance);
        findings.push(match &error.kind {
            ShapeKind::UnknownKeys(keys) => {
                for key in keys {
                    if let Some(member) = self.doc.get(node, key) {
                        findings.extend(unknown::explain(self, &error.instance, node, member, key));
                    }
                }
                return;
            }
            ShapeKind::WrongType { expected } => {
                seen.insert(node);
                self.wrong_type(node, &name, &expected.join(" or "))
            }
            ShapeKind::Missing(key)
                if self.has_in_other_case(node, key) || self.doc.has_misspelt_key(node, key) =>
            {
                return;
            }
            ShapeKind::Missing(key) => self.missing(node, &name, key),
            ShapeKind::TooSmall { limit } => {
                seen.insert(node);
                self.out_of_range(node, format!("{name} must be at least {limit}"))
            }
            ShapeKind::TooLarge { limit } => {
                seen.insert(node);
                self.out_of_range(node, format!("{name} must be at most {limit}"))
            }
            ShapeKind::TooFew { .. } => self.empty(node, &name),
            ShapeKind::NotAllowed { options } => self.not_allowed(node, &name, options),
        });
    }

    fn type_rule(&self) -> &'static Rule {
        let overrides = self.is_override() && override_wrong_type::RULE.applies.to(self.target);
        if overrides { &override_wrong_type::RULE } else { &wrong_type::RULE }
    }

    fn wrong_type(&self, node: NodeId, name: &str, expected: &str) -> Finding {
        let wanted = with_article(expected);
        let kind = self.doc.kind(node);
        if kind == Kind::Null {
            return self
                .at(
                    self.type_rule(),
                    node,
                    format!("{name} is `null`, which counts as not written"),
                )
                .labelled(format!("should be {wanted}"))
                .help(format!("Remove it, or write {wanted}."))
                .severity(Severity::Info);
        }
        let found = match (kind, expected) {
            (Kind::Number, "integer") => "a number with a fraction",
            _ => kind.with_article(),
        };
        let finding = self
            .at(self.type_rule(), node, format!("{name} must be {wanted}, not {found}"))
            .labelled(format!("should be {wanted}"));
        let finding = if self.is_refused(node) {
            finding.help(format!("{}{}", self.advice(node, &wanted), self.consequence()))
        } else {
            finding.help(self.advice(node, &wanted)).severity(Severity::Warning)
        };
        self.convert(finding, node, expected)
    }

    /// The finding for a value that no schema describes but the decoder refuses.
    fn refused(&self, error: &DecodeError) -> Finding {
        let name = match self.doc.pointer(error.node).as_str().rsplit_once('/') {
            Some((_, last)) => format!("`{}`", unescaped(last)),
            None => "this".to_owned(),
        };
        let found = self.doc.kind(error.node).with_article();
        let message = format!("{name} must be {}, not {found}", error.expected);
        self.at(self.type_rule(), error.node, message)
            .labelled(format!("should be {}", error.expected))
            .help(format!("{}{}", self.advice(error.node, error.expected), self.consequence()))
    }

    fn consequence(&self) -> &'static str {
        match self.scope {
            Scope::Endpoint | Scope::Backend => {
                " Until then the gateway drops this whole override, and logs nothing."
            }
            Scope::Service => " Until then the gateway starts without any telemetry.",
            // What the Enterprise Edition does about it is not known.
            Scope::Security | Scope::File => "",
        }
    }

    fn advice(&self, node: NodeId, wanted: &str) -> String {
        let quoted = self.doc.kind(node) == Kind::String && !wanted.contains("string");
        let text = self.doc.str(node).unwrap_or_default();
        let is_plain = text.parse::<f64>().is_ok() || matches!(&*text, "true" | "false");
        if quoted && is_plain {
            format!("Write {text} without quotes.")
        } else {
            format!("Write {wanted}.")
        }
    }

    /// Adds the fix for a value of the wrong type that can have one meaning only.
    fn convert(&self, finding: Finding, node: NodeId, expected: &str) -> Finding {
        let text = self.doc.str(node);
        let value = match (expected, self.doc.kind(node)) {
            ("integer", Kind::String) => text.and_then(|t| t.parse::<i64>().ok()).map(Value::from),
            ("number", Kind::String) => text.and_then(|t| number(&t)).map(Value::Number),
            ("boolean", Kind::String) => text.and_then(|t| t.parse::<bool>().ok()).map(Value::from),
            ("string", Kind::Number) => Some(Value::from(self.doc.text(node).into_owned())),
            ("array", Kind::Object) => {
                let list = json!([self.doc.to_value(node, DEPTH)]);
                let edits = vec![Edit::Replace { node, value: list }];
                return finding.unsafe_fix("Make it a list of one", edits);
            }
            _ => None,
        };
        match value {
            Some(value) => {
                let title = format!("Write it as {}", with_article(expected));
                finding.safe_fix(title, vec![Edit::Replace { node, value }])
            }
            None => finding,
        }
    }

    /// Whether the gateway finds `key` all the same, for its decoder does not look at case.
    fn has_in_other_case(&self, object: NodeId, key: &str) -> bool {
        self.doc.members(object).any(|member| same_key(&self.doc.key(member.key), key))
    }

    fn missing(&self, object: NodeId, name: &str, key: &str) -> Finding {
        let help = match key {
            "host" => "Add the collector's host; without one the gateway sends to its own machine.",
            "name" => "Add a name, different from those of the other exporters.",
            "key" | "value" => "Add it; a pair without key or value is dropped.",
            "exporters" => "Add an exporter.",
            _ => "Add it.",
        };
        let mut finding = self
            .at(&missing_field::RULE, object, format!("{name} has no `{key}`"))
            .pointing_at(self.doc.opening(object))
            .labelled(format!("no `{key}` in here"))
            .help(help);
        finding.pointer = self.doc.pointer(object).key(key).to_string();
        finding
    }

    fn out_of_range(&self, node: NodeId, message: String) -> Finding {
        self.at(&value_out_of_range::RULE, node, message)
            .labelled("out of range")
            .help("Write a value within the bounds.")
    }

    fn empty(&self, node: NodeId, name: &str) -> Finding {
        self.at(&value_out_of_range::RULE, node, format!("{name} is empty"))
            .labelled("holds nothing")
            .help("Remove it, or add what belongs there.")
            .severity(Severity::Warning)
    }

    fn not_allowed(&self, node: NodeId, name: &str, options: &[Value]) -> Finding {
        let found = self.doc.str(node).map_or_else(
            || self.doc.kind(node).with_article().to_owned(),
            |text| format!("\"{}\"", secrets::masked(&text)),
        );
        let options: Vec<String> = options.iter().map(Value::to_string).collect();
        let options = options.join(" or ");
        self.at(&value_not_allowed::RULE, node, format!("{name} takes {options}, not {found}"))
            .labelled("not allowed")
            .help(format!("Write {options}. The gateway treats anything else as the default."))
    }
}

fn with_article(expected: &str) -> String {
    let article = if expected.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    match expected {
        "boolean" => "true or false".to_owned(),
        other => format!("{article} {other}"),
    }
}

fn number(text: &str) -> Option<Number> {
    serde_json::from_str(text).ok()
}
