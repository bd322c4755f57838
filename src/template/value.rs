//! The values of a run: what `interface{}` and `reflect.Value` are to Go's templates.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::ast::Bytes;
use super::origin::OriginId;

/// The integer types that occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IntType {
    Int,
    Int64,
    Uint8,
}

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub data: Data,
    pub origin: OriginId,
}

/// A value without its origin.
#[derive(Clone, Debug)]
pub(super) enum Data {
    /// No value at all, as of a key that a map does not have.
    Missing,
    /// A nil of type `interface{}`, as JSON's null.
    Nil,
    Bool(bool),
    Int(i64, IntType),
    Float(f64),
    Text(Text),
    Map(MapId),
    List(ListId),
    /// Something that is not known, not even its type.
    Opaque,
}

/// A string, with the origins of its parts if they are known.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub bytes: Bytes,
    pub pieces: Option<Rc<[Piece]>>,
}

/// A part of a text: it ends at `end`, and begins where the one before ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub end: u32,
    pub origin: OriginId,
}

/// Index of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MapId(pub u32);

/// Index of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ListId(pub u32);

/// A map; all that hold its id see its changes, as in Go.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    /// `map[string]string`, not `map[string]interface{}`.
    pub of_texts: bool,
    pub is_nil: bool,
    pub members: BTreeMap<Bytes, Member>,
}

/// A value of a map, and where its key comes from.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub key: OriginId,
    pub value: Value,
}

/// What a list is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Of {
    #[default]
    Any,
    Texts,
    Ints,
    Lists,
}

/// A list; it never changes.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub of: Of,
    pub is_nil: bool,
    pub items: Vec<Value>,
}

/// All maps and lists of a run. Values name them by number, so that no chain of them is ever
/// dropped or followed by recursion alone, and a map may hold itself.
#[derive(Default)]
pub(super) struct Heap {
    maps: Vec<Map>,
    lists: Vec<List>,
}

impl Heap {
    pub fn map(&self, id: MapId) -> &Map {
        &self.maps[id.0 as usize]
    }

    pub fn map_mut(&mut self, id: MapId) -> &mut Map {
        &mut self.maps[id.0 as usize]
    }

    pub fn list(&self, id: ListId) -> &List {
        &self.lists[id.0 as usize]
    }

    /// The items of a list that was just made.
    pub fn items_mut(&mut self, id: ListId) -> &mut [Value] {
        &mut self.lists[id.0 as usize].items
    }

    pub fn add_map(&mut self, map: Map) -> Value {
        self.maps.push(map);
        Data::Map(MapId(self.maps.len() as u32 - 1)).into()
    }

    pub fn add_list(&mut self, list: List) -> Value {
        self.lists.push(list);
        Data::List(ListId(self.lists.len() as u32 - 1)).into()
    }

    /// A new `[]interface{}`.
    pub fn any_list(&mut self, items: Vec<Value>) -> Value {
        self.add_list(List { items, ..List::default() })
    }

    /// A new `[]string`.
    pub fn texts(&mut self, items: Vec<Value>) -> Value {
        self.add_list(List { of: Of::Texts, is_nil: false, items })
    }

    /// Go's name of a value's type.
    pub fn type_name(&self, data: &Data) -> &'static str {
        match data {
            Data::Missing | Data::Nil => "<nil>",
            Data::Bool(_) => "bool",
            Data::Int(_, IntType::Int) => "int",
            Data::Int(_, IntType::Int64) => "int64",
            Data::Int(_, IntType::Uint8) => "uint8",
            Data::Float(_) => "float64",
            Data::Text(_) => "string",
            Data::Map(id) if self.map(*id).of_texts => "map[string]string",
            Data::Map(_) => "map[string]interface {}",
            Data::List(id) => match self.list(*id).of {
                Of::Any => "[]interface {}",
                Of::Texts => "[]string",
                Of::Ints => "[]int",
                Of::Lists => "[][]interface {}",
            },
            Data::Opaque => "unknown",
        }
    }

    /// Go's name of a value's kind.
    pub fn kind_name(&self, data: &Data) -> &'static str {
        match data {
            Data::Missing | Data::Nil => "invalid",
            Data::Map(_) => "map",
            Data::List(_) => "slice",
            _ => self.type_name(data),
        }
    }

    /// The length of a text, map or list.
    pub fn length(&self, data: &Data) -> Option<usize> {
        match data {
            Data::Text(text) => Some(text.bytes.len()),
            Data::Map(id) => Some(self.map(*id).members.len()),
            Data::List(id) => Some(self.list(*id).items.len()),
            _ => None,
        }
    }

    /// Whether `if` takes the value for true; what is unknown counts as true.
    pub fn truth(&self, data: &Data) -> bool {
        match data {
            Data::Missing | Data::Nil => false,
            Data::Bool(value) => *value,
            Data::Int(value, _) => *value != 0,
            Data::Float(value) => *value != 0.0,
            Data::Text(_) | Data::Map(_) | Data::List(_) => self.length(data) != Some(0),
            Data::Opaque => true,
        }
    }
}

impl From<Data> for Value {
    fn from(data: Data) -> Self {
        Self { data, origin: OriginId::NONE }
    }
}

impl Value {
    pub fn missing() -> Self {
        Data::Missing.into()
    }

    pub fn nil() -> Self {
        Data::Nil.into()
    }

    pub fn bool(value: bool) -> Self {
        Data::Bool(value).into()
    }

    pub fn int(value: i64) -> Self {
        Data::Int(value, IntType::Int).into()
    }

    pub fn int64(value: i64) -> Self {
        Data::Int(value, IntType::Int64).into()
    }

    pub fn float(value: f64) -> Self {
        Data::Float(value).into()
    }

    pub fn text(bytes: impl Into<Bytes>) -> Self {
        Data::Text(Text { bytes: bytes.into(), pieces: None }).into()
    }

    pub fn pieces(bytes: impl Into<Bytes>, pieces: Vec<Piece>) -> Self {
        Data::Text(Text { bytes: bytes.into(), pieces: Some(pieces.into()) }).into()
    }

    pub fn with_origin(self, origin: OriginId) -> Self {
        Self { origin, ..self }
    }

    /// The bytes of a text; of anything else none.
    pub fn bytes(&self) -> &[u8] {
        match &self.data {
            Data::Text(text) => &text.bytes,
            _ => b"",
        }
    }

    /// An integer; of anything else 0.
    pub fn integer(&self) -> i64 {
        match self.data {
            Data::Int(value, _) => value,
            _ => 0,
        }
    }

    /// A truth value; of anything else false.
    pub fn is_true(&self) -> bool {
        matches!(self.data, Data::Bool(true))
    }

    pub fn is_nil(&self) -> bool {
        matches!(self.data, Data::Nil | Data::Missing)
    }
}
