//! What the editor asks, one method after the other.

use lsp_server::ErrorCode;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, DocumentSymbol, Documentation, Hover,
    HoverContents, InlayHint, InlayHintKind, InlayHintLabel, InsertTextFormat, InsertTextMode,
    Location, MarkupContent, MarkupKind, SymbolInformation, SymbolKind, TextDocumentPositionParams,
    TextEdit,
};
use otel_lint::editor::{self, Completion, CompletionKind, Symbol};
use otel_lint::linter::Options;
use otel_lint::source::Span;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::convert;
use super::diagnostics::is_plausible;
use super::documents::{Document, Role};
use super::server::{Failure, Server, failure};

/// The answer to the request `method`.
pub fn answer(server: &mut Server<'_>, method: &str, params: Value) -> Result<Value, Failure> {
    match method {
        "textDocument/diagnostic" => server.pull(&read(params)?),
        "textDocument/codeAction" => Ok(server.code_actions(&read(params)?)),
        "codeAction/resolve" => server.resolve(read(params)?),
        "workspace/executeCommand" => server.execute(&read(params)?),
        "textDocument/hover" => server.at(params, Server::hover),
        "textDocument/completion" => server.at(params, Server::completion),
        "textDocument/definition" => {
            server.at(params, |_, asked| json!(locations(asked, |name| name.is_definition)))
        }
        "textDocument/references" => {
            let declared = params.pointer("/context/includeDeclaration");
            let declared = declared.and_then(Value::as_bool) == Some(true);
            server.at(params, |_, asked| {
                json!(locations(asked, |name| declared || !name.is_definition))
            })
        }
        "textDocument/documentHighlight" => server.at(params, |_, asked| highlights(asked)),
        "textDocument/prepareRename" => server.at(params, |_, asked| prepare_rename(asked)),
        "textDocument/rename" => {
            let new = params.get("newName").and_then(Value::as_str).unwrap_or_default().to_owned();
            server.rename(params, &new)
        }
        "textDocument/documentSymbol" => server.in_document(&params, Server::symbols),
        "textDocument/inlayHint" => {
            let range = params.get("range").cloned().unwrap_or_default();
            server.in_document(&params, |server, document, options| {
                server.hints(document, options, range)
            })
        }
        "textDocument/documentLink" => {
            server.in_document(&params, |_, document, _| links(document))
        }
        // For tests and reports of faults: what the server takes the text for.
        "otel-lint/text" => {
            let uri = params.pointer("/textDocument/uri").and_then(Value::as_str);
            let document = uri.and_then(|uri| server.documents.get(uri));
            Ok(json!(document.map(|document| {
                json!({ "text": document.text.as_str(), "version": document.version })
            })))
        }
        // The same: answered when nothing is left to be checked.
        "otel-lint/settle" => {
            server.settle();
            Ok(Value::Null)
        }
        _ => Err(failure(ErrorCode::MethodNotFound, format!("no method `{method}`"))),
    }
}

/// The parameters, if they can be understood.
fn read<T: DeserializeOwned>(params: Value) -> Result<T, Failure> {
    serde_json::from_value(params)
        .map_err(|error| failure(ErrorCode::InvalidParams, error.to_string()))
}

/// Whether there may be something to answer about a document.
fn is_ours(document: &Document) -> bool {
    document.role == Role::Settings || is_plausible(document.text.source())
}

/// A document, a place in it, and how it is checked.
struct Asked<'d> {
    document: &'d Document,
    offset: u32,
    options: Options,
}

