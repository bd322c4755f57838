//! The name of the gateway itself, which the loader takes from several kinds of values.

use super::components::member;
use super::{Effective, Sourced};
use crate::document::Kind;

impl Effective<'_> {
    /// The `name` at the root of the configuration. The loader turns numbers and booleans into texts
    /// (mapstructure `decodeString`, with `WeaklyTypedInput`).
    #[must_use]
    pub fn gateway_name(&self) -> Option<Sourced<String>> {
        let node = member(self.doc, self.root?, "name")?.value;
        let value = match self.doc.kind(node) {
            Kind::String => self.doc.text(node).into_owned(),
            Kind::Number => self.doc.number(node)?.to_string(),
            Kind::Bool(value) => u8::from(value).to_string(),
            Kind::Null | Kind::Array | Kind::Object => return None,
        };
        Some(Sourced { value, node: Some(node) })
    }
}
