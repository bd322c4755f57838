//! What is in force for one file, and who said so.

use std::path::Path;
use std::sync::Arc;

use super::selector::is_indispensable;
use super::{Choices, Given, Origin, Selector, Settings};
use crate::finding::Severity;
use crate::linter::Options;
use crate::policy::{FailOn, Level, Policy};
use crate::rule::Rule;
use crate::rules;
use crate::target::{Edition, Version};

/// What is in force for one file.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The release, if the command line or the settings name one.
    pub version: Option<Given<Version>>,
    /// The edition.
    pub edition: Given<Edition>,
    /// Whether infos are shown.
    pub pedantic: Given<bool>,
    /// The least severity that makes the run fail.
    pub fail_on: Given<FailOn>,
    /// Every rule, in the order of the documentation.
    pub rules: Vec<RuleInForce>,
    /// Headers that carry secrets, beside the well-known ones.
    pub sensitive_headers: Vec<Given<String>>,
    /// Hosts whose ports are not checked.
    pub port_exempt_hosts: Vec<Given<String>>,
}

/// What is in force for one rule.
#[derive(Clone, Debug)]
pub struct RuleInForce {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad its findings are; `None`: as bad as the rule says.
    pub level: Option<Level>,
    /// Whether it was asked for by name, so that its infos are shown.
    pub wanted: bool,
    /// Who said so.
    pub origin: Origin,
}

impl InForce {
    /// What is in force for the file at `path`, relative to where the patterns of `settings` are
    /// written; `None` for standard input.
    #[must_use]
    pub fn new(flags: &Choices, settings: Option<&Settings>, path: Option<&Path>) -> Self {
        let overrides = settings.into_iter().flat_map(|settings| &settings.overrides);
        let overrides = overrides.filter(|one| path.is_some_and(|p| one.paths.matches(p, false)));
        // The weakest first: what comes later wins.
        let layers: Vec<&Choices> = (settings.map(|settings| &settings.choices).into_iter())
            .chain(overrides.map(|one| &one.choices))
            .chain([flags])
            .collect();
        let fail_on = last(&layers, |layer| &layer.fail_on, FailOn::default());
        let mut pedantic = last(&layers, |layer| &layer.pedantic, false);
        if fail_on.value == FailOn::Info && !pedantic.value {
            // Who fails on infos wants to see them.
            pedantic = Given { value: true, origin: fail_on.origin.clone() };
        }
        let mut rules: Vec<RuleInForce> = rules::ALL
            .iter()
            .map(|&rule| RuleInForce { rule, level: None, wanted: false, origin: Origin::Default })
            .collect();
        for layer in &layers {
            apply(layer, &mut rules);
        }
        Self {
            version: layers.iter().rev().find_map(|layer| layer.krakend_version.clone()),
            edition: last(&layers, |layer| &layer.edition, Edition::default()),
            pedantic,
            fail_on,
            rules,
            sensitive_headers: union(&layers, |layer| &layer.sensitive_headers),
            port_exempt_hosts: union(&layers, |layer| &layer.port_exempt_hosts),
        }
    }

    /// The same for the engine.
    #[must_use]
    pub fn options(&self) -> Options {
        let by_flag = |version: &&Given<Version>| matches!(version.origin, Origin::Flag(_));
        let version = self.version.as_ref();
        let named = |given: &Given<Version>| given.value;
        let wanted = self.rules.iter().filter(|rule| rule.wanted).map(|rule| rule.rule.id);
        let levels = self.rules.iter().filter_map(|rule| Some((rule.rule.id, rule.level?)));
        let values = |list: &[Given<String>]| list.iter().map(|one| one.value.clone()).collect();
        Options {
            version: version.filter(by_flag).map(named),
            settings_version: version.filter(|version| !by_flag(version)).map(named),
            edition: self.edition.value,
            pedantic: self.pedantic.value,
            policy: Arc::new(Policy {
                levels: levels.collect(),
                wanted: wanted.collect(),
                fail_on: self.fail_on.value,
                sensitive_headers: values(&self.sensitive_headers),
                port_exempt_hosts: values(&self.port_exempt_hosts),
            }),
        }
    }
}

/// What the strongest of `layers` says, else `default`.
fn last<T: Clone>(
    layers: &[&Choices],
    of: impl Fn(&Choices) -> &Option<Given<T>>,
    default: T,
) -> Given<T> {
    let said = layers.iter().rev().find_map(|layer| of(layer).clone());
    said.unwrap_or_else(|| Given::by_default(default))
}

/// What all of `layers` say together, each value once.
fn union(layers: &[&Choices], of: impl Fn(&Choices) -> &Vec<Given<String>>) -> Vec<Given<String>> {
    let mut all: Vec<Given<String>> = Vec::new();
    for one in layers.iter().flat_map(|layer| of(layer)) {
        if !all.iter().any(|known| known.value == one.value) {
            all.push(one.clone());
        }
    }
    all
}

/// Has `layer` decide about `rules`. Within it the closer name wins: a rule's over its group's, a
/// group's over `all`; and of two that are equally close, off over error over warning over info over
/// the rule's own.
fn apply(layer: &Choices, rules: &mut [RuleInForce]) {
    for one in rules {
        if let Some(select) = &layer.select {
            choose(select, one);
        }
        let speaks = |selector: Selector| selector.includes(one.rule);
        let said = layer.levels.iter().filter(|(name, _)| speaks(name.value));
        let Some((name, level)) =
            said.max_by_key(|(name, level)| (name.value.closeness(), strength(*level)))
        else {
            continue;
        };
        let keeps_speaking = is_indispensable(one.rule);
        if !keeps_speaking || matches!(level, None | Some(Level::At(Severity::Error))) {
            one.level = *level;
            one.origin = name.origin.clone();
        }
    }
}

/// Has the list of the only rules to check decide about `one`.
fn choose(select: &[Given<Selector>], one: &mut RuleInForce) {
    let chosen = select.iter().filter(|name| name.value.includes(one.rule));
    match chosen.max_by_key(|name| name.value.closeness()) {
        Some(name) => {
            if one.level == Some(Level::Off) {
                one.level = None;
            }
            one.wanted = matches!(name.value, Selector::Rule(_));
            one.origin = name.origin.clone();
        }
        None if is_indispensable(one.rule) => {}
        None => {
            one.level = Some(Level::Off);
            one.wanted = false;
            if let Some(name) = select.first() {
                one.origin = name.origin.clone();
            }
        }
    }
}

/// The greater, the more it wins.
fn strength(level: Option<Level>) -> u8 {
    match level {
        None => 0,
        Some(Level::At(severity)) => 1 + severity as u8,
        Some(Level::Off) => u8::MAX,
    }
}
