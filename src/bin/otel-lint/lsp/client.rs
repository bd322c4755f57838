//! What the editor can do and wants, as it says when it starts.

use std::collections::BTreeMap;
use std::path::PathBuf;

use otel_lint::editor::Encoding;
use serde_json::Value;

use super::uri;

/// What the editor can do.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an ability of its own")]
pub struct Client {
    /// The unit of its columns.
    pub encoding: Encoding,
    /// It asks for diagnostics, and again if told to, so that they are not sent unasked. One that cannot be
    /// told to would not see what a change of another file changes.
    pub pulls: bool,
    /// It asks again for inlay hints if told to.
    pub refreshes_hints: bool,
    /// It shows other places that have to do with a diagnostic.
    pub related_information: bool,
    /// It shows tags of diagnostics.
    pub tags: bool,
    /// It shows links behind the codes of diagnostics.
    pub code_description: bool,
    /// It takes edits of a certain version of a document.
    pub document_changes: bool,
    /// It asks for the edit of a code action when somebody takes it.
    pub resolves_edits: bool,
    /// It knows snippets.
    pub snippets: bool,
    /// It can be told not to indent what is inserted.
    pub insert_text_modes: bool,
    /// It renders Markdown in hovers.
    pub markdown_hover: bool,
    /// It renders Markdown in completions.
    pub markdown_completion: bool,
    /// It shows symbols within symbols.
    pub nested_symbols: bool,
    /// It opens documents and pages when asked to.
    pub shows_documents: bool,
    /// It watches files for the server.
    pub watches_files: bool,
    /// It watches files outside of its folders, too.
    pub watches_relative: bool,
    /// It answers questions about its settings.
    pub has_configuration: bool,
    /// The folders that it works in.
    pub roots: Vec<PathBuf>,
}

impl Client {
    /// What the parameters of `initialize` say.
    pub fn new(params: &Value) -> Self {
        let can = |pointer: &str| {
            let value = params.get("capabilities").and_then(|all| all.pointer(pointer));
            value.and_then(Value::as_bool) == Some(true)
        };
        let has = |pointer: &str| {
            let value = params.get("capabilities").and_then(|all| all.pointer(pointer));
            value.is_some_and(|value| !value.is_null())
        };
        let lists = |pointer: &str, word: &str| {
            let value = params.get("capabilities").and_then(|all| all.pointer(pointer));
            let mut words = value.and_then(Value::as_array).into_iter().flatten();
            words.any(|one| one == word)
        };
        let mut encodings = Encoding::ALL.into_iter();
        let encoding = encodings.find(|one| lists("/general/positionEncodings", one.as_str()));
        Self {
            encoding: encoding.unwrap_or_default(),
            pulls: has("/textDocument/diagnostic") && can("/workspace/diagnostics/refreshSupport"),
            refreshes_hints: can("/workspace/inlayHint/refreshSupport"),
            related_information: can("/textDocument/publishDiagnostics/relatedInformation")
                || can("/textDocument/diagnostic/relatedInformation"),
            tags: has("/textDocument/publishDiagnostics/tagSupport")
                || has("/textDocument/diagnostic/tagSupport"),
            code_description: can("/textDocument/publishDiagnostics/codeDescriptionSupport")
                || can("/textDocument/diagnostic/codeDescriptionSupport"),
            document_changes: can("/workspace/workspaceEdit/documentChanges"),
            resolves_edits: lists("/textDocument/codeAction/resolveSupport/properties", "edit"),
            snippets: can("/textDocument/completion/completionItem/snippetSupport"),
            insert_text_modes: has("/textDocument/completion/completionItem/insertTextModeSupport"),
            markdown_hover: lists("/textDocument/hover/contentFormat", "markdown"),
            markdown_completion: lists(
                "/textDocument/completion/completionItem/documentationFormat",
                "markdown",
            ),
            nested_symbols: can("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            shows_documents: can("/window/showDocument/support"),
            watches_files: can("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            watches_relative: can("/workspace/didChangeWatchedFiles/relativePatternSupport"),
            has_configuration: can("/workspace/configuration"),
            roots: roots(params),
        }
    }
}

/// The folders of the workspace, as the editor names them.
fn roots(params: &Value) -> Vec<PathBuf> {
    let folders = params.get("workspaceFolders").and_then(Value::as_array);
    let folders: Vec<PathBuf> = folders
        .into_iter()
        .flatten()
        .filter_map(|folder| uri::path(folder.get("uri")?.as_str()?))
        .collect();
    if !folders.is_empty() {
        return folders;
    }
    let root = params.get("rootUri").and_then(Value::as_str).and_then(uri::path);
    root.into_iter().collect()
}

/// What the user chose in the editor: the initialization options, or the section `otel-lint` of the
/// editor's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserOptions {
    /// Whether effective values that are not written are shown.
    pub inlay_hints: bool,
    /// Flexible configurations, which are checked as they are rendered.
    pub projects: Vec<ProjectOptions>,
}

/// A flexible configuration: what `--fc-…` says on the command line. Paths are relative to each folder of
/// the workspace that has the base.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectOptions {
    /// The base template.
    pub base: PathBuf,
    /// The folder of the settings.
    pub settings: Option<PathBuf>,
    /// The folder of the partials.
    pub partials: Option<PathBuf>,
    /// The folder of the templates.
    pub templates: Option<PathBuf>,
    /// Variables of the environment.
    pub env: BTreeMap<String, String>,
}

impl UserOptions {
    /// What `value` says, and what of it cannot be understood.
    pub fn new(value: &Value) -> (Self, Vec<String>) {
        let mut options = Self::default();
        let mut faults = Vec::new();
        for (name, value) in value.as_object().into_iter().flatten() {
            match (name.as_str(), value) {
                ("inlayHints", Value::Bool(on)) => options.inlay_hints = *on,
                ("flexible", Value::Array(projects)) => {
                    for project in projects {
                        match ProjectOptions::new(project) {
                            Ok(project) => options.projects.push(project),
                            Err(fault) => faults.push(fault),
                        }
                    }
                }
                ("flexible", Value::Object(_)) => match ProjectOptions::new(value) {
                    Ok(project) => options.projects.push(project),
                    Err(fault) => faults.push(fault),
                },
                ("inlayHints" | "flexible", Value::Null) => {}
                ("inlayHints", _) => faults.push("`inlayHints` is true or false".to_owned()),
                ("flexible", _) => faults.push("`flexible` is a list of objects".to_owned()),
                // Editors keep options of their own beside ours, such as the path of the program.
                _ => {}
            }
        }
        (options, faults)
    }
}

impl ProjectOptions {
    fn new(value: &Value) -> Result<Self, String> {
        let path = |name: &str| match value.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(path)) => Ok(Some(PathBuf::from(path))),
            Some(_) => Err(format!("`flexible.{name}` is a path")),
        };
        let base = path("base")?.ok_or("a project of `flexible` needs its `base`")?;
        let env = value.get("env").and_then(Value::as_object).into_iter().flatten();
        let env = env.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        Ok(Self {
            base,
            settings: path("settings")?,
            partials: path("partials")?,
            templates: path("templates")?,
            env: env.collect(),
        })
    }
}
