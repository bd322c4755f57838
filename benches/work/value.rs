//! A value of a configuration, and how it is written.

use std::fmt::Write;

/// A value of a configuration.
#[derive(Clone, Debug)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A number as written.
    Number(&'static str),
    /// A whole number.
    Integer(u32),
    /// A string without anything to escape.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Object(Vec<(&'static str, Value)>),
}

/// An array of `items`.
pub fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::List(items.into_iter().collect())
}

/// An object of `members`.
pub fn object(members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Object(members.into_iter().collect())
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl Value {
    /// As JSON with two blanks for each level.
    #[must_use]
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.json(&mut out, Some(0));
        out.push('\n');
        out
    }

    /// As JSON on one line, without a blank.
    #[must_use]
    pub fn minified(&self) -> String {
        let mut out = String::new();
        self.json(&mut out, None);
        out
    }

    /// As YAML in block style, strings in quotes.
    #[must_use]
    pub fn yaml(&self) -> String {
        let mut out = String::new();
        self.block(&mut out, 0, false);
        out
    }

    /// `level` is the depth of a pretty value; a list of scalars stays on one line.
    fn json(&self, out: &mut String, level: Option<usize>) {
        match self {
            Self::List(items) => {
                let level = level.filter(|_| items.iter().any(|item| !item.is_scalar()));
                brackets(out, ('[', ']'), level, items, |out, item, level| item.json(out, level));
            }
            Self::Object(members) => {
                brackets(out, ('{', '}'), level, members, |out, (key, value), level| {
                    let blank = if level.is_some() { " " } else { "" };
                    let _ = write!(out, "\"{key}\":{blank}");
                    value.json(out, level);
                });
            }
            scalar => scalar.scalar(out),
        }
    }

    /// `inline` tells whether the first line of an object follows the dash of an item.
    fn block(&self, out: &mut String, level: usize, mut inline: bool) {
        match self {
            Self::List(items) => {
                for item in items {
                    let _ = write!(out, "{:1$}- ", "", 2 * level);
                    item.block(out, level + 1, true);
                }
            }
            Self::Object(members) => {
                for (key, value) in members {
                    let indent = if std::mem::take(&mut inline) { 0 } else { 2 * level };
                    let _ = write!(out, "{:indent$}{}:", "", Plain(key));
                    out.push(if value.is_scalar() { ' ' } else { '\n' });
                    value.block(out, level + 1, false);
                }
            }
            scalar => {
                scalar.scalar(out);
                out.push('\n');
            }
        }
    }

    fn is_scalar(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Object(_))
    }

    fn scalar(&self, out: &mut String) {
        let _ = match self {
            Self::Bool(value) => write!(out, "{value}"),
            Self::Number(text) => write!(out, "{text}"),
            Self::Integer(value) => write!(out, "{value}"),
            Self::Text(text) => write!(out, "\"{text}\""),
            Self::List(_) | Self::Object(_) => unreachable!("the callers ask for scalars only"),
        };
    }
}

/// A key of YAML, which needs quotes only if it begins with a sign.
struct Plain<'k>(&'k str);

impl std::fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let quoted = self.0.starts_with(['$', '@', '#']);
        if quoted { write!(f, "\"{}\"", self.0) } else { f.write_str(self.0) }
    }
}

/// `items` between `open` and `close`, one a line if there is a level.
fn brackets<T>(
    out: &mut String,
    (open, close): (char, char),
    level: Option<usize>,
    items: &[T],
    write: impl Fn(&mut String, &T, Option<usize>),
) {
    let inner = level.map(|level| level + 1);
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        line(out, inner);
        write(out, item, inner);
    }
    line(out, level);
    out.push(close);
}

fn line(out: &mut String, level: Option<usize>) {
    if let Some(level) = level {
        let _ = write!(out, "\n{:1$}", "", 2 * level);
    }
}
