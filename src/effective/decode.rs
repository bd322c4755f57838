//! Decoding as the gateway decodes: Go's `encoding/json` over the typed model.
//!
//! krakend-otel re-encodes a block and decodes it into its structs (`config/lura.go`), so Go's rules
//! hold: a key matches its field in any case, an unknown key is ignored, `null` leaves a field alone,
//! and a value of the wrong type is remembered as an error while the rest is still decoded. What the
//! gateway does about the error is not decided here.
//!
//! This is a serde deserializer over the tape of a [`Document`]. The model's [`Field`]s ask it for
//! the node beside the value; that is how every setting knows where it was written.
//!
//! [`Field`]: crate::model::Field

use std::cell::RefCell;
use std::fmt;

use serde::de::value::{StrDeserializer, U64Deserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::document::{Document, Kind, Member, NodeId};
use crate::model::FIELD;

/// A value whose JSON type the gateway's decoder refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The value.
    pub node: NodeId,
    /// What the decoder wants, with its article: "an integer".
    pub expected: &'static str,
}

/// What decoding gives: always a value, and whatever was wrong on the way.
#[derive(Clone, Debug, Default)]
pub struct Decoded<T> {
    /// The settings that could be read.
    pub value: T,
    /// The values that could not, in the order of the model.
    pub errors: Vec<DecodeError>,
}

/// Decodes the value `node` of `doc` into the model type `T`.
#[must_use]
pub fn decode<T: DeserializeOwned + Default>(doc: &Document<'_>, node: NodeId) -> Decoded<T> {
    let errors = RefCell::new(Vec::new());
    let reader = Reader { doc, errors: &errors };
    let value = T::deserialize(Value { reader, node, merged: Vec::new() }).unwrap_or_default();
    Decoded { value, errors: errors.into_inner() }
}

/// Whether the gateway takes the key `written` for the field `name`: Go folds case, also that of
/// the two letters outside ASCII that fold into it.
#[must_use]
pub fn same_key(written: &str, name: &str) -> bool {
    if written.is_ascii() && name.is_ascii() {
        return written.eq_ignore_ascii_case(name);
    }
    let fold = |c: char| match c {
        'ſ' => 's',
        '\u{212A}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    written.chars().map(fold).eq(name.chars().map(fold))
}

#[derive(Clone, Copy)]
struct Reader<'d> {
    doc: &'d Document<'d>,
    errors: &'d RefCell<Vec<DecodeError>>,
}

/// A value to decode. `merged` holds objects whose keys differ from this one's only in case: Go
/// decodes them one after the other into the same struct.
struct Value<'d> {
    reader: Reader<'d>,
    node: NodeId,
    merged: Vec<NodeId>,
}

/// The error of this deserializer; what was wrong stands in [`Decoded::errors`].
#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the wrong type")
    }
}

impl std::error::Error for Refused {}

impl serde::de::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl Value<'_> {
    fn kind(&self) -> Kind {
        self.reader.doc.kind(self.node)
    }

    fn refuse<T>(&self, expected: &'static str) -> Result<T, Refused> {
        self.reader.errors.borrow_mut().push(DecodeError { node: self.node, expected });
        Err(Refused)
    }

    /// The number as Go sees it after the block was re-encoded: `4317.0` and `4.317e3` are 4317.
    fn integer(&self, expected: &'static str) -> Result<i64, Refused> {
        const LIMIT: f64 = 9_223_372_036_854_775_808.0;
        match self.reader.doc.number(self.node) {
            Some(number) if number.fract() == 0.0 && (-LIMIT..LIMIT).contains(&number) => {
                Ok(number as i64)
            }
            _ => self.refuse(expected),
        }
    }
}