impl Server<'_> {
    /// Answers a question about a place; with nothing if its document is not open or not ours.
    fn at(
        &self,
        params: Value,
        answer: impl FnOnce(&Self, &Asked<'_>) -> Value,
    ) -> Result<Value, Failure> {
        let params: TextDocumentPositionParams = read(params)?;
        let uri = params.text_document.uri.as_str();
        let Some(document) = self.documents.get(uri).filter(|it| is_ours(it)) else {
            return Ok(Value::Null);
        };
        let offset = document.text.offset(convert::to_place(params.position));
        Ok(answer(self, &Asked { document, offset, options: self.options_of(document) }))
    }

    /// Answers a question about a document; with nothing if it is not open or not ours.
    fn in_document(
        &self,
        params: &Value,
        answer: impl FnOnce(&Self, &Document, &Options) -> Value,
    ) -> Result<Value, Failure> {
        let uri = params.pointer("/textDocument/uri").and_then(Value::as_str);
        let uri = uri.ok_or_else(|| failure(ErrorCode::InvalidParams, "no document is named"))?;
        let Some(document) = self.documents.get(uri).filter(|it| is_ours(it)) else {
            return Ok(Value::Null);
        };
        Ok(answer(self, document, &self.options_of(document)))
    }

    /// How `document` is checked; with the defaults if its settings are wrong.
    fn options_of(&self, document: &Document) -> Options {
        let in_force = self.finder.in_force(&self.settings_place(document), &self.flags);
        in_force.map(|in_force| in_force.options()).unwrap_or_default()
    }

    fn hover(&self, asked: &Asked<'_>) -> Value {
        let Asked { document, offset, options } = asked;
        let source = document.text.source();
        if document.role == Role::Settings {
            return Value::Null;
        }
        let Some(hover) = editor::hover(source, *offset, options) else { return Value::Null };
        json!(Hover {
            contents: HoverContents::Markup(markup(&hover.markdown, self.client.markdown_hover)),
            range: Some(convert::range(&document.text, hover.span)),
        })
    }

    fn completion(&self, asked: &Asked<'_>) -> Value {
        let Asked { document, offset, options } = asked;
        let source = document.text.source();
        let found = match document.role {
            Role::Settings => editor::complete_settings(source, *offset),
            Role::Configuration => editor::complete(source, *offset, options),
        };
        let items = found.into_iter().enumerate();
        let items: Vec<_> = items.map(|(nth, one)| self.item(document, nth, one)).collect();
        json!(items)
    }

    fn item(&self, document: &Document, nth: usize, one: Completion) -> CompletionItem {
        let client = &self.client;
        let text = &document.text;
        let new_text =
            if client.snippets { one.indented(!client.insert_text_modes) } else { one.plain() };
        let format =
            if client.snippets { InsertTextFormat::SNIPPET } else { InsertTextFormat::PLAIN_TEXT };
        let edit = TextEdit { range: convert::range(text, one.span), new_text };
        let also = convert::edits(text, &one.also);
        CompletionItem {
            kind: Some(match one.kind {
                CompletionKind::Key => CompletionItemKind::PROPERTY,
                CompletionKind::Value => CompletionItemKind::VALUE,
                CompletionKind::Snippet => CompletionItemKind::SNIPPET,
                CompletionKind::Reference => CompletionItemKind::REFERENCE,
            }),
            detail: Some(one.detail).filter(|detail| !detail.is_empty()),
            documentation: Some(one.documentation).filter(|text| !text.is_empty()).map(|text| {
                Documentation::MarkupContent(markup(&text, client.markdown_completion))
            }),
            deprecated: one.is_deprecated.then_some(true),
            sort_text: Some(format!("{nth:04}")),
            filter_text: Some(one.filter),
            insert_text_format: Some(format),
            insert_text_mode: client.insert_text_modes.then_some(InsertTextMode::AS_IS),
            text_edit: Some(CompletionTextEdit::Edit(edit)),
            additional_text_edits: Some(also).filter(|edits| !edits.is_empty()),
            label: one.label,
            ..CompletionItem::default()
        }
    }

    fn rename(&self, params: Value, new: &str) -> Result<Value, Failure> {
        let params: TextDocumentPositionParams = read(params)?;
        let uri = params.text_document.uri.as_str();
        let Some(document) = self.documents.get(uri) else { return Ok(Value::Null) };
        let offset = document.text.offset(convert::to_place(params.position));
        let options = self.options_of(document);
        let renamed = editor::rename(document.text.source(), offset, new, &options);
        let replacements =
            renamed.map_err(|error| failure(ErrorCode::RequestFailed, error.to_string()))?;
        let edits = convert::edits(&document.text, &replacements);
        Ok(json!(self.workspace_edit(document, edits)))
    }

    fn symbols(&self, document: &Document, options: &Options) -> Value {
        if document.role == Role::Settings {
            return Value::Null;
        }
        let symbols = editor::symbols(document.text.source(), options);
        if self.client.nested_symbols {
            let symbols: Vec<_> = symbols.into_iter().map(|it| nested(document, it)).collect();
            return json!(symbols);
        }
        let mut flat = Vec::new();
        for symbol in symbols {
            flatten(document, symbol, None, &mut flat);
        }
        json!(flat)
    }

    fn hints(&self, document: &Document, options: &Options, range: Value) -> Value {
        if !self.options.inlay_hints || document.role == Role::Settings {
            return Value::Null;
        }
        let within = serde_json::from_value(range).ok();
        let within = within.map(|range| convert::span(&document.text, range));
        let is_wanted = |hint: &editor::Hint| {
            within.is_none_or(|span| span.start <= hint.offset && hint.offset <= span.end)
        };
        let hints = editor::hints(document.text.source(), options).into_iter().filter(is_wanted);
        let hint = |hint: editor::Hint| InlayHint {
            position: convert::position(document.text.place(hint.offset)),
            label: InlayHintLabel::String(convert::visible(&hint.text)),
            kind: Some(InlayHintKind::PARAMETER),
            text_edits: None,
            tooltip: None,
            padding_left: Some(true),
            padding_right: None,
            data: None,
        };
        json!(hints.map(hint).collect::<Vec<_>>())
    }
}

