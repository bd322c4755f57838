//! From tokens to statements, by the rules of Go's `text/template/parse`.

use std::collections::BTreeMap;

use crate::source::Span;

use super::ast::{BlockId, Bytes, Name, Pipe, Statement, StatementKind, Template};
use super::error::{Error, ErrorKind};
use super::lexer::{Kind, Lexer, Token};
use super::literal;
use super::origin::{Entries, Entry, FileId, OriginId, Place};

/// All templates of a project.
#[derive(Default)]
pub(super) struct Templates {
    pub blocks: Vec<Vec<Statement>>,
    pub by_name: BTreeMap<Bytes, Template>,
}

impl Templates {
    pub fn block(&self, id: BlockId) -> &[Statement] {
        &self.blocks[id.0 as usize]
    }
}

/// Go's `bytes.TrimSpace` leaves nothing.
pub(super) fn is_blank(text: &[u8]) -> bool {
    super::runes::chars(text).all(char::is_whitespace)
}

/// What an open block is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    File,
    Define,
    Block,
    If,
    With,
    Range,
}

/// A block that is not yet closed. `else if` opens another within the `else` of the first, which
/// the same `end` closes.
struct Open {
    kind: Opened,
    span: Span,
    pipe: Option<Pipe>,
    name: Option<Name>,
    statements: Vec<Statement>,
    /// What stands before `else`, once there is one.
    then: Option<BlockId>,
    /// The `end` of this block closes the one around it, too.
    chained: bool,
    /// Variables to keep when it is closed.
    variables: usize,
    /// The variables and ranges of the text around a definition.
    outer: Option<(Vec<Bytes>, u32)>,
}

/// Reads one file.
pub(super) struct Parser<'a> {
    pub(super) text: &'a [u8],
    pub(super) file: FileId,
    lexer: Lexer<'a>,
    ahead: Vec<Token>,
    pub(super) variables: Vec<Bytes>,
    ranges: u32,
    pub(super) parens: u32,
    templates: &'a mut Templates,
    pub(super) entries: &'a mut Entries,
    /// What this file defines: within one file, nothing is defined twice.
    defined: BTreeMap<Bytes, Template>,
}

/// Parses one file into `templates`.
pub(super) fn parse(
    file: FileId,
    name: &[u8],
    text: &[u8],
    templates: &mut Templates,
    entries: &mut Entries,
) -> Result<(), Error> {
    let parser = Parser {
        text,
        file,
        lexer: Lexer::new(text),
        ahead: Vec::new(),
        variables: vec![Bytes::from(&b"$"[..])],
        ranges: 0,
        parens: 0,
        templates,
        entries,
        defined: BTreeMap::new(),
    };
    let defined = parser.file(name)?;
    for (name, template) in defined {
        // A template of nothing but space replaces no other.
        if !templates.by_name.contains_key(&name) || !template.is_blank {
            templates.by_name.insert(name, template);
        }
    }
    Ok(())
}

