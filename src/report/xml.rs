//! XML 1.0, as far as reports need it.

use std::fmt::Write as _;

use super::text::{hidden, is_command};

/// A document under construction.
#[derive(Debug)]
pub(super) struct Xml {
    out: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// A document without an element.
    pub(super) fn new() -> Self {
        let out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        Self { out, open: Vec::new() }
    }

    /// Begins an element, in which others follow.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">\n");
        self.open.push(name);
    }

    /// Ends the element begun last.
    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            let indent = self.open.len() * 2;
            let _ = writeln!(self.out, "{:indent$}</{name}>", "");
        }
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>\n");
    }

    /// An element with text in it.
    pub(super) fn text(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.tag(name, attributes, ">");
        let _ = writeln!(self.out, "{}</{name}>", escaped(text, false));
    }

    /// The document, all elements ended.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        let indent = self.open.len() * 2;
        let _ = write!(self.out, "{:indent$}<{name}", "");
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"{}\"", escaped(value, true));
        }
        self.out.push_str(end);
    }
}

/// `text` with all escaped that would be markup, which includes `]]>`, and U+FFFD for what XML cannot
/// have. A reader makes blanks of the line ends in an attribute unless they are references.
fn escaped(text: &str, is_attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '#' if is_command(&text.as_bytes()[at..]) => out.push_str("&#35;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if is_attribute => out.push_str("&quot;"),
            '\n' | '\t' if is_attribute => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\n' | '\t' => out.push(c),
            '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}' if c != '\r' => out.push('\u{FFFD}'),
            // What a terminal would obey or hide.
            c if hidden(c) => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        let mut xml = Xml::new();
        xml.open("a", &[("b", "<\"&\n\t\r\0'")]);
        xml.text("c", &[], "]]>\u{FFFF}\n&amp;");
        xml.empty("d", &[]);
        assert_eq!(
            xml.finish(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <a b=\"&lt;&quot;&amp;&#10;&#9;&#13;\u{FFFD}'\">\n  \
             <c>]]&gt;\u{FFFD}\n&amp;amp;</c>\n  <d/>\n</a>\n"
        );
    }
}
