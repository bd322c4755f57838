//! Names of rules and groups, as the command line and the settings have them.

use crate::spelling;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::rule::{Check, Group, Rule};
use crate::rules;

/// The name that stands for every rule.
const ALL: &str = "all";

/// One rule, or several.
#[derive(Clone, Copy, Debug)]
pub enum Selector {
    /// Every rule.
    All,
    /// The rules of a group.
    Group(Group),
    /// One rule.
    Rule(&'static Rule),
}

/// A name that no rule and no group has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule or group `{name}`")]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The name that was probably meant.
    pub nearest: Option<&'static str>,
}

impl UnknownRule {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> String {
        match self.nearest {
            Some(name) => format!("Did you mean `{name}`?"),
            None => "`otel-lint rules` lists them.".to_owned(),
        }
    }
}

impl Selector {
    /// Every name: `all`, the groups, the rules.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let groups = Group::ALL.into_iter().map(Group::as_str);
        std::iter::once(ALL).chain(groups).chain(rules::ALL.iter().map(|rule| rule.id))
    }

    /// Whether `rule` is among those meant.
    #[must_use]
    pub fn includes(self, rule: &Rule) -> bool {
        match self {
            Self::All => true,
            Self::Group(group) => rule.group == group,
            Self::Rule(one) => one.id == rule.id,
        }
    }

    /// How closely it says what is meant: the greater, the closer.
    #[must_use]
    pub fn closeness(self) -> u8 {
        match self {
            Self::All => 0,
            Self::Group(_) => 1,
            Self::Rule(_) => 2,
        }
    }

    /// Whether it is a rule that always speaks: a file that cannot be read cannot be checked, and
    /// that must not pass for a clean one.
    #[must_use]
    pub fn is_indispensable(self) -> bool {
        matches!(self, Self::Rule(rule) if is_indispensable(rule))
    }
}

/// Whether `rule` tells that the file cannot be read.
pub(super) fn is_indispensable(rule: &Rule) -> bool {
    matches!(rule.check, Check::Reader)
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::All => ALL,
            Self::Group(group) => group.as_str(),
            Self::Rule(rule) => rule.id,
        })
    }
}

impl FromStr for Selector {
    type Err = UnknownRule;

    fn from_str(name: &str) -> Result<Self, UnknownRule> {
        // People write names as they read them, at the beginning of a sentence too.
        let lower = name.to_ascii_lowercase();
        let group = || Group::ALL.into_iter().find(|group| group.as_str() == lower);
        match rules::get(&lower) {
            _ if lower == ALL => Ok(Self::All),
            Some(rule) => Ok(Self::Rule(rule)),
            None => group().map(Self::Group).ok_or_else(|| UnknownRule {
                name: name.to_owned(),
                nearest: spelling::nearest(name, Self::names()),
            }),
        }
    }
}

impl JsonSchema for Selector {
    fn schema_name() -> Cow<'static, str> {
        "Selector".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": Self::names().collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        let mut names: Vec<&str> = Selector::names().collect();
        for name in &names {
            assert_eq!(name.parse::<Selector>().expect(name).to_string(), *name);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Selector::names().count(), "a group has the name of a rule");
    }

    #[test]
    fn case_does_not_count() {
        for (name, expected) in
            [("Sample-Rate-Full", "sample-rate-full"), ("PRIVACY", "privacy"), ("All", "all")]
        {
            assert_eq!(name.parse::<Selector>().expect(name).to_string(), expected);
        }
    }

    #[test]
    fn a_name_that_is_nearly_right_is_suggested() {
        for (name, expected) in [
            ("sample-rate-ful", Some("sample-rate-full")),
            ("SAMPLE_RATE_FULL", Some("sample-rate-full")),
            ("privcy", Some("privacy")),
            ("saas", Some("saas-endpoint-needs-auth")),
            ("xyzzy", None),
            ("", None),
        ] {
            let unknown = name.parse::<Selector>().expect_err(name);
            assert_eq!(unknown.nearest, expected, "{name}");
        }
    }
}