fn markup(markdown: &str, is_known: bool) -> MarkupContent {
    let text = convert::visible(markdown);
    if is_known {
        MarkupContent { kind: MarkupKind::Markdown, value: text }
    } else {
        MarkupContent { kind: MarkupKind::PlainText, value: convert::plain(&text) }
    }
}

/// The places that name the exporter at a place.
fn locations(asked: &Asked<'_>, wanted: impl Fn(&editor::Name) -> bool) -> Vec<Location> {
    let Asked { document, offset, options } = asked;
    let names = editor::names(document.text.source(), *offset, options);
    let names = names.into_iter().filter(wanted);
    let range = |name: editor::Name| convert::range(&document.text, name.span);
    names.map(|name| Location { uri: document.uri.clone(), range: range(name) }).collect()
}

fn highlights(asked: &Asked<'_>) -> Value {
    let places = locations(asked, |_| true).into_iter();
    json!(places.map(|place| json!({ "range": place.range })).collect::<Vec<_>>())
}

fn prepare_rename(asked: &Asked<'_>) -> Value {
    let Asked { document, offset, options } = asked;
    let names = editor::names(document.text.source(), *offset, options);
    let is_here = |name: &&editor::Name| name.span.start <= *offset && *offset <= name.span.end;
    let Some(name) = names.iter().find(is_here) else { return Value::Null };
    let mut span = name.span;
    // Quotes are not part of a name.
    let bytes = &document.text.source().bytes()[span.range()];
    if let [b'"', .., b'"'] | [b'\'', .., b'\''] = bytes {
        span = Span { start: span.start + 1, end: span.end - 1 };
    }
    json!(convert::range(&document.text, span))
}

/// The links in a document.
fn links(document: &Document) -> Value {
    let links = editor::links(document.text.source()).into_iter();
    let links = links.map(|link| {
        json!({
            "range": convert::range(&document.text, link.span),
            "target": link.url,
            "tooltip": link.title,
        })
    });
    json!(links.collect::<Vec<_>>())
}

fn symbol_kind(kind: editor::SymbolKind) -> SymbolKind {
    match kind {
        editor::SymbolKind::Block => SymbolKind::NAMESPACE,
        editor::SymbolKind::Exporter => SymbolKind::INTERFACE,
        editor::SymbolKind::Part => SymbolKind::OBJECT,
    }
}

#[expect(deprecated, reason = "a field of the protocol's type, always empty here")]
fn nested(document: &Document, symbol: Symbol) -> DocumentSymbol {
    let children: Vec<_> =
        symbol.children.into_iter().map(|child| nested(document, child)).collect();
    // Editors refuse a name that is not within its symbol, as it may be behind an alias.
    let is_within = symbol.span.contains(symbol.selection);
    let selection = if is_within { symbol.selection } else { symbol.span };
    DocumentSymbol {
        name: symbol.name,
        detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: convert::range(&document.text, symbol.span),
        selection_range: convert::range(&document.text, selection),
        children: Some(children).filter(|children| !children.is_empty()),
    }
}

#[expect(deprecated, reason = "a field of the protocol's type, always empty here")]
fn flatten(
    document: &Document,
    symbol: Symbol,
    container: Option<&str>,
    flat: &mut Vec<SymbolInformation>,
) {
    let range = convert::range(&document.text, symbol.span);
    flat.push(SymbolInformation {
        name: symbol.name.clone(),
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        location: Location { uri: document.uri.clone(), range },
        container_name: container.map(str::to_owned),
    });
    for child in symbol.children {
        flatten(document, child, Some(&symbol.name), flat);
    }
}
