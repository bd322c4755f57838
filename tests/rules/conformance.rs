//! The published schemas find fault with the same things as the official ones, but for a list of
//! deliberate differences: mistakes of the official ones, and what the gateway cannot read.
//!
//! The official schemas are not part of this project. Where they are not checked out beside it, as
//! `../shared/reference/schemas/v<minor>/opentelemetry*.json`, there is nothing to compare with.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use otel_lint::schema::{self, Scope};
use otel_lint::target::Version;
use serde_json::Value;

use super::blocks::{self, Random};

/// Blocks tried for each release and scope.
const ROUNDS: usize = 4_000;

/// A place where only one side finds a fault.
struct Difference {
    scope: Scope,
    /// Minor releases of 2.
    minors: RangeInclusive<u16>,
    /// Patterns of pointers: `*` is any index or key that is not a comment, `@` a comment key.
    places: &'static [&'static str],
    /// What is found there.
    fault: &'static str,
    stricter: Side,
    reason: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Ours,
    Theirs,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        scope: Scope::Service,
        minors: 6..=13,
        places: &["/exporters/otlp/*", "/exporters/prometheus/*"],
        fault: "type",
        stricter: Side::Ours,
        reason: "exporters have no `type`: a text passes, which the gateway cannot decode",
    },
    Difference {
        scope: Scope::Service,
        minors: 10..=13,
        places: &[
            "/exporters/otlp/*/custom_metric_reporting_period",
            "/exporters/prometheus/*/custom_metric_reporting_period",
        ],
        fault: "small",
        stricter: Side::Ours,
        reason: "an unsigned number for the gateway: a negative one switches telemetry off",
    },
    Difference {
        scope: Scope::Service,
        minors: 7..=13,
        places: &[
            "/layers/global/metrics_static_attributes/*",
            "/layers/global/traces_static_attributes/*",
            "/layers/proxy/metrics_static_attributes/*",
            "/layers/proxy/traces_static_attributes/*",
        ],
        fault: "type",
        stricter: Side::Ours,
        reason: "attributes of these layers have no `type`",
    },
    Difference {
        scope: Scope::Service,
        minors: 7..=13,
        places: &[
            "/layers/global/metrics_static_attributes/*/@",
            "/layers/global/traces_static_attributes/*/@",
            "/layers/proxy/metrics_static_attributes/*/@",
            "/layers/proxy/traces_static_attributes/*/@",
        ],
        fault: "unknown",
        stricter: Side::Theirs,
        reason: "comments are forgotten in attributes of these layers",
    },
    Difference {
        scope: Scope::Endpoint,
        minors: 7..=13,
        places: &[
            "/proxy/metrics_static_attributes/*",
            "/proxy/traces_static_attributes/*",
            "/global/metrics_static_attributes/*",
            "/global/traces_static_attributes/*",
        ],
        fault: "type",
        stricter: Side::Ours,
        reason: "attributes of these layers have no `type`",
    },
    Difference {
        scope: Scope::Endpoint,
        minors: 7..=13,
        places: &[
            "/proxy/metrics_static_attributes/*/@",
            "/proxy/traces_static_attributes/*/@",
            "/global/metrics_static_attributes/*/@",
            "/global/traces_static_attributes/*/@",
        ],
        fault: "unknown",
        stricter: Side::Theirs,
        reason: "comments are forgotten in attributes of these layers",
    },
    Difference {
        scope: Scope::Endpoint,
        minors: 8..=13,
        places: &["/global"],
        fault: "type",
        stricter: Side::Ours,
        reason: "the layer has no `type`",
    },
    Difference {
        scope: Scope::Endpoint,
        minors: 6..=7,
        places: &[
            "/exporters_override/metric_exporters/*",
            "/exporters_override/trace_exporters/*",
        ],
        fault: "type",
        stricter: Side::Ours,
        reason: "names of exporters have no `type` before 2.8",
    },
    Difference {
        scope: Scope::Backend,
        minors: 7..=12,
        places: &[
            "/backend/metrics/static_attributes/*/*",
            "/backend/traces/static_attributes/*/*",
        ],
        fault: "unknown",
        stricter: Side::Ours,
        reason: "`additionalproperties` in lower case is not a keyword",
    },
    Difference {
        scope: Scope::Security,
        minors: 6..=13,
        places: &["/otlp/*"],
        fault: "type",
        stricter: Side::Ours,
        reason: "credentials have no `type`",
    },
    Difference {
        scope: Scope::Security,
        minors: 6..=13,
        places: &["/otlp/*/headers/*", "/otlp/*/headers/@"],
        fault: "type",
        stricter: Side::Ours,
        reason: "a pattern for all headers is taken for the name of one",
    },
    Difference {
        scope: Scope::Security,
        minors: 6..=13,
        places: &["/otlp/*/headers"],
        fault: "few",
        stricter: Side::Ours,
        reason: "credentials without a header authenticate nothing",
    },
];