impl Parser<'_> {
    pub(super) fn error<T>(&self, kind: ErrorKind, span: Span, message: &str) -> Result<T, Error> {
        Err(Error::new(kind, Place::new(self.file, span), message))
    }

    pub(super) fn unexpected<T>(&self, token: Token, wanted: &str) -> Result<T, Error> {
        let message = match token.kind {
            Kind::Invalid(message) => message.to_owned(),
            Kind::EndOfFile => format!("the file ends where {wanted} should stand"),
            Kind::RightDelimiter => format!("the action ends where {wanted} should stand"),
            _ => format!("{wanted} should stand here"),
        };
        self.error(ErrorKind::Syntax, token.span, &message)
    }

    pub(super) fn next(&mut self) -> Token {
        self.ahead.pop().unwrap_or_else(|| self.lexer.next())
    }

    pub(super) fn back(&mut self, token: Token) {
        self.ahead.push(token);
    }

    pub(super) fn peek(&mut self) -> Token {
        let token = self.next();
        self.back(token);
        token
    }

    pub(super) fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    pub(super) fn peek_non_space(&mut self) -> Token {
        let token = self.next_non_space();
        self.back(token);
        token
    }

    pub(super) fn slice(&self, span: Span) -> &[u8] {
        &self.text[span.range()]
    }

    pub(super) fn origin(&mut self, entry: fn(Place) -> Entry, span: Span) -> OriginId {
        let place = Place::new(self.file, span);
        self.entries.push(entry(place))
    }

    fn add_block(&mut self, statements: Vec<Statement>) -> BlockId {
        self.templates.blocks.push(statements);
        BlockId(self.templates.blocks.len() as u32 - 1)
    }

    fn template(&mut self, statements: Vec<Statement>) -> Template {
        let is_blank = statements.iter().all(|statement| {
            matches!(statement.kind, StatementKind::Text) && is_blank(self.slice(statement.span))
        });
        Template { file: self.file, body: self.add_block(statements), is_blank }
    }

    fn define(&mut self, name: &Name, template: Template) -> Result<(), Error> {
        if let Some(known) = self.defined.get(&name.text)
            && !known.is_blank
        {
            if template.is_blank {
                return Ok(());
            }
            let message = "this file defines a template of this name twice";
            return self.error(ErrorKind::Syntax, name.span, message);
        }
        self.defined.insert(name.text.clone(), template);
        Ok(())
    }

    fn file(mut self, name: &[u8]) -> Result<BTreeMap<Bytes, Template>, Error> {
        let mut open = vec![Open::new(Opened::File, Span::at(0), 0)];
        loop {
            let token = self.next_non_space();
            match token.kind {
                Kind::EndOfFile => break,
                Kind::Text => {
                    let origin = self.origin(Entry::Text, token.span);
                    let kind = StatementKind::Text;
                    push(&mut open, Statement { span: token.span, origin, kind });
                }
                Kind::LeftDelimiter => self.action(token.span, &mut open)?,
                _ => return self.unexpected(token, "text or an action"),
            }
        }
        let root = open.swap_remove(0);
        if let Some(unclosed) = open.into_iter().next_back() {
            let message = "this block has no `{{end}}`";
            return self.error(ErrorKind::Syntax, unclosed.span, message);
        }
        let template = self.template(root.statements);
        let name = Name { text: name.into(), span: Span::at(0) };
        self.define(&name, template)?;
        Ok(self.defined)
    }

    /// What follows `{{`, up to and with `}}`.
    fn action(&mut self, delimiter: Span, open: &mut Vec<Open>) -> Result<(), Error> {
        let start = delimiter.start as usize;
        let token = self.next_non_space();
        match token.kind {
            Kind::Define if open.len() == 1 => self.open_definition(false, start, open),
            Kind::Block => self.open_definition(true, start, open),
            Kind::If | Kind::With | Kind::Range => self.open_control(token.kind, start, open),
            Kind::Else => self.otherwise(token, open),
            Kind::End => {
                let end = self.expect_end("`}}` after `end`")?;
                self.close(token, Span::new(start, end), open)
            }
            Kind::Break | Kind::Continue => {
                let end = self.expect_end("`}}`")?;
                if self.ranges == 0 {
                    let message = "this stands in no `range`";
                    return self.error(ErrorKind::Syntax, token.span, message);
                }
                let breaks = token.kind == Kind::Break;
                let kind = if breaks { StatementKind::Break } else { StatementKind::Continue };
                self.statement(Span::new(start, end), kind, open);
                Ok(())
            }
            Kind::Template => self.call(start, open),
            _ => {
                self.back(token);
                let (pipe, end) = self.pipeline("a value", Kind::RightDelimiter)?;
                self.statement(Span::new(start, end), StatementKind::Action(pipe), open);
                Ok(())
            }
        }
    }

    fn statement(&mut self, span: Span, kind: StatementKind, open: &mut [Open]) {
        let origin = self.origin(Entry::Action, span);
        push(open, Statement { span, origin, kind });
    }

    fn expect_end(&mut self, wanted: &str) -> Result<usize, Error> {
        let token = self.next_non_space();
        match token.kind {
            Kind::RightDelimiter => Ok(token.span.end as usize),
            _ => self.unexpected(token, wanted),
        }
    }

    fn template_name(&mut self) -> Result<Name, Error> {
        let token = self.next_non_space();
        if !matches!(token.kind, Kind::Quoted | Kind::RawQuoted) {
            return self.unexpected(token, "the name of a template in quotes");
        }
        match literal::unquote(self.slice(token.span)) {
            Some(text) => Ok(Name { text: text.into(), span: token.span }),
            None => self.error(ErrorKind::Syntax, token.span, "this text has a wrong escape"),
        }
    }

    fn call(&mut self, start: usize, open: &mut [Open]) -> Result<(), Error> {
        let name = self.template_name()?;
        let token = self.next_non_space();
        let (pipe, end) = if token.kind == Kind::RightDelimiter {
            (None, token.span.end as usize)
        } else {
            self.back(token);
            let (pipe, end) = self.pipeline("a value", Kind::RightDelimiter)?;
            (Some(pipe), end)
        };
        let kind = StatementKind::Call { name: name.text, name_span: name.span, pipe };
        self.statement(Span::new(start, end), kind, open);
        Ok(())
    }

    fn open_definition(
        &mut self,
        is_block: bool,
        start: usize,
        open: &mut Vec<Open>,
    ) -> Result<(), Error> {
        let name = self.template_name()?;
        let (pipe, end) = if is_block {
            let (pipe, end) = self.pipeline("a value", Kind::RightDelimiter)?;
            (Some(pipe), end)
        } else {
            (None, self.expect_end("`}}` after the name")?)
        };
        let kind = if is_block { Opened::Block } else { Opened::Define };
        let mut opened = Open::new(kind, Span::new(start, end), self.variables.len());
        opened.pipe = pipe;
        opened.name = Some(name);
        let inner = vec![Bytes::from(&b"$"[..])];
        opened.outer = Some((std::mem::replace(&mut self.variables, inner), self.ranges));
        self.ranges = 0;
        open.push(opened);
        Ok(())
    }

    fn open_control(
        &mut self,
        kind: Kind,
        start: usize,
        open: &mut Vec<Open>,
    ) -> Result<(), Error> {
        let (kind, wanted) = match kind {
            Kind::If => (Opened::If, "a value for `if`"),
            Kind::With => (Opened::With, "a value for `with`"),
            _ => (Opened::Range, "a value for `range`"),
        };
        let variables = self.variables.len();
        let (pipe, end) = if kind == Opened::Range {
            self.range_pipeline()?
        } else {
            self.pipeline(wanted, Kind::RightDelimiter)?
        };
        self.ranges += u32::from(kind == Opened::Range);
        let mut opened = Open::new(kind, Span::new(start, end), variables);
        opened.pipe = Some(pipe);
        open.push(opened);
        Ok(())
    }

    fn otherwise(&mut self, keyword: Token, open: &mut Vec<Open>) -> Result<(), Error> {
        let next = self.peek_non_space();
        let chains = matches!(next.kind, Kind::If | Kind::With);
        if !chains {
            self.expect_end("`}}`, `if` or `with` after `else`")?;
        }
        let top = open.last_mut().expect("the file is never closed");
        let has_else = matches!(top.kind, Opened::If | Opened::With | Opened::Range);
        if !has_else || top.then.is_some() {
            let message = if has_else {
                "this block has an `else` already"
            } else {
                "this `else` belongs to no `if`, `with` or `range`"
            };
            return self.error(ErrorKind::Syntax, keyword.span, message);
        }
        let fits = match next.kind {
            Kind::If => top.kind == Opened::If,
            Kind::With => top.kind == Opened::With,
            _ => true,
        };
        if !fits {
            let message = "`else if` belongs to `if`, and `else with` to `with`";
            return self.error(ErrorKind::Syntax, next.span, message);
        }
        if top.kind == Opened::Range {
            self.ranges -= 1;
        }
        let statements = std::mem::take(&mut top.statements);
        self.templates.blocks.push(statements);
        top.then = Some(BlockId(self.templates.blocks.len() as u32 - 1));
        if chains {
            self.next_non_space();
            self.open_control(next.kind, keyword.span.start as usize, open)?;
            open.last_mut().expect("it was just opened").chained = true;
        }
        Ok(())
    }

    fn close(&mut self, keyword: Token, span: Span, open: &mut Vec<Open>) -> Result<(), Error> {
        loop {
            if open.len() == 1 {
                let message = "this `end` closes nothing";
                let span = if keyword.span.end > 0 { keyword.span } else { span };
                return self.error(ErrorKind::Syntax, span, message);
            }
            let top = open.pop().expect("there are two");
            let chained = top.chained;
            self.close_one(top, open)?;
            if !chained {
                return Ok(());
            }
        }
    }

    fn close_one(&mut self, top: Open, open: &mut [Open]) -> Result<(), Error> {
        if top.kind == Opened::Range && top.then.is_none() {
            self.ranges -= 1;
        }
        if let Some((variables, ranges)) = top.outer {
            self.variables = variables;
            self.ranges = ranges;
        } else {
            self.variables.truncate(top.variables);
        }
        if let Some(name) = top.name {
            let template = self.template(top.statements);
            self.define(&name, template)?;
            if let Some(pipe) = top.pipe {
                let (name, name_span) = (name.text, name.span);
                let kind = StatementKind::Call { name, name_span, pipe: Some(pipe) };
                self.statement(top.span, kind, open);
            }
            return Ok(());
        }
        let last = self.add_block(top.statements);
        let (body, otherwise) = match top.then {
            Some(then) => (then, Some(last)),
            None => (last, None),
        };
        let pipe = top.pipe.expect("blocks that are not definitions have a value");
        let kind = match top.kind {
            Opened::If => StatementKind::If { pipe, then: body, otherwise },
            Opened::With => StatementKind::With { pipe, then: body, otherwise },
            _ => StatementKind::Range { pipe, body, otherwise },
        };
        self.statement(top.span, kind, open);
        Ok(())
    }
}

impl Open {
    fn new(kind: Opened, span: Span, variables: usize) -> Self {
        Self {
            kind,
            span,
            pipe: None,
            name: None,
            statements: Vec::new(),
            then: None,
            chained: false,
            variables,
            outer: None,
        }
    }
}

fn push(open: &mut [Open], statement: Statement) {
    open.last_mut().expect("the file is never closed").statements.push(statement);
}
