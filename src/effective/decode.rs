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
use std::collections::HashSet;
use std::fmt;

use serde::de::value::{StrDeserializer, U32Deserializer, U64Deserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::loader::Loader;
use super::repeated::Repeated;
use crate::document::{Document, Kind, Member, NodeId};
use crate::model::FIELD;
use crate::source::Format;

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

/// Decodes the value `node` of `doc` into the model type `T`, as it comes from `loader`.
#[must_use]
pub fn decode<T: DeserializeOwned + Default>(
    doc: &Document<'_>,
    node: NodeId,
    loader: Loader,
) -> Decoded<T> {
    let errors = RefCell::new(Vec::new());
    let input = Input { doc, errors: &errors, loader };
    let value = T::deserialize(Value::alone(input, node)).unwrap_or_default();
    let mut errors = errors.into_inner();
    if errors.len() > 1 {
        // A value that is merged into another one is decoded twice: alone, and with it.
        let mut seen = HashSet::new();
        errors.retain(|error: &DecodeError| seen.insert(error.node));
    }
    Decoded { value, errors }
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
struct Input<'d> {
    doc: &'d Document<'d>,
    errors: &'d RefCell<Vec<DecodeError>>,
    loader: Loader,
}

/// A value to decode.
#[derive(Clone, Copy)]
struct Value<'d, 't> {
    input: Input<'d>,
    /// The value that decides.
    node: NodeId,
    /// Values that are decoded into the same field before it.
    repeated: Option<&'t Repeated>,
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
    fn alone(input: Input<'d>, node: NodeId) -> Self {
        Self { input, node, repeated: None }
    }

    fn kind(&self) -> Kind {
        self.input.doc.kind(self.node)
    }

    /// The values that are merged into this one, in the order in which they are decoded.
    fn earlier(&self) -> &[NodeId] {
        self.repeated.map_or(&[], |repeated| &repeated.earlier)
    }

    fn refuse<T>(&self, expected: &'static str) -> Result<T, Refused> {
        self.input.errors.borrow_mut().push(DecodeError { node: self.node, expected });
        Err(Refused)
    }

    /// The number as the block has it once it is encoded again.
    fn digits(&self) -> Option<String> {
        let doc = self.input.doc;
        let number = doc.number(self.node)?;
        if doc.source().format() != Format::Json {
            let digits = doc.text(self.node);
            if !digits.contains(['.', 'e', 'E']) {
                return Some(digits.into_owned());
            }
        }
        // JSON has floating-point numbers only: 4317.0 and 4.317e3 become 4317, and what exceeds 2^53
        // is rounded. Rust and Go write the same shortest digits.
        Some(number.to_string())
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
            _ => match self.digits().and_then(|digits| digits.parse().ok()) {
                Some(number) => visitor.visit_i64(number),
                None => self.refuse("an integer"),
            },
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        const EXPECTED: &str = "an integer that is not negative";
        if self.kind() == Kind::Null {
            return visitor.visit_u64(0);
        }
        match self.digits().and_then(|digits| digits.parse().ok()) {
            Some(number) => visitor.visit_u64(number),
            None => self.refuse(EXPECTED),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.input.doc.number(self.node) {
            Some(number) => visitor.visit_f64(number),
            None if self.kind() == Kind::Null => visitor.visit_f64(0.0),
            None => self.refuse("a number"),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.input.doc.str(self.node) {
            Some(text) => visitor.visit_str(&text),
            None if self.kind() == Kind::Null => visitor.visit_str(""),
            None => self.refuse("a string"),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.kind() {
            Kind::Array => {
                let doc = self.input.doc;
                let earlier =
                    self.earlier().iter().map(|&array| doc.items(array).collect()).collect();
                let input = Input { loader: Loader::Plain, ..self.input };
                let len = doc.items(self.node).count();
                visitor.visit_seq(Items {
                    input,
                    rest: doc.items(self.node),
                    len,
                    earlier,
                    next: 0,
                })
            }
            Kind::Null => visitor.visit_seq(Items {
                input: self.input,
                rest: std::iter::empty(),
                len: 0,
                earlier: Vec::new(),
                next: 0,
            }),
            _ => self.refuse("an array"),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.kind() {
            Kind::Object | Kind::Null => {
                let members = self.input.doc.members(self.node);
                visitor.visit_map(Members { input: self.input, rest: members, value: None })
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
            return visitor.visit_seq(Placed { value: self, next: 0 });
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
    input: Input<'d>,
    /// The value of each field, if it is written once.
    values: [Option<NodeId>; MAX_FIELDS],
    /// The fields that are written more than once.
    repeated: Vec<(usize, Repeated)>,
    next: usize,
    len: usize,
}

impl<'d> Fields<'d> {
    /// The fields called `names` that `object` has.
    fn of(object: Value<'d, '_>, names: &'static [&'static str]) -> Self {
        let input = object.input;
        let len = names.len();
        debug_assert!(len <= MAX_FIELDS, "a struct has {len} fields");
        let mut fields =
            Self { input, values: [None; MAX_FIELDS], repeated: Vec::new(), next: 0, len };
        if input.loader.folds_keys()
            || !object.earlier().is_empty()
            || !fields.take_once(object.node, names)
        {
            fields.values = [None; MAX_FIELDS];
            fields.take_all(object, names);
        }
        fields
    }

    /// Takes the fields of `object`, unless one of them is written more than once.
    fn take_once(&mut self, object: NodeId, names: &[&str]) -> bool {
        let doc = self.input.doc;
        for member in doc.members(object) {
            let Some(field) = field_of(doc, member.key, names) else { continue };
            if self.values[field].is_some() {
                return false;
            }
            self.values[field] = Some(member.value);
        }
        for value in &mut self.values {
            *value = value.filter(|&value| doc.kind(value) != Kind::Null);
        }
        true
    }

    /// Takes the fields of `object` and of those that are merged into it, each in the order in which
    /// they are decoded.
    fn take_all(&mut self, object: Value<'d, '_>, names: &[&str]) {
        let doc = self.input.doc;
        let mut lists: Vec<Vec<NodeId>> = vec![Vec::new(); names.len()];
        for &node in object.earlier().iter().chain([&object.node]) {
            for (key, value) in self.input.loader.members(doc, node) {
                let exact = names.iter().position(|name| key == *name);
                let field = exact.or_else(|| names.iter().position(|name| same_key(&key, name)));
                if let Some(field) = field {
                    lists[field].push(value);
                }
            }
        }
        for (field, list) in lists.into_iter().enumerate() {
            match list[..] {
                [] => {}
                [value] => {
                    self.values[field] = Some(value).filter(|&it| doc.kind(it) != Kind::Null);
                }
                _ => self.repeated.extend(
                    Repeated::of_field(doc, names[field], &list).map(|repeated| (field, repeated)),
                ),
            }
        }
    }

    fn repeated_of(&self, field: usize) -> Option<&Repeated> {
        self.repeated.iter().find(|(of, _)| *of == field).map(|(_, repeated)| repeated)
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
        let is_written =
            |&field: &usize| self.values[field].is_some() || self.repeated_of(field).is_some();
        let Some(field) = (self.next..self.len).find(is_written) else { return Ok(None) };
        self.next = field;
        // A derived visitor takes the index of a field for its name.
        let index: U64Deserializer<Refused> = (field as u64).into_deserializer();
        seed.deserialize(index).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let (input, field) = (self.input, self.next);
        self.next += 1;
        if let Some(node) = self.values[field] {
            return seed.deserialize(Value::alone(input, node));
        }
        let repeated = self.repeated_of(field).ok_or(Refused)?;
        seed.deserialize(Value { input, node: repeated.place(), repeated: Some(repeated) })
    }
}

/// The pieces of a [`Field`](crate::model::Field), in its order: place, number of values that another
/// replaces, those values, and the value in force.
struct Placed<'d, 't> {
    value: Value<'d, 't>,
    next: usize,
}

impl<'de> SeqAccess<'de> for Placed<'de, '_> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refused> {
        let value = self.value;
        let replaced = value.repeated.map_or(&[][..], |repeated| &repeated.replaced);
        let at = self.next;
        self.next += 1;
        let number: U32Deserializer<Refused> = match at {
            0 => value.node.raw().into_deserializer(),
            1 => (replaced.len() as u32).into_deserializer(),
            _ => {
                return match replaced.get(at - 2) {
                    Some(&node) => seed.deserialize(Value::alone(value.input, node)).map(Some),
                    None if value.repeated.is_some_and(|repeated| repeated.node.is_none()) => {
                        Ok(None)
                    }
                    None => seed.deserialize(value).map(Some),
                };
            }
        };
        seed.deserialize(number).map(Some)
    }
}

/// The items of an array.
struct Items<'d, I> {
    input: Input<'d>,
    rest: I,
    /// Their number, so that no list has room that it does not need.
    len: usize,
    /// The arrays that are decoded into the same list before it: Go leaves their items where they are.
    earlier: Vec<Vec<NodeId>>,
    next: usize,
}

impl<'de, I: Iterator<Item = NodeId>> SeqAccess<'de> for Items<'de, I> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refused> {
        let Some(node) = self.rest.next() else { return Ok(None) };
        let input = self.input;
        if self.earlier.is_empty() {
            return seed.deserialize(Value::alone(input, node)).map(Some);
        }
        let earlier = self.earlier.iter().filter_map(|items| items.get(self.next));
        let list: Vec<NodeId> = earlier.copied().chain([node]).collect();
        self.next += 1;
        let repeated = Repeated::of_item(input.doc, &list);
        let node = repeated.place();
        seed.deserialize(Value { input, node, repeated: Some(&repeated) }).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.len)
    }
}

/// The members of an object with free keys.
struct Members<'d, I> {
    input: Input<'d>,
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
        let key = self.input.doc.key(member.key);
        let key: StrDeserializer<'_, Refused> = key.as_ref().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let member = self.value.take().ok_or(Refused)?;
        seed.deserialize(Value::alone(self.input, member.value))
    }
}