impl Difference {
    fn excuses(
        &self,
        scope: Scope,
        minor: u16,
        (place, fault): &(String, &str),
        side: Side,
    ) -> bool {
        self.scope == scope
            && self.minors.contains(&minor)
            && self.fault == *fault
            && self.stricter == side
            && self.places.iter().any(|pattern| matches(pattern, place))
    }
}

fn matches(pattern: &str, place: &str) -> bool {
    let (mut pattern, mut place) = (pattern.split('/'), place.split('/'));
    loop {
        let is_comment = |key: &str| key.starts_with(['@', '$', '_', '#']);
        match (pattern.next(), place.next()) {
            (None, None) => return true,
            (Some("@"), Some(key)) if is_comment(key) => {}
            (Some("*"), Some(key)) if !is_comment(key) => {}
            (Some(wanted), Some(key)) if wanted == key => {}
            _ => return false,
        }
    }
}

fn official(scope: Scope, version: Version) -> Option<Value> {
    let name = match scope {
        Scope::Service => "opentelemetry.json".to_owned(),
        other => format!("opentelemetry-{other}.json"),
    };
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("../shared/reference/schemas").join(format!("v{}", version.minor()));
    let text = fs::read_to_string(folder.join(name)).ok()?;
    Some(serde_json::from_str(&text).expect("an official schema is JSON"))
}

#[test]
fn the_same_faults_are_found_as_by_the_official_schemas() {
    let strange = Scope::BLOCKS.map(|scope| {
        let newest = schema::generate(scope, Version::NEWEST);
        if scope == Scope::Backend { schema::generate(scope, Version::FIRST) } else { newest }
    });
    let mut used = HashSet::new();
    let (mut valid, mut invalid, mut excused) = (0, 0, 0);
    for version in Version::PATCHES {
        for scope in Scope::BLOCKS {
            let Some(official) = official(scope, version) else {
                eprintln!("the official {scope} schema of {version} is not here: not compared");
                continue;
            };
            let theirs = jsonschema::validator_for(&official).expect("it is a schema");
            let ours = schema::generate(scope, version);
            let seed = u64::from(version.minor) * 10 + scope as u64;
            let mut random = Random::new(seed);
            for round in 0..ROUNDS {
                let from = if round % 2 == 0 { &ours } else { &official };
                let fullness = if round < 2 { 100 } else { 10 + random.below(91) };
                let mut block = blocks::valid(from, fullness, &mut random);
                if round >= 20 {
                    let stranger = &strange[random.below(strange.len())];
                    let stranger = blocks::valid(stranger, 50, &mut random);
                    blocks::mutate(&mut block, &stranger, &mut random);
                }
                let ours = blocks::compiled_faults(&schema::errors(scope, version, &block));
                let ours: BTreeSet<_> = ours.into_iter().collect();
                let theirs: BTreeSet<_> = blocks::faults(&theirs, &block).into_iter().collect();
                for (fault, side) in (ours.difference(&theirs).map(|fault| (fault, Side::Ours)))
                    .chain(theirs.difference(&ours).map(|fault| (fault, Side::Theirs)))
                {
                    let excuse = DIFFERENCES
                        .iter()
                        .position(|d| d.excuses(scope, version.minor, fault, side));
                    let Some(index) = excuse else {
                        panic!("{scope} {version}: only {side:?} finds {fault:?} in\n{block}");
                    };
                    // The list is for verdicts: here the one fault turned it.
                    if ours.is_empty() != theirs.is_empty() {
                        used.insert((index, version.minor));
                    }
                }
                match (ours.is_empty(), theirs.is_empty()) {
                    (true, true) => valid += 1,
                    (false, false) => invalid += 1,
                    _ => excused += 1,
                }
            }
        }
    }
    println!("{valid} valid and {invalid} invalid on both sides, {excused} excused");
    if valid + invalid + excused == 0 {
        return;
    }
    for (index, difference) in DIFFERENCES.iter().enumerate() {
        for minor in difference.minors.clone() {
            let Difference { scope, places, reason, .. } = difference;
            assert!(
                used.contains(&(index, minor)),
                "2.{minor} {scope} {places:?} is no difference: {reason}"
            );
        }
    }
}
