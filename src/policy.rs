//! What the users of the linter decide: how bad findings of which rule are, which headers of their
//! own are secrets, where the usual ports do not hold. Made from the command line and the settings;
//! the engine only obeys it.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Severity;

/// How bad the findings of a rule are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// There are none.
    Off,
    /// As bad as this, whatever the rule thinks.
    At(Severity),
}

/// The least severity that makes a run fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FailOn {
    /// Errors.
    #[default]
    Error,
    /// Warnings and errors.
    Warning,
    /// Any finding.
    Info,
    /// None.
    Never,
}

impl FailOn {
    /// Every value, the strictest last but one.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Info, Self::Never];

    /// The word on the command line and in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Never => "never",
        }
    }

    /// Whether a finding this bad fails the run.
    #[must_use]
    pub fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Info => true,
            Self::Never => false,
        }
    }
}

/// The decisions for one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The level of each rule, by id, that has another than its own.
    pub levels: BTreeMap<&'static str, Level>,
    /// Rules that were asked for by name: their infos are shown also to those who are not pedantic.
    pub wanted: BTreeSet<&'static str>,
    /// The least severity that makes the run fail.
    pub fail_on: FailOn,
    /// Headers that carry secrets, beside the well-known ones, in their canonical form.
    pub sensitive_headers: Vec<String>,
    /// Hosts, in lower case, whose ports are nobody's business; `*.` before one stands for all below
    /// it.
    pub port_exempt_hosts: Vec<String>,
}

impl Policy {
    /// Whether findings of `rule` are wanted at all.
    #[must_use]
    pub fn is_on(&self, rule: &str) -> bool {
        self.levels.get(rule) != Some(&Level::Off)
    }

    /// The rules whose findings are not wanted.
    #[must_use]
    pub fn off(&self) -> Vec<&'static str> {
        let off = self.levels.iter().filter(|(_, level)| **level == Level::Off);
        off.map(|(rule, _)| *rule).collect()
    }

    /// How bad a finding of `rule` is that the rule itself calls `own`.
    #[must_use]
    pub fn severity(&self, rule: &str, own: Severity) -> Severity {
        match self.levels.get(rule) {
            Some(Level::At(severity)) => *severity,
            Some(Level::Off) | None => own,
        }
    }

    /// Whether the port of exporters that send to `host` is not to be checked.
    #[must_use]
    pub fn exempts_ports_of(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.port_exempt_hosts.iter().any(|exempt| match exempt.strip_prefix('*') {
            Some(parent) => host.len() > parent.len() && host.ends_with(parent),
            None => *exempt == host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_all_hosts_below() {
        let hosts = ["collector", "*.corp.example"].map(str::to_owned);
        let policy = Policy { port_exempt_hosts: hosts.to_vec(), ..Policy::default() };
        for (host, exempt) in [
            ("collector", true),
            ("Collector", true),
            ("a.corp.example", true),
            ("a.b.corp.example", true),
            ("corp.example", false),
            (".corp.example", false),
            ("xcorp.example", false),
            ("collector.corp", false),
        ] {
            assert_eq!(policy.exempts_ports_of(host), exempt, "{host}");
        }
    }
}
