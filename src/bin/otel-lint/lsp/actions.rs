//! Code actions and the commands behind them.

use std::collections::HashMap;

use lsp_server::ErrorCode;
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, Command, ExecuteCommandParams, NumberOrString,
    TextEdit, WorkspaceEdit,
};
use otel_lint::analysis::CheckedFile;
use otel_lint::editor::{self, Action, ActionKind, Change, NO_REASON, Text};
use otel_lint::finding::Safety;
use otel_lint::source::Source;
use otel_lint::{report, rules};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::convert;
use super::documents::{Document, Found};
use super::server::{Failure, Server, failure};

/// The kind of the action that applies all safe fixes.
pub const FIX_ALL: &str = "source.fixAll.otel-lint";

const EXPLAIN: &str = "otel-lint.explain";
const SHOW_REASON: &str = "otel-lint.showReason";

/// The commands that the editor may execute.
pub const COMMANDS: [&str; 2] = [EXPLAIN, SHOW_REASON];

/// How many findings may have their actions computed at once, for an editor that does not ask for the
/// edits one by one.
const MOST_AT_ONCE: usize = 24;

/// What is kept in an action until somebody takes it.
#[derive(Serialize, Deserialize)]
struct Data {
    uri: String,
    version: i32,
    kind: String,
    rule: String,
    finding: Option<usize>,
}

impl Server<'_> {
    /// The actions at a range.
    pub fn code_actions(&mut self, params: &CodeActionParams) -> Value {
        let uri = params.text_document.uri.as_str().to_owned();
        let Some(found) = self.find(&uri, &|| false) else { return Value::Null };
        let Some(document) = self.documents.get(&uri) else { return Value::Null };
        let wants = |kind: &str| match &params.context.only {
            None => !kind.starts_with("source"),
            Some(only) => only.iter().any(|wanted| {
                let rest = kind.strip_prefix(wanted.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }),
        };
        let mut offers = Vec::new();
        if wants("quickfix") {
            let span = convert::span(&document.text, params.range);
            offers = editor::offers(&found.analysis, span);
        }
        // It is offered beside the others, and done on its own when a file is saved.
        if wants(FIX_ALL) || (params.context.only.is_none() && !offers.is_empty()) {
            offers.extend(editor::fix_all(&found.analysis));
        }
        let resolves = self.client.resolves_edits;
        offers.truncate(if resolves { usize::MAX } else { MOST_AT_ONCE });
        let actions: Vec<CodeAction> = offers
            .iter()
            .filter_map(|action| {
                let mut one = self.code_action(document, action, &params.context.diagnostics);
                let is_light = matches!(action.kind, ActionKind::Fix(_));
                if action.kind != ActionKind::Explain && (is_light || !resolves) {
                    one.edit = Some(self.edit_of(document, &found, action)?);
                    one.data = None;
                }
                Some(one)
            })
            .collect();
        json!(actions)
    }

    fn code_action(
        &self,
        document: &Document,
        action: &Action,
        diagnostics: &[lsp_types::Diagnostic],
    ) -> CodeAction {
        let is_about = |one: &&lsp_types::Diagnostic| {
            one.code == Some(NumberOrString::String(action.rule.to_owned()))
        };
        let diagnostics: Vec<_> = diagnostics.iter().filter(is_about).cloned().collect();
        let data = Data {
            uri: document.uri.as_str().to_owned(),
            version: document.version,
            kind: word(action.kind).to_owned(),
            rule: action.rule.to_owned(),
            finding: action.finding,
        };
        let kind = if action.kind == ActionKind::FixAll {
            CodeActionKind::from(FIX_ALL)
        } else {
            CodeActionKind::QUICKFIX
        };
        let title = match action.kind {
            ActionKind::Fix(Safety::Unsafe) => {
                format!("{} (changes what the gateway does)", action.title)
            }
            _ => action.title.clone(),
        };
        let command = match action.kind {
            ActionKind::Explain => Some((EXPLAIN, vec![json!(action.rule)])),
            ActionKind::Suppress if self.client.shows_documents => {
                Some((SHOW_REASON, vec![json!(document.uri)]))
            }
            _ => None,
        };
        CodeAction {
            title: title.clone(),
            kind: Some(kind),
            diagnostics: Some(diagnostics).filter(|list| !list.is_empty()),
            is_preferred: Some(true).filter(|_| action.kind == ActionKind::Fix(Safety::Safe)),
            command: command.map(|(command, arguments)| Command {
                title,
                command: command.to_owned(),
                arguments: Some(arguments),
            }),
            data: (action.kind != ActionKind::Explain).then(|| json!(data)),
            ..CodeAction::default()
        }
    }

    /// The edit of an action that somebody takes.
    pub fn resolve(&mut self, mut action: CodeAction) -> Result<Value, Failure> {
        let Some(data) = action.data.take() else { return Ok(json!(action)) };
        let data: Data = serde_json::from_value(data)
            .map_err(|error| failure(ErrorCode::InvalidParams, error.to_string()))?;
        let gone = || failure(ErrorCode::ContentModified, "the document has changed");
        let found = self.find(&data.uri, &|| false).ok_or_else(gone)?;
        let document = self.documents.get(&data.uri).ok_or_else(gone)?;
        if document.version != data.version {
            return Err(gone());
        }
        let rule = rules::get(&data.rule).map(|rule| rule.id).unwrap_or_default();
        let kind = kind(&data.kind).ok_or_else(gone)?;
        let wanted = Action { kind, title: String::new(), rule, finding: data.finding };
        let edit = self.edit_of(document, &found, &wanted);
        let none = "there is no place to write it here: change the file by hand";
        action.edit = Some(edit.ok_or_else(|| failure(ErrorCode::RequestFailed, none))?);
        Ok(json!(action))
    }

    /// What `action` changes in `document`; `None` if it cannot.
    fn edit_of(
        &self,
        document: &Document,
        found: &Found,
        action: &Action,
    ) -> Option<WorkspaceEdit> {
        let source = document.text.source();
        // A project knows it by the name that it was read under.
        let source = Source::new(&*found.name, source.bytes()).with_format(source.format());
        let file = CheckedFile { source, analysis: found.analysis.clone() };
        let check = |source: Source| found.recheck.check(source);
        let edits = match editor::change(&file, action, &check)? {
            Change::Replacements(replacements) => convert::edits(&document.text, &replacements),
            Change::Text(new) => line_edits(&document.text, &new),
        };
        Some(self.workspace_edit(document, edits))
    }

    /// `edits` of `document`, for the version that they were made for if the editor can tell.
    pub fn workspace_edit(&self, document: &Document, edits: Vec<TextEdit>) -> WorkspaceEdit {
        if self.client.document_changes {
            let changes = json!({ "documentChanges": [{
                "textDocument": { "uri": document.uri, "version": document.version },
                "edits": edits,
            }] });
            return serde_json::from_value(changes).unwrap_or_default();
        }
        #[expect(clippy::mutable_key_type, reason = "the protocol's type has it so")]
        let changes = HashMap::from([(document.uri.clone(), edits)]);
        WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
    }

    /// Executes a command.
    pub fn execute(&mut self, params: &ExecuteCommandParams) -> Result<Value, Failure> {
        let argument = params.arguments.first().and_then(Value::as_str).unwrap_or_default();
        match params.command.as_str() {
            EXPLAIN => self.explain(argument),
            SHOW_REASON => {
                self.show_reason(argument);
                Ok(Value::Null)
            }
            other => Err(failure(ErrorCode::InvalidParams, format!("no command `{other}`"))),
        }
    }

    /// Shows the page of a rule, or its summary where no page can be shown.
    fn explain(&mut self, rule: &str) -> Result<Value, Failure> {
        let unknown = || failure(ErrorCode::InvalidParams, "there is no such rule");
        let rule = rules::get(rule).ok_or_else(unknown)?;
        if self.client.shows_documents {
            let page = report::page_url(rule.id);
            self.ask("window/showDocument", json!({ "uri": page, "external": true }));
        } else {
            let first = rule.docs.split("\n\n").next().unwrap_or_default().replace('\n', " ");
            let text = format!("{}: {}\n{first}", rule.id, rule.summary);
            self.notify("window/showMessage", json!({ "type": 3, "message": text }));
        }
        Ok(Value::Null)
    }

    /// Selects the reason of a suppression that was just written, to be replaced.
    fn show_reason(&mut self, uri: &str) {
        if let Some(document) = self.documents.get(uri)
            && let Some(at) = document.text.as_str().find(NO_REASON)
        {
            let span = otel_lint::source::Span::new(at, at + NO_REASON.len());
            let selection = convert::range(&document.text, span);
            let params = json!({ "uri": uri, "takeFocus": true, "selection": selection });
            self.ask("window/showDocument", params);
        }
    }
}