impl<'de> serde::Deserializer<'de> for Value<'de> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.kind() {
            Kind::Bool(value) => visitor.visit_bool(value),
            Kind::Null => visitor.visit_bool(false),
            _ => self.refuse("true or false"),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.kind() {
            Kind::Null => visitor.visit_i64(0),
            _ => visitor.visit_i64(self.integer("an integer")?),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        const EXPECTED: &str = "an integer that is not negative";
        if self.kind() == Kind::Null {
            return visitor.visit_u64(0);
        }
        match u64::try_from(self.integer(EXPECTED)?) {
            Ok(number) => visitor.visit_u64(number),
            Err(_) => self.refuse(EXPECTED),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.reader.doc.number(self.node) {
            Some(number) => visitor.visit_f64(number),
            None if self.kind() == Kind::Null => visitor.visit_f64(0.0),
            None => self.refuse("a number"),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.reader.doc.str(self.node) {
            Some(text) => visitor.visit_str(&text),
            None if self.kind() == Kind::Null => visitor.visit_str(""),
            None => self.refuse("a string"),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.kind() {
            Kind::Array => {
                let Self { reader, node, .. } = self;
                let len = reader.doc.items(node).count();
                visitor.visit_seq(Items { reader, rest: reader.doc.items(node), len })
            }
            Kind::Null => {
                visitor.visit_seq(Items { reader: self.reader, rest: std::iter::empty(), len: 0 })
            }
            _ => self.refuse("an array"),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.kind() {
            Kind::Object | Kind::Null => {
                let members = self.reader.doc.members(self.node);
                visitor.visit_map(Members { reader: self.reader, rest: members, value: None })
            }
            _ => self.refuse("an object"),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        if name == FIELD {
            return visitor.visit_seq(Placed { key: None, value: Some(self), step: 0 });
        }
        match self.kind() {
            Kind::Object | Kind::Null => {
                visitor.visit_map(Fields { object: self, names: fields, next: 0, value: None })
            }
            _ => self.refuse("an object"),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u128 f32 char str bytes byte_buf option unit unit_struct
        newtype_struct tuple tuple_struct enum identifier ignored_any
    }
}

/// The members of an object that are fields of a struct, in the order of the struct.
struct Fields<'d> {
    object: Value<'d>,
    names: &'static [&'static str],
    next: usize,
    value: Option<(NodeId, Value<'d>)>,
}

impl<'d> Fields<'d> {
    /// The member that decides field `name`. The block was re-encoded with its keys sorted, so of
    /// keys that differ in case the greatest (the lower-case one) is decoded last.
    fn select(&self, name: &str) -> Option<(NodeId, Value<'d>)> {
        let reader = self.object.reader;
        let objects = self.object.merged.iter().chain(std::iter::once(&self.object.node));
        let mut chosen: Option<Member> = None;
        let mut merged = Vec::new();
        for member in objects.flat_map(|&object| reader.doc.members(object)) {
            if !is_field(reader.doc, member.key, name) {
                continue;
            }
            if let Some(before) = chosen {
                let (old, new) = (reader.doc.key(before.key), reader.doc.key(member.key));
                if new < old {
                    merged.push(member.value);
                    continue;
                }
                if new > old {
                    merged.push(before.value);
                }
            }
            chosen = Some(member);
        }
        let member = chosen.filter(|member| reader.doc.kind(member.value) != Kind::Null)?;
        Some((member.key, Value { reader, node: member.value, merged }))
    }
}

/// Whether the gateway takes `key` for the field `name`.
fn is_field(doc: &Document<'_>, key: NodeId, name: &str) -> bool {
    match doc.plain(key) {
        Some(text) => text.eq_ignore_ascii_case(name.as_bytes()),
        None => same_key(&doc.key(key), name),
    }
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refused> {
        while let Some(&name) = self.names.get(self.next) {
            self.next += 1;
            self.value = self.select(name);
            if self.value.is_some() {
                // A derived visitor takes the index of a field for its name.
                let index: U64Deserializer<Refused> = (self.next as u64 - 1).into_deserializer();
                return seed.deserialize(index).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let (key, value) = self.value.take().ok_or(Refused)?;
        seed.deserialize(Keyed { key, value })
    }
}

/// A value with the key it stands under: what a [`Field`](crate::model::Field) asks for.
struct Keyed<'d> {
    key: NodeId,
    value: Value<'d>,
}

impl<'de> serde::Deserializer<'de> for Keyed<'de> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_seq(Placed { key: Some(self.key), value: Some(self.value), step: 0 })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The pieces of a [`Field`](crate::model::Field), in its order: key, node, value.
struct Placed<'d> {
    key: Option<NodeId>,
    value: Option<Value<'d>>,
    step: usize,
}

impl<'de> SeqAccess<'de> for Placed<'de> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refused> {
        self.step += 1;
        match self.step {
            1 => seed.deserialize(Id(self.key)),
            2 => seed.deserialize(Id(self.value.as_ref().map(|value| value.node))),
            _ => seed.deserialize(self.value.take().ok_or(Refused)?),
        }
        .map(Some)
    }
}

/// The name of a node, as the model's fields read it.
struct Id(Option<NodeId>);

impl<'de> serde::Deserializer<'de> for Id {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_u32(self.0.ok_or(Refused)?.raw())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        if self.0.is_some() { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The items of an array.
struct Items<'d, I> {
    reader: Reader<'d>,
    rest: I,
    /// Their number, so that no list has room that it does not need.
    len: usize,
}

impl<'de, I: Iterator<Item = NodeId>> SeqAccess<'de> for Items<'de, I> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refused> {
        let Some(node) = self.rest.next() else { return Ok(None) };
        seed.deserialize(Value { reader: self.reader, node, merged: Vec::new() }).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.len)
    }
}

/// The members of an object with free keys.
struct Members<'d, I> {
    reader: Reader<'d>,
    rest: I,
    value: Option<Member>,
}

impl<'de, I: Iterator<Item = Member>> MapAccess<'de> for Members<'de, I> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refused> {
        self.value = self.rest.next();
        let Some(member) = self.value else { return Ok(None) };
        let key = self.reader.doc.key(member.key);
        let key: StrDeserializer<'_, Refused> = key.as_ref().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let Member { key, value: node } = self.value.take().ok_or(Refused)?;
        let value = Value { reader: self.reader, node, merged: Vec::new() };
        seed.deserialize(Keyed { key, value })
    }
}
