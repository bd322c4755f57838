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

use serde::de::value::{StrDeserializer, U32Deserializer, U64Deserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::document::{Document, Kind, Member, NodeId};
use crate::model::{FIELD, Place};

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
    let value = T::deserialize(Value::alone(reader, node)).unwrap_or_default();
    Decoded { value, errors: errors.into_inner() }
}

/// Whether the gateway takes the key `written` for the field `name`: Go folds case, also that of
/// the two letters outside ASCII that fold into it.
#[must_use]
pub fn same_key(written: &str, name: &str) -> bool {
    if written.is_ascii() && name.is_ascii() {
        return written.eq_ignore_ascii_case(name);
    }
    written.chars().map(fold).eq(name.chars().map(fold))
}

/// `key` in the form in which all keys that are the same to the gateway are equal.
#[must_use]
pub fn folded_key(key: &str) -> String {
    key.chars().map(fold).collect()
}

fn fold(c: char) -> char {
    match c {
        'ſ' => 's',
        '\u{212A}' => 'k',
        c => c.to_ascii_lowercase(),
    }
}

#[derive(Clone, Copy)]
struct Reader<'d> {
    doc: &'d Document<'d>,
    errors: &'d RefCell<Vec<DecodeError>>,
}

/// A value to decode. `merged` holds objects whose keys differ from this one's only in case: Go
/// decodes them one after the other into the same struct.
#[derive(Clone, Copy)]
struct Value<'d, 'm> {
    reader: Reader<'d>,
    node: NodeId,
    merged: &'m [NodeId],
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

impl<'d> Value<'d, '_> {
    /// The value `node`, which no other is merged with.
    fn alone(reader: Reader<'d>, node: NodeId) -> Self {
        Self { reader, node, merged: &[] }
    }

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

impl<'de> serde::Deserializer<'de> for Value<'de, '_> {
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
            return visitor.visit_seq(Placed { value: self, is_first: true });
        }
        match self.kind() {
            Kind::Object | Kind::Null => visitor.visit_map(Fields::of(self, fields)),
            _ => self.refuse("an object"),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u128 f32 char str bytes byte_buf option unit unit_struct
        newtype_struct tuple tuple_struct enum identifier ignored_any
    }
}

/// The fields that a struct of the model may have; the greatest has 9.
const MAX_FIELDS: usize = 32;

/// The members of an object that are fields of a struct, in the order of the struct.
struct Fields<'d> {
    reader: Reader<'d>,
    /// The value of each field, if it is written.
    values: [Option<NodeId>; MAX_FIELDS],
    /// Whatever is merged into a field: its index, and the value.
    merged: Vec<(usize, NodeId)>,
    next: usize,
    len: usize,
}

impl<'d> Fields<'d> {
    /// The fields called `names` that `object` has. The block was re-encoded with its keys sorted, so
    /// of keys that differ in case the greatest (the lower-case one) is decoded last.
    fn of(object: Value<'d, '_>, names: &'static [&'static str]) -> Self {
        let reader = object.reader;
        let len = names.len();
        debug_assert!(len <= MAX_FIELDS, "a struct has {len} fields");
        let mut fields =
            Self { reader, values: [None; MAX_FIELDS], merged: Vec::new(), next: 0, len };
        for node in object.merged.iter().copied().chain([object.node]) {
            for member in reader.doc.members(node) {
                if let Some(field) = field_of(reader.doc, member.key, names) {
                    fields.take(field, member.value);
                }
            }
        }
        fields
    }

    /// Makes `value` the value of `field`, or merges it into the one that decides.
    fn take(&mut self, field: usize, value: NodeId) {
        let Some(before) = self.values[field].replace(value) else { return };
        let doc = self.reader.doc;
        let key = |node| doc.key(Place { node }.key());
        let (old, new) = (key(before), key(value));
        if new < old {
            self.values[field] = Some(before);
            self.merged.push((field, value));
        } else if new > old {
            self.merged.push((field, before));
        }
    }
}

/// The index of the field that the gateway takes `key` for.
fn field_of(doc: &Document<'_>, key: NodeId, names: &[&str]) -> Option<usize> {
    if let Some(text) = doc.plain(key) {
        // Nearly all are written as they should be.
        let exact = names.iter().position(|name| text == name.as_bytes());
        let folded = || names.iter().position(|name| text.eq_ignore_ascii_case(name.as_bytes()));
        return exact.or_else(folded);
    }
    let key = doc.key(key);
    names.iter().position(|name| same_key(&key, name))
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refused> {
        for (field, value) in self.values[..self.len].iter().enumerate().skip(self.next) {
            if value.is_some_and(|value| self.reader.doc.kind(value) != Kind::Null) {
                self.next = field;
                // A derived visitor takes the index of a field for its name.
                let index: U64Deserializer<Refused> = (field as u64).into_deserializer();
                return seed.deserialize(index).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let (reader, field) = (self.reader, self.next);
        let node = self.values[field].ok_or(Refused)?;
        self.next += 1;
        if self.merged.is_empty() {
            return seed.deserialize(Value::alone(reader, node));
        }
        let merged = self.merged.iter().filter(|(into, _)| *into == field);
        let merged: Vec<NodeId> = merged.map(|(_, value)| *value).collect();
        seed.deserialize(Value { reader, node, merged: &merged })
    }
}

/// The pieces of a [`Field`](crate::model::Field), in its order: place, value.
struct Placed<'d, 'm> {
    value: Value<'d, 'm>,
    is_first: bool,
}

impl<'de> SeqAccess<'de> for Placed<'de, '_> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refused> {
        if std::mem::take(&mut self.is_first) {
            let node: U32Deserializer<Refused> = self.value.node.raw().into_deserializer();
            return seed.deserialize(node).map(Some);
        }
        seed.deserialize(self.value).map(Some)
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
        seed.deserialize(Value::alone(self.reader, node)).map(Some)
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
        let member = self.value.take().ok_or(Refused)?;
        seed.deserialize(Value::alone(self.reader, member.value))
    }
}
