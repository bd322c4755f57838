//! The differences that stay, each with its reason and its number in `../shared/observed/decoded`.

use serde_json::Value;

use crate::record::{Difference, Record};

/// Differences for one reason.
pub struct Kind {
    /// In short.
    pub name: &'static str,
    /// Why they stay.
    pub reason: &'static str,
    /// How many there are.
    pub count: usize,
    is: fn(&Record, &Difference) -> bool,
}

pub const KINDS: &[Kind] = &[
    Kind {
        name: "dialled port",
        reason: "the record has the host of the URL; where that has no port, `effective` tells the one \
                 that is dialled",
        count: 236,
        is: |_, it| {
            let (Some(theirs), Some(ours)) = (it.theirs.as_str(), it.ours.as_str()) else {
                return false;
            };
            let port = ours.strip_prefix(theirs);
            it.at.ends_with("/address") && matches!(port, Some(":80" | ":443"))
        },
    },
    Kind {
        name: "global attributes",
        reason: "the records do not look at the attributes that an endpoint adds to the global layer",
        count: 156,
        is: |_, it| {
            let Some(ours) = it.ours.as_array() else { return false };
            let others = ours.iter().filter(|change| change[0] != "global attributes");
            it.at.ends_with("/changes") && it.theirs == others.cloned().collect::<Value>()
        },
    },
    Kind {
        name: "overflowing period",
        reason: "the record has the number that is decoded; as nanoseconds it overflows, and the runs \
                 showed what the SDK makes of that: 60 s for the service",
        count: 42,
        is: |_, it| {
            let is_large = |seconds: i64| seconds.checked_mul(1_000_000_000).is_none();
            it.at.ends_with("/metric_period") && it.theirs.as_i64().is_some_and(is_large)
        },
    },
    Kind {
        name: "panicking loader",
        reason: "the loader panics on an endpoint that is `null`",
        count: 1,
        is: |record, _| record.gateway["status"].as_str().is_some_and(|it| it.starts_with("PANIC")),
    },
    Kind {
        name: "viper loads it",
        reason: "the reasons not to load a configuration are those of 2.13: viper took this one",
        count: 1,
        is: |_, it| it.theirs == "dropped" && it.ours == "load-error",
    },
];

/// The kind of a difference, if it has one.
pub fn kind_of(record: &Record, difference: &Difference) -> Option<&'static str> {
    KINDS.iter().find(|kind| (kind.is)(record, difference)).map(|kind| kind.name)
}
