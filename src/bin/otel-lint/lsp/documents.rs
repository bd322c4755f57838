//! The open documents.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};
use otel_lint::analysis::Analysis;
use otel_lint::editor::{Encoding, Text, TooLarge};
use otel_lint::linter::Options;
use otel_lint::settings::FILE_NAMES;
use otel_lint::source::{Format, Source};

use super::{convert, uri};
use crate::fixes::Recheck;

/// What an open document is to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It may be a configuration.
    Configuration,
    /// A settings file of this program.
    Settings,
}

/// An open document.
pub struct Document {
    pub uri: Uri,
    /// Its file, if it is one.
    pub path: Option<PathBuf>,
    pub text: Text,
    pub version: i32,
    pub role: Role,
    /// Whether it may be the base of a flexible configuration, as it is now.
    pub is_base: bool,
    /// What was found in it, as it is now.
    pub found: Option<Rc<Found>>,
}

/// What was found in a document.
pub struct Found {
    /// What was said about it; without findings if it is nothing of ours.
    pub analysis: Analysis,
    /// How it was checked, and under what name.
    pub recheck: Recheck,
    pub name: String,
    /// Why it was not checked, if that is to be said.
    pub refusal: Option<String>,
}

impl Found {
    /// What was found in `source` on its own.
    pub fn new(analysis: Analysis, source: &Source) -> Self {
        let (recheck, name) = (Recheck::File(Options::default()), source.name().to_owned());
        Self { analysis, recheck, name, refusal: None }
    }
}

impl Document {
    /// The document that the editor opens.
    pub fn open(item: TextDocumentItem, encoding: Encoding) -> Result<Self, TooLarge> {
        let path = uri::path(item.uri.as_str());
        let name = path.as_deref().map(|path| path.display().to_string());
        let name = name.unwrap_or_else(|| item.uri.as_str().to_owned());
        let format = format(&name, path.as_deref(), &item.language_id);
        let is_settings = path
            .as_deref()
            .and_then(|path| path.file_name()?.to_str())
            .is_some_and(|name| FILE_NAMES.contains(&name));
        Ok(Self {
            text: Text::new(&name, format, item.text, encoding)?,
            uri: item.uri,
            path,
            version: item.version,
            role: if is_settings { Role::Settings } else { Role::Configuration },
            is_base: false,
            found: None,
        })
    }

    /// Applies what the editor changed, one change after the other.
    pub fn change(
        &mut self,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Result<(), TooLarge> {
        self.version = version;
        self.found = None;
        for change in changes {
            self.text.edit(change.range.map(convert::to_range), &change.text)?;
        }
        Ok(())
    }
}

/// The format of a document: by the name of its file, as on the command line; of one without a file by
/// the language that the editor takes it for.
fn format(name: &str, path: Option<&Path>, language: &str) -> Format {
    match language {
        _ if path.is_some_and(|path| path.extension().is_some()) => Format::of_name(name),
        "yaml" => Format::Yaml,
        "toml" => Format::Toml,
        _ => Format::of_name(name),
    }
}
