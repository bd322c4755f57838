//! Values that Go decodes into the same field, because their keys differ only in case.
//!
//! The block was encoded again before it is decoded, with its keys sorted, so the values of such keys
//! come in the order of the keys: the lower-case one is the last. Each is decoded into what the one
//! before it left (`encoding/json`, `decode.go`).

use crate::document::{Document, Kind, NodeId};

/// The fields that `null` empties: pointers and slices (krakend-otel `config/config.go`). It leaves all
/// others as they are.
const EMPTIED_BY_NULL: &[&str] = &[
    "layers",
    "global",
    "proxy",
    "backend",
    "metrics",
    "traces",
    "otlp",
    "prometheus",
    "skip_paths",
    "skip_headers",
    "static_attributes",
    "metrics_static_attributes",
    "traces_static_attributes",
    "metric_reporting_period",
    "trace_sample_rate",
];

/// The values of one field, or of one item of a list.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    /// All but the one that decides: what is wrong in them counts.
    pub replaced: Vec<NodeId>,
    /// Those that the one that decides is merged into, if it is an object or an array.
    pub earlier: Vec<NodeId>,
    /// The one that decides; `None` if a `null` emptied the field.
    pub node: Option<NodeId>,
}

impl Repeated {
    /// The values `list` of the field `name`, in the order in which they are decoded; `None` if all
    /// are `null`.
    pub fn of_field(doc: &Document<'_>, name: &str, list: &[NodeId]) -> Option<Self> {
        let repeated = Self::new(doc, list, EMPTIED_BY_NULL.contains(&name));
        (repeated.node.is_some() || !repeated.replaced.is_empty()).then_some(repeated)
    }

    /// The items `list` at one index of arrays that are decoded one after the other. `null` leaves an
    /// item as it is.
    pub fn of_item(doc: &Document<'_>, list: &[NodeId]) -> Self {
        let mut repeated = Self::new(doc, list, false);
        repeated.node = repeated.node.or(list.last().copied());
        repeated
    }

    fn new(doc: &Document<'_>, list: &[NodeId], null_empties: bool) -> Self {
        let mut repeated = Self::default();
        for &value in list {
            if doc.kind(value) == Kind::Null {
                if null_empties {
                    repeated.replaced.extend(repeated.node.take());
                    repeated.earlier.clear();
                }
                continue;
            }
            if let Some(before) = repeated.node.replace(value) {
                repeated.replaced.push(before);
                repeated.earlier.push(before);
            }
            // An empty array makes a new slice.
            if doc.kind(value) == Kind::Array && doc.items(value).next().is_none() {
                repeated.earlier.clear();
            }
        }
        repeated
    }

    /// Where the field is written: the value that decides, else the last one.
    pub fn place(&self) -> NodeId {
        let last = self.node.or(self.replaced.last().copied());
        last.expect("repeated have at least one value")
    }
}
