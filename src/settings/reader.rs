//! Typed values out of TOML, each with its line, and faults with their exact places.

use crate::spelling::nearest;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::{Given, Origin, Selector, fault};
use crate::finding::Finding;
use crate::source::{Source, Span};

/// A value and where it stands.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// What reads values, and takes note of what is wrong with them.
pub(super) struct FieldReader<'s> {
    source: &'s Source,
    file: Arc<str>,
    faults: Vec<Finding>,
}

impl<'s> FieldReader<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        Self { source, file: source.name().into(), faults: Vec::new() }
    }

    /// Everything that was wrong, sorted; one fault a place.
    pub(super) fn faults(self) -> Vec<Finding> {
        let mut faults = self.faults;
        faults.sort_by_key(|fault| fault.primary.span);
        faults.dedup_by_key(|fault| fault.primary.span);
        faults
    }

    /// The text, if it is one.
    pub(super) fn text(&mut self) -> Option<&'s str> {
        match str::from_utf8(self.source.bytes()) {
            Ok(text) => Some(text),
            Err(error) => {
                let at = error.valid_up_to();
                self.say(at..at + 1, "this byte is not UTF-8", "Save the file as UTF-8.");
                None
            }
        }
    }

    /// Takes note of a fault.
    pub(super) fn say(
        &mut self,
        at: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let end = at.end.min(self.source.bytes().len());
        let span = Span::new(at.start.min(end), end);
        self.faults.push(fault::at(span, message).help(help));
    }

    /// Takes note of what the parser says.
    pub(super) fn syntax(&mut self, error: &toml::de::Error) {
        let at = error.span().unwrap_or_default();
        self.say(
            at,
            format!("this is not TOML: {}", error.message()),
            "Settings are written in TOML.",
        );
    }

    /// Takes note of a key that is none of `known`.
    pub(super) fn unknown(&mut self, key: &Spanned<DeString<'_>>, known: &[&str]) {
        let name = key.get_ref();
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("There are {}.", known.join(", ")),
        };
        self.say(key.span(), format!("`{name}` is not a setting"), help);
    }

    /// Takes note of a value that is not what `name` takes.
    pub(super) fn wrong_type(&mut self, name: &str, wanted: &str, value: &Value<'_>) {
        let written = self.source.slice(Span::new(value.span().start, value.span().end));
        let written = String::from_utf8_lossy(written);
        let help = match value.get_ref() {
            DeValue::Float(_) | DeValue::Integer(_) if wanted.starts_with("a string") => {
                format!("Put quotes around it: \"{written}\".")
            }
            DeValue::String(_) if wanted.starts_with("a list") => {
                format!("Put brackets around it: [{written}].")
            }
            _ => String::new(),
        };
        let is = value.get_ref().type_str();
        let article = if is.starts_with(['a', 'i']) { "an" } else { "a" };
        self.say(value.span(), format!("`{name}` is {wanted}, not {article} {is}"), help);
    }

    /// `value`, said at the line of `at`.
    pub(super) fn given<T>(&self, at: &Value<'_>, value: T) -> Given<T> {
        let line = self.source.position(at.span().start as u32).line;
        Given { value, origin: Origin::Settings { file: Arc::clone(&self.file), line } }
    }

    /// A value written as a string.
    pub(super) fn parsed<T>(
        &mut self,
        name: &str,
        value: &Value<'_>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<Given<T>> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(name, "a string", value);
            return None;
        };
        match parse(text) {
            Ok(parsed) => Some(self.given(value, parsed)),
            Err(message) => {
                self.say(value.span(), message, "");
                None
            }
        }
    }

    /// A value that has a name.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        name: &str,
        value: &Value<'_>,
        known: &[(&str, T)],
    ) -> Option<Given<T>> {
        let list = Listed(known);
        self.parsed(name, value, |text| {
            let found = known.iter().find(|(known, _)| *known == text);
            let message = || match nearest(text, known.iter().map(|(known, _)| *known)) {
                Some(near) => format!("`{name}` is {list}: did you mean \"{near}\"?"),
                None => format!("`{name}` is {list}, not \"{text}\""),
            };
            found.map(|(_, value)| *value).ok_or_else(message)
        })
    }

    /// The items of a list.
    pub(super) fn items<'v, 't>(
        &mut self,
        name: &str,
        wanted: &str,
        value: &'v Value<'t>,
    ) -> impl Iterator<Item = &'v Value<'t>> + use<'v, 't> {
        let items = value.get_ref().as_array();
        if items.is_none() {
            self.wrong_type(name, wanted, value);
        }
        items.into_iter().flat_map(|items| items.iter())
    }

    /// A list of strings.
    pub(super) fn strings(
        &mut self,
        name: &str,
        value: &Value<'_>,
        parse: impl Fn(&str) -> Result<String, String>,
    ) -> Vec<Given<String>> {
        let mut strings = Vec::new();
        for item in self.items(name, "a list of strings", value) {
            strings.extend(self.parsed(name, item, &parse));
        }
        strings
    }

    /// The rules that `name` means.
    pub(super) fn selector(&mut self, name: &str, at: Range<usize>) -> Option<Selector> {
        match name.parse() {
            Ok(selector) => Some(selector),
            Err(error) => {
                let error: super::UnknownRule = error;
                self.say(at, error.to_string(), error.help());
                None
            }
        }
    }
}

/// `"ce" or "ee"`.
struct Listed<'k, T>(&'k [(&'k str, T)]);

impl<T> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, (name, _)) in self.0.iter().enumerate() {
            let between = match nth {
                0 => "",
                _ if nth + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(f, "{between}\"{name}\"")?;
        }
        Ok(())
    }
}
