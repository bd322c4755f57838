//! Reports: what was found in one file, and the formats it is shown in.
//!
//! People read one file after the other ([`human`], [`concise`]); programs read a whole run, the
//! [`Report`]. A reporter turns reports into bytes. It sees sources, findings and rules, never a document or a
//! terminal: whoever calls it says how wide and how colourful the output may be.

pub mod checkstyle;
pub mod concise;
mod data;
pub mod github;
pub mod gitlab;
#[cfg(feature = "cli")]
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
mod most;
mod path;
pub mod rules;
mod run;
pub mod sarif;
mod text;
mod xml;

pub use most::MOST_FINDINGS;
pub use path::Base;
pub use run::{Report, Unread};

/// `text` as a terminal may have it: on one line, control characters made visible, shortened in its
/// middle if it is very long.
#[must_use]
pub fn clean(text: &str) -> String {
    text::Marks::new(true).clean(text, text::MAX_PATH)
}

/// The name of a file, for the beginning of a line: no CI server takes it for a command, and it is
/// still the name of the file.
#[must_use]
pub fn name(name: &str) -> String {
    text::name(name)
}

/// `text` of many lines as a terminal or the log of a CI server may have it.
#[must_use]
pub fn page(text: &str) -> String {
    text::page(text)
}

/// The page of the rule `id`.
#[must_use]
pub fn page_url(id: &str) -> String {
    format!("{}/blob/main/docs/rules/{id}.md", crate::HOME)
}
