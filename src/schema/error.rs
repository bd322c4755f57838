//! Why a block does not match its schema, in plain types: no other module sees the validator's.

use crate::document::unescaped;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

/// One step from a value into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To the member of this key.
    Key(String),
    /// To the item of this index, from 0.
    Index(usize),
}

/// The keys of the way `instance`: the names of settings, one in the other.
pub(super) fn path_of(instance: &[Step]) -> Vec<&str> {
    instance
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
        .collect()
}

/// One disagreement with a schema.
#[derive(Clone, Debug, PartialEq)]
pub struct ShapeError {
    /// The way from the block to the value that disagrees.
    pub instance: Vec<Step>,
    /// What is wrong with that value.
    pub kind: ShapeKind,
}

/// What can be wrong with a value.
#[derive(Clone, Debug, PartialEq)]
pub enum ShapeKind {
    /// An object has members it must not have: their keys, as written.
    UnknownKeys(Vec<String>),
    /// The value has another type.
    WrongType {
        /// The types it may have, by their names in JSON Schema.
        expected: Vec<&'static str>,
    },
    /// An object lacks the member of this key.
    Missing(String),
    /// A number is too small.
    TooSmall {
        /// The smallest number allowed.
        limit: f64,
    },
    /// A number is too large.
    TooLarge {
        /// The largest number allowed.
        limit: f64,
    },
    /// The value is none of a few.
    NotAllowed {
        /// The values allowed.
        options: Vec<Value>,
    },
    /// A list or an object needs more members.
    TooFew {
        /// How many it needs.
        limit: u64,
    },
}

impl ShapeError {
    /// The plain form of `error`, which was found in `block`.
    ///
    /// # Panics
    /// If the error comes from a keyword that the published schemas do not use.
    pub(super) fn new(error: &ValidationError<'_>, block: &Value) -> Self {
        let kind = match ShapeKind::new(error.kind()) {
            ShapeKind::NotAllowed { options } => ShapeKind::of_option(options, error.instance()),
            kind => kind,
        };
        Self { instance: steps(error, block), kind }
    }
}

impl ShapeKind {
    fn new(kind: &ValidationErrorKind) -> Self {
        use ValidationErrorKind as Kind;
        let number = |limit: &Value| limit.as_f64().unwrap_or_default();
        match kind {
            Kind::AdditionalProperties { unexpected } => Self::UnknownKeys(unexpected.clone()),
            Kind::Type { kind: TypeKind::Single(one) } => {
                Self::WrongType { expected: vec![one.as_str()] }
            }
            Kind::Type { kind: TypeKind::Multiple(several) } => {
                Self::WrongType { expected: several.iter().map(JsonType::as_str).collect() }
            }
            Kind::Required { property } => {
                Self::Missing(property.as_str().unwrap_or_default().to_owned())
            }
            Kind::Minimum { limit } => Self::TooSmall { limit: number(limit) },
            Kind::Maximum { limit } => Self::TooLarge { limit: number(limit) },
            Kind::Enum { options } => {
                Self::NotAllowed { options: options.as_array().cloned().unwrap_or_default() }
            }
            Kind::MinItems { limit } | Kind::MinProperties { limit } => {
                Self::TooFew { limit: *limit }
            }
            other => unreachable!("no published schema has the keyword {}", other.keyword()),
        }
    }

    /// What is wrong with `value`, which is none of `options`. Compiled validators leave out the type
    /// where the options imply it, but a text that is not allowed and a number in place of a text are
    /// two different faults.
    fn of_option(options: Vec<Value>, value: &Value) -> Self {
        let of_type = |value: &Value| JsonType::from(value).as_str();
        let mut expected: Vec<_> = options.iter().map(of_type).collect();
        if expected.contains(&of_type(value)) {
            return Self::NotAllowed { options };
        }
        expected.dedup();
        Self::WrongType { expected }
    }
}

/// The location of `error` as steps. A JSON pointer does not tell the key "0" from the index 0, so
/// the block does.
fn steps(error: &ValidationError<'_>, block: &Value) -> Vec<Step> {
    let mut at = Some(block);
    let mut steps = Vec::new();
    for segment in error.instance_path().as_str().split('/').skip(1) {
        let step = match at {
            Some(Value::Array(_)) => Step::Index(segment.parse().unwrap_or_default()),
            _ => Step::Key(unescaped(segment)),
        };
        at = at.and_then(|at| match &step {
            Step::Key(key) => at.get(key),
            Step::Index(index) => at.get(index),
        });
        steps.push(step);
    }
    steps
}
