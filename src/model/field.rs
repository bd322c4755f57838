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

/// What a [`Field`] is made of: `offset` (`u32`), its place, then `value`. If reading the value fails, the field swallows the error: the deserializer has
/// taken note of it. It must bear that nobody asks for anything after that.
pub const FIELD_PARTS: &[&str] = &["offset", "value"];

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

/// The node from which the fields of a block count their places: the block itself. So blocks that are
/// written alike can share what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base(NodeId);

impl Base {
    /// The base of what was decoded from `node`.
    #[must_use]
    pub fn new(node: NodeId) -> Self {
        Self(node)
    }

    /// The number of nodes from here to `node`, which is in the block.
    #[must_use]
    pub fn offset_of(self, node: NodeId) -> u32 {
        node.raw() - self.0.raw()
    }
}

/// One setting, or one item of a list. Where it is written is counted from its [`Base`].
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Field<T> {
    /// Not written, or written as `null`, which Go decodes alike.
    #[default]
    Absent,
    /// Written, but as something that is no `T`.
    Wrong {
        /// Where.
        offset: u32,
    },
    /// Written.
    Set {
        /// Its value.
        value: T,
        /// Where.
        offset: u32,
    },
}

impl<T> Field<T> {
    /// The value, if one of the right type is written.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Set { value, .. } => Some(value),
            Self::Absent | Self::Wrong { .. } => None,
        }
    }

    /// Where it is written, right or wrong, in the block that begins at `base`.
    #[must_use]
    pub fn at(&self, base: Base) -> Option<Place> {
        match self {
            Self::Absent => None,
            Self::Wrong { offset } | Self::Set { offset, .. } => {
                Some(Place { node: NodeId::from_raw(base.0.raw() + offset) })
            }
        }
    }

    /// The value and where it is written, in the block that begins at `base`.
    #[must_use]
    pub fn written(&self, base: Base) -> Option<(&T, Place)> {
        Some((self.get()?, self.at(base)?))
    }

    /// Whether anything but `null` is written.
    #[must_use]
    pub fn is_written(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// Whether what is written has the wrong type.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        matches!(self, Self::Wrong { .. })
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
        let offset = parts.next_element()?.ok_or_else(|| A::Error::missing_field("offset"))?;
        Ok(match parts.next_element() {
            Ok(Some(value)) => Field::Set { value, offset },
            Ok(None) => Field::Absent,
            Err(_) => Field::Wrong { offset },
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
        let base = Base::new(NodeId::from_raw(100));
        let at = Place { node: NodeId::from_raw(107) };
        let set = read(json!([7, 5]));
        assert_eq!(set, Field::Set { value: 5, offset: 7 });
        assert_eq!((set.get(), set.at(base)), (Some(&5), Some(at)));
        assert_eq!((at.key(), base.offset_of(at.node)), (NodeId::from_raw(106), 7));
        let wrong = read(json!([7, "5"]));
        assert_eq!(wrong, Field::Wrong { offset: 7 });
        assert!(wrong.is_written() && wrong.get().is_none());
    }

    #[test]
    fn without_a_value_it_is_absent() {
        let null = UnitDeserializer::<serde::de::value::Error>::new();
        assert_eq!(Field::<i64>::deserialize(null), Ok(Field::Absent));
        assert_eq!(read(json!([1])), Field::Absent);
        assert!(!Field::<i64>::Absent.is_written());
    }
}
