//! JSON pointers: how findings name a place apart from lines and columns.

use std::fmt;

/// A JSON pointer (RFC 6901) under construction.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer of the whole document: the empty text.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The pointer of the member `key` of what `self` points at.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.0.push('/');
        for c in key.chars() {
            match c {
                '~' => self.0.push_str("~0"),
                '/' => self.0.push_str("~1"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// The pointer of item `index` of what `self` points at.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.0.push('/');
        self.0.push_str(&index.to_string());
        self
    }

    /// How many objects and arrays are around what it points at.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.0.bytes().filter(|&byte| byte == b'/').count()
    }

    /// The pointer of what holds what `self` points at; of the whole document, itself.
    #[must_use]
    pub fn above(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or_else(String::new, |(above, _)| above.to_owned()))
    }

    /// The text of the pointer.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The key that the step `escaped` of a pointer stands for.
#[must_use]
pub fn unescaped(escaped: &str) -> String {
    escaped.replace("~1", "/").replace("~0", "~")
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_tildes_are_escaped() {
        let pointer = Pointer::root().key("a~b/c").index(3).key("");
        assert_eq!(pointer.as_str(), "/a~0b~1c/3/");
        assert_eq!(unescaped("a~0b~1c"), "a~b/c");
        assert_eq!(pointer.above().above().as_str(), "/a~0b~1c");
        assert_eq!(Pointer::root().above(), Pointer::root());
    }
}
