//! A setting as it was written, with its place.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use crate::document::NodeId;

/// The name under which a [`Field`] asks its deserializer for a struct. A deserializer that knows
/// it answers with a sequence of the [`FIELD_PARTS`].
pub const FIELD: &str = "$otel_lint::Field";

/// What a [`Field`] is made of: `node` (`u32`), the index of its node; `replaced` (`u32`), the number of
/// values that are decoded for their errors only; those values; then `value`, unless none is in force.
/// If reading a value fails, the field swallows the error: the deserializer has taken note of it.
pub const FIELD_PARTS: &[&str] = &["node", "replaced", "value"];

/// Where a setting is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Its value.
    pub node: NodeId,
}

impl Place {
    /// The key it is written under, which is the node before the value. An item of an array has none:
    /// not to be asked of one.
    #[must_use]
    pub fn key(self) -> NodeId {
        NodeId::from_raw(self.node.raw() - 1)
    }
}

/// One setting, or one item of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Field<T> {
    /// Not written, or written as `null`, which Go decodes alike.
    #[default]
    Absent,
    /// Written, but as something that is not a `T`.
    Wrong(Place),
    /// Written.
    Set(T, Place),
}

impl<T> Field<T> {
    /// The value, if one of the right type is written.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Set(value, _) => Some(value),
            Self::Absent | Self::Wrong(_) => None,
        }
    }

    /// Where it is written, right or wrong.
    #[must_use]
    pub fn at(&self) -> Option<Place> {
        match self {
            Self::Absent => None,
            Self::Wrong(place) | Self::Set(_, place) => Some(*place),
        }
    }

    /// The value and where it is written.
    #[must_use]
    pub fn written(&self) -> Option<(&T, Place)> {
        match self {
            Self::Set(value, place) => Some((value, *place)),
            Self::Absent | Self::Wrong(_) => None,
        }
    }

    /// Whether anything but `null` is written.
    #[must_use]
    pub fn is_written(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// Whether what is written has the wrong type.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        matches!(self, Self::Wrong(_))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(FIELD, FIELD_PARTS, FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the place and the value of a setting")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Field<T>, A::Error> {
        let node = parts.next_element()?.ok_or_else(|| A::Error::missing_field("node"))?;
        let place = Place { node: NodeId::from_raw(node) };
        let replaced: u32 = parts.next_element()?.unwrap_or_default();
        for _ in 0..replaced {
            let _ = parts.next_element::<T>();
        }
        Ok(match parts.next_element() {
            Ok(Some(value)) => Field::Set(value, place),
            Ok(None) => Field::Absent,
            Err(_) => Field::Wrong(place),
        })
    }

    fn visit_unit<E: Error>(self) -> Result<Field<T>, E> {
        Ok(Field::Absent)
    }
}

/// In a schema a field is nothing but its value.
impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::value::UnitDeserializer;
    use serde_json::{Value, json};

    fn read(parts: Value) -> Field<i64> {
        serde_json::from_value(parts).expect("the parts are in order")
    }

    #[test]
    fn a_field_keeps_its_place_also_when_its_value_is_wrong() {
        let at = Place { node: NodeId::from_raw(7) };
        let set = read(json!([7, 0, 5]));
        assert_eq!(set, Field::Set(5, at));
        assert_eq!((set.get(), set.at()), (Some(&5), Some(at)));
        assert_eq!(at.key(), NodeId::from_raw(6));
        let wrong = read(json!([7, 0, "5"]));
        assert_eq!(wrong, Field::Wrong(at));
        assert!(wrong.is_written() && wrong.get().is_none());
    }

    #[test]
    fn without_a_value_it_is_absent() {
        let null = UnitDeserializer::<serde::de::value::Error>::new();
        assert_eq!(Field::<i64>::deserialize(null), Ok(Field::Absent));
        assert_eq!(read(json!([1])), Field::Absent);
        assert_eq!(read(json!([1, 2, 5, "5"])), Field::Absent, "both values are replaced");
        assert!(!Field::<i64>::Absent.is_written());
    }
}