/// The word that stands for `kind` until the action is taken.
fn word(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Fix(Safety::Safe) => "safe-fix",
        ActionKind::Fix(Safety::Unsafe) => "unsafe-fix",
        ActionKind::FixRule => "fix-rule",
        ActionKind::FixAll => "fix-all",
        ActionKind::Suppress => "suppress",
        ActionKind::Explain => "explain",
    }
}

fn kind(named: &str) -> Option<ActionKind> {
    [
        ActionKind::Fix(Safety::Safe),
        ActionKind::Fix(Safety::Unsafe),
        ActionKind::FixRule,
        ActionKind::FixAll,
        ActionKind::Suppress,
        ActionKind::Explain,
    ]
    .into_iter()
    .find(|kind| word(*kind) == named)
}

/// Edits of whole lines that make `new` of `text`, so that what is between them stays untouched.
fn line_edits(text: &Text, new: &[u8]) -> Vec<TextEdit> {
    fn lines(text: &str) -> Vec<&str> {
        text.split_inclusive('\n').collect()
    }
    let new = String::from_utf8_lossy(new);
    let (old_lines, new_lines) = (lines(text.as_str()), lines(&new));
    let starts: Vec<usize> = std::iter::once(0)
        .chain(old_lines.iter().scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        }))
        .collect();
    let edit = |op: DiffOp| {
        let (old, new) = (op.old_range(), op.new_range());
        let span = otel_lint::source::Span::new(starts[old.start], starts[old.end]);
        TextEdit { range: convert::range(text, span), new_text: new_lines[new].concat() }
    };
    let ops = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines);
    let changes = ops.into_iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    changes.map(edit).collect()
}
