//! Whether two values have the same form.

use super::{Document, Kind, NodeId};

impl Document<'_> {
    /// Whether `one` and `other` differ in nothing but the text of strings: the same keys in the same
    /// order, the same numbers and constants. Says so of no value with more than `depth` levels.
    #[must_use]
    pub fn is_of_the_form(&self, one: NodeId, other: NodeId, depth: usize) -> bool {
        let same = |one, other| self.is_of_the_form(one, other, depth - 1);
        if one == other {
            return true;
        }
        match (self.kind(one), self.kind(other)) {
            (Kind::String, Kind::String) => true,
            (Kind::Number, Kind::Number) => self.has_same_text(one, other),
            (Kind::Array, Kind::Array) if depth > 0 => {
                let (mut ones, mut others) = (self.items(one), self.items(other));
                loop {
                    match (ones.next(), others.next()) {
                        (Some(one), Some(other)) if same(one, other) => {}
                        (one, other) => return one.is_none() && other.is_none(),
                    }
                }
            }
            (Kind::Object, Kind::Object) if depth > 0 => {
                let (mut ones, mut others) = (self.members(one), self.members(other));
                loop {
                    match (ones.next(), others.next()) {
                        (Some(one), Some(other))
                            if self.has_same_text(one.key, other.key)
                                && same(one.value, other.value) => {}
                        (one, other) => return one.is_none() && other.is_none(),
                    }
                }
            }
            (Kind::Array | Kind::Object, _) => false,
            (one, other) => one == other,
        }
    }

    fn has_same_text(&self, one: NodeId, other: NodeId) -> bool {
        match (self.plain(one), self.plain(other)) {
            (Some(one), Some(other)) => one == other,
            _ => self.text(one) == self.text(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document;
    use crate::source::Source;

    #[test]
    fn only_the_text_of_strings_may_differ() {
        let table = [
            (r#"{"a": ["x", 1, true, null]}"#, r#"{"a":["y",1,true,null]}"#, true),
            (r#"{"a": "x"}"#, r#"{"\u0061": "longer"}"#, true),
            ("{}", "{ }", true),
            ("[]", "[ ]", true),
            (r#"{"a": 1}"#, r#"{"a": 2}"#, false),
            (r#"{"a": 1}"#, r#"{"a": "1"}"#, false),
            (r#"{"a": true}"#, r#"{"a": false}"#, false),
            (r#"{"a": "x"}"#, r#"{"b": "x"}"#, false),
            (r#"{"a": "x"}"#, r#"{"a": "x", "b": "x"}"#, false),
            (r#"{"a": "x", "b": "x"}"#, r#"{"b": "x", "a": "x"}"#, false),
            ("[1]", "[1, 1]", false),
            ("[[]]", "[{}]", false),
            ("[[[[1]]]]", "[[[[1]]]]", false),
        ];
        for (one, other, is) in table {
            for (one, other) in [(one, other), (other, one)] {
                let source = Source::new("t", format!("[{one}, {other}]"));
                let doc = document::json::read(&source).document;
                let nodes: Vec<_> = doc.items(doc.root().expect("a list")).collect();
                assert_eq!(doc.is_of_the_form(nodes[0], nodes[1], 3), is, "{one} {other}");
                assert!(doc.is_of_the_form(nodes[0], nodes[0], 3));
            }
        }
    }
}
