//! Copies of values, for libraries that know their own kind only.

use serde_json::{Map, Value};

use super::{Document, Kind, Member, NodeId};

impl Document<'_> {
    /// A copy of the value `id` for other libraries; of duplicate keys the last wins. Below `depth`
    /// levels objects and arrays are empty, so that no recursion over the copy can exhaust a stack.
    #[must_use]
    pub fn to_value(&self, id: NodeId, depth: usize) -> Value {
        match self.kind(id) {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(value),
            Kind::Number => self.to_number(id),
            Kind::String => Value::String(self.key(id).into_owned()),
            Kind::Array if depth == 0 => Value::Array(Vec::new()),
            Kind::Object if depth == 0 => Value::Object(Map::new()),
            Kind::Array => {
                Value::Array(self.items(id).map(|item| self.to_value(item, depth - 1)).collect())
            }
            Kind::Object => {
                let mut object = Map::with_capacity(self.members(id).count());
                for Member { key, value } in self.members(id) {
                    object.insert(self.key(key).into_owned(), self.to_value(value, depth - 1));
                }
                Value::Object(object)
            }
        }
    }

    fn to_number(&self, id: NodeId) -> Value {
        // Integers stay integers. Everything else is the nearest float, as in Go; what a reader let
        // pass although it is past the range of floats is the largest.
        let written = self.text(id);
        if let Ok(number) = written.parse::<u64>() {
            return number.into();
        }
        match written.parse::<i64>() {
            Ok(number) if number < 0 => number.into(),
            _ => self.number(id).map(|number| number.clamp(f64::MIN, f64::MAX)).into(),
        }
    }
}
