//! Executes statements, with a stack of its own: no nesting of a template is one of this program.

use std::collections::BTreeSet;

use super::Limits;
use super::ast::{BlockId, Bytes, Pipe, Statement, StatementKind};
use super::error::{Error, ErrorKind};
use super::machine::{Failure, Machine};
use super::origin::{FileId, OriginId, Place};
use super::parser::Templates;
use super::project::Project;
use super::rendered::{Origins, Rendered};
use super::runes::lossy;
use super::value::{Data, IntType, MapId, Text, Value};
use crate::source::Span;

/// What a frame does when its block ends.
enum FrameKind<'a> {
    /// The block of an `if` or `with`.
    Plain,
    Range {
        statement: &'a Statement,
        pipe: &'a Pipe,
        items: Items,
        next: usize,
        collection: OriginId,
    },
    /// A template: what is to be restored.
    Call { file: FileId, base: usize },
}

/// What a `range` goes over.
enum Items {
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
    Count(i64, IntType, OriginId),
}

/// A block that is executed.
struct Frame<'a> {
    block: BlockId,
    next: usize,
    dot: Value,
    /// Variables that remain when it ends.
    keep: usize,
    /// Variables that remain after each iteration.
    keep_inner: usize,
    chain: u32,
    kind: FrameKind<'a>,
}

/// One run.
pub(super) struct Execution<'a> {
    project: &'a Project,
    templates: &'a Templates,
    pub(super) machine: Machine<'a>,
    limits: &'a Limits,
    out: Vec<u8>,
    origins: Origins,
    pub(super) variables: Vec<(Bytes, Value)>,
    /// Where the variables of the current template begin.
    pub(super) base: usize,
    /// The file of the current template.
    pub(super) file: FileId,
    frames: Vec<Frame<'a>>,
    depth: usize,
    /// Actions without a value.
    missing_values: BTreeSet<Place>,
    /// The map of all settings.
    pub(super) settings: Option<MapId>,
    pub(super) missing_settings: BTreeSet<String>,
}

impl<'a> Execution<'a> {
    pub fn new(
        project: &'a Project,
        templates: &'a Templates,
        machine: Machine<'a>,
        limits: &'a Limits,
    ) -> Self {
        Self {
            project,
            templates,
            machine,
            limits,
            out: Vec::new(),
            origins: Origins::new(),
            variables: Vec::new(),
            base: 0,
            file: project.base(),
            frames: Vec::new(),
            depth: 0,
            missing_values: BTreeSet::new(),
            settings: None,
            missing_settings: BTreeSet::new(),
        }
    }

    /// Executes the base with `root` as its value.
    pub fn run(mut self, root: Value) -> Rendered {
        let name = self.project.file(self.project.base()).name.as_bytes();
        let mut errors = Vec::new();
        if let Data::Map(settings) = root.data {
            self.settings = Some(settings);
        }
        if let Some(template) = self.templates.by_name.get(name) {
            self.file = template.file;
            self.enter(template.body, root, template.file, 0);
            errors.extend(self.execute().err());
        }
        self.origins.finish(self.machine.entries, self.out.len());
        Rendered {
            text: self.out,
            origins: self.origins,
            errors,
            unknowns: self.machine.unknowns,
            missing_partials: self.machine.missing_partials,
            missing_values: self.missing_values.into_iter().collect(),
            missing_settings: self.missing_settings,
        }
    }

    pub(super) fn error<T>(&self, kind: ErrorKind, span: Span, message: &str) -> Result<T, Error> {
        Err(Error::new(kind, Place::new(self.file, span), message))
    }

    pub(super) fn failed(&self, failure: Failure, span: Span) -> Error {
        Error::new(failure.kind, Place::new(self.file, span), failure.message)
    }

    pub(super) fn step(&mut self, span: Span) -> Result<(), Error> {
        self.machine.step(1).map_err(|failure| self.failed(failure, span))
    }

    /// Goes into a template.
    fn enter(&mut self, block: BlockId, dot: Value, file: FileId, chain: u32) {
        let kind = FrameKind::Call { file: self.file, base: self.base };
        let keep = self.variables.len();
        self.base = keep;
        self.file = file;
        self.variables.push((Bytes::from(&b"$"[..]), dot.clone()));
        self.frames.push(Frame { block, next: 0, dot, keep, keep_inner: keep, chain, kind });
        self.depth += 1;
    }

    fn push_plain(&mut self, block: BlockId, dot: Value, keep: usize, chain: u32) {
        let kind = FrameKind::Plain;
        self.frames.push(Frame { block, next: 0, dot, keep, keep_inner: keep, chain, kind });
    }

    /// Leaves the innermost frame.
    fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        self.variables.truncate(frame.keep);
        if let FrameKind::Call { file, base } = frame.kind {
            self.file = file;
            self.base = base;
            self.depth -= 1;
        }
    }

    fn execute(&mut self) -> Result<(), Error> {
        while let Some(frame) = self.frames.last_mut() {
            let statements = self.templates.block(frame.block);
            if let Some(statement) = statements.get(frame.next) {
                frame.next += 1;
                self.statement(statement)?;
            } else if let FrameKind::Range { statement, .. } = frame.kind {
                // An iteration costs something even if there is nothing in the loop.
                let span = statement.span;
                self.step(span)?;
                self.machine.charge(16).map_err(|failure| self.failed(failure, span))?;
                self.iterate();
            } else {
                self.leave();
            }
        }
        Ok(())
    }

    fn statement(&mut self, statement: &'a Statement) -> Result<(), Error> {
        self.step(statement.span)?;
        let frame = self.frames.last().expect("a statement is executed within a frame");
        let chain = frame.chain;
        match &statement.kind {
            StatementKind::Text => {
                let source = &self.project.file(self.file).source;
                let text = &source.bytes()[statement.span.range()];
                self.write(text, statement.origin, statement, chain)
            }
            StatementKind::Action(pipe) => {
                let dot = frame.dot.clone();
                let value = self.pipe(&dot, pipe)?;
                if pipe.variables.is_empty() {
                    self.print(&value, statement, chain)?;
                }
                Ok(())
            }
            StatementKind::If { pipe, then, otherwise } => {
                let dot = frame.dot.clone();
                let keep = self.variables.len();
                let value = self.pipe(&dot, pipe)?;
                let block = if self.decide(&value, statement) { Some(*then) } else { *otherwise };
                self.branch(block, dot, keep, chain);
                Ok(())
            }
            StatementKind::With { pipe, then, otherwise } => {
                let dot = frame.dot.clone();
                let keep = self.variables.len();
                let value = self.pipe(&dot, pipe)?;
                if self.decide(&value, statement) {
                    self.branch(Some(*then), value, keep, chain);
                } else {
                    self.branch(*otherwise, dot, keep, chain);
                }
                Ok(())
            }
            StatementKind::Range { pipe, body, otherwise } => {
                let dot = frame.dot.clone();
                self.range(statement, pipe, *body, *otherwise, dot, chain)
            }
            StatementKind::Call { name, name_span, pipe } => {
                let dot = frame.dot.clone();
                self.call_template(statement, name, *name_span, pipe.as_ref(), &dot, chain)
            }
            StatementKind::Break => {
                while !matches!(
                    self.frames.last().map(|frame| &frame.kind),
                    Some(FrameKind::Range { .. })
                ) {
                    self.leave();
                }
                self.leave();
                Ok(())
            }
            StatementKind::Continue => {
                while !matches!(
                    self.frames.last().map(|frame| &frame.kind),
                    Some(FrameKind::Range { .. })
                ) {
                    self.leave();
                }
                self.iterate();
                Ok(())
            }
        }
    }

    fn branch(&mut self, block: Option<BlockId>, dot: Value, keep: usize, chain: u32) {
        match block {
            Some(block) => self.push_plain(block, dot, keep, chain),
            None => self.variables.truncate(keep),
        }
    }

    /// Whether a value is true; notes what depends on something unknown.
    fn decide(&mut self, value: &Value, statement: &Statement) -> bool {
        self.note_decision(value, statement);
        self.machine.heap.truth(&value.data)
    }

    fn note_decision(&mut self, value: &Value, statement: &Statement) {
        if self.machine.entries.is_unknown(value.origin) {
            let place = Place::new(self.file, statement.span);
            self.machine.decided(value.origin, place);
        }
    }

    fn call_template(
        &mut self,
        statement: &'a Statement,
        name: &Bytes,
        name_span: Span,
        pipe: Option<&'a Pipe>,
        dot: &Value,
        chain: u32,
    ) -> Result<(), Error> {
        let Some(&template) = self.templates.by_name.get(name) else {
            let message = format!("there is no template `{}`", lossy(name));
            return self.error(ErrorKind::UndefinedTemplate, name_span, &message);
        };
        if self.depth >= self.limits.depth {
            let message = "templates call each other too deeply";
            return self.error(ErrorKind::Limit, statement.span, message);
        }
        let value = match pipe {
            Some(pipe) => self.pipe(dot, pipe)?,
            None => Value::missing(),
        };
        let chain = self.origins.enter(chain, statement.origin, None, OriginId::NONE);
        self.enter(template.body, value, template.file, chain);
        Ok(())
    }

    fn range(
        &mut self,
        statement: &'a Statement,
        pipe: &'a Pipe,
        body: BlockId,
        otherwise: Option<BlockId>,
        dot: Value,
        chain: u32,
    ) -> Result<(), Error> {
        let keep = self.variables.len();
        let value = self.pipe(&dot, pipe)?;
        self.note_decision(&value, statement);
        let items = match &value.data {
            Data::Missing | Data::Nil => Items::List(Vec::new()),
            // At least one, so that what is in the loop is seen.
            Data::Opaque => Items::List(vec![value.clone()]),
            Data::Int(count, of) => {
                if pipe.variables.len() > 1 {
                    let message = "`range` over a number has one variable";
                    return self.error(ErrorKind::WrongType, pipe.span, message);
                }
                Items::Count(*count, *of, value.origin)
            }
            Data::List(_) => Items::List(self.machine.items(&value.data).unwrap_or_default()),
            Data::Map(id) => {
                let members = &self.machine.heap.map(*id).members;
                let pairs = members.iter().map(|(key, member)| {
                    let text = Text { bytes: key.clone(), pieces: None };
                    (Data::Text(text).into_value(member.key), member.value.clone())
                });
                Items::Map(pairs.collect())
            }
            other if self.machine.entries.is_unknown(value.origin) => {
                let _ = other;
                Items::List(vec![Data::Opaque.into_value(value.origin)])
            }
            other => {
                let name = self.machine.heap.type_name(other);
                let message = format!("`range` over a {name}, which has no items");
                return self.error(ErrorKind::WrongType, pipe.span, &message);
            }
        };
        if items.is_empty() {
            self.branch(otherwise, dot, keep, chain);
            return Ok(());
        }
        let keep_inner = self.variables.len();
        let collection = value.origin;
        let kind = FrameKind::Range { statement, pipe, items, next: 0, collection };
        self.frames.push(Frame { block: body, next: 0, dot, keep, keep_inner, chain, kind });
        self.iterate();
        Ok(())
    }

    /// Begins the next iteration of the innermost frame, or leaves it.
    fn iterate(&mut self) {
        let frame = self.frames.last_mut().expect("a `range` is executed within its frame");
        let FrameKind::Range { statement, pipe, items, next, collection } = &mut frame.kind else {
            return;
        };
        let Some((key, value)) = items.get(*next) else { return self.leave() };
        let iteration = *next as u32;
        *next += 1;
        let (statement, pipe, collection) = (*statement, *pipe, *collection);
        frame.next = 0;
        frame.dot = value.clone();
        let outer = match frame.chain {
            chain if iteration == 0 => chain,
            chain => self.origins.outer(chain),
        };
        frame.chain = self.origins.enter(outer, statement.origin, Some(iteration), collection);
        let keep_inner = frame.keep_inner;
        self.variables.truncate(keep_inner);
        let names = &pipe.variables;
        if pipe.assigns {
            match &names[..] {
                [first, second] => {
                    self.assign(&first.text, key);
                    self.assign(&second.text, value);
                }
                [only] => {
                    self.assign(&only.text, value);
                }
                _ => {}
            }
        } else if !names.is_empty() {
            self.variables[keep_inner - 1].1 = value;
            if names.len() > 1 {
                self.variables[keep_inner - 2].1 = key;
            }
        }
    }

    /// Sets the innermost variable of a name; whether there is one.
    pub(super) fn assign(&mut self, name: &[u8], value: Value) -> bool {
        let variables = self.variables[self.base..].iter_mut().rev();
        for (known, old) in variables {
            if **known == *name {
                *old = value;
                return true;
            }
        }
        false
    }

    /// Prints a value as an action does.
    fn print(&mut self, value: &Value, statement: &Statement, chain: u32) -> Result<(), Error> {
        match &value.data {
            Data::Text(Text { bytes, pieces: None }) => {
                self.write(bytes, value.origin, statement, chain)
            }
            Data::Text(Text { bytes, pieces: Some(pieces) }) => {
                let mut start = 0;
                for piece in &pieces[..] {
                    let part = &bytes[start..piece.end as usize];
                    let mut origin = piece.origin;
                    if origin == OriginId::NONE {
                        origin = value.origin;
                    }
                    self.write(part, origin, statement, chain)?;
                    start = piece.end as usize;
                }
                Ok(())
            }
            Data::Missing | Data::Nil => {
                self.missing_values.insert(Place::new(self.file, statement.span));
                self.write(b"<no value>", value.origin, statement, chain)
            }
            Data::Opaque => {
                let text = self.machine.stand_in(value.origin);
                self.write(&text, value.origin, statement, chain)
            }
            data => {
                self.machine.touched = OriginId::NONE;
                let text = self.machine.printed(data);
                let text = text.map_err(|failure| self.failed(failure, statement.span))?;
                let origin = self.machine.entries.join(value.origin, self.machine.touched);
                self.write(&text, origin, statement, chain)
            }
        }
    }

    fn write(
        &mut self,
        text: &[u8],
        origin: OriginId,
        statement: &Statement,
        chain: u32,
    ) -> Result<(), Error> {
        let start = self.out.len();
        if text.len() > self.limits.output - start {
            let message = "the rendered text gets too long";
            return self.error(ErrorKind::Limit, statement.span, message);
        }
        self.out.extend_from_slice(text);
        let entries = &self.machine.entries;
        self.origins.add(start, text, origin, statement.origin, chain, entries, self.project);
        Ok(())
    }
}

impl Items {
    fn is_empty(&self) -> bool {
        match self {
            Self::List(items) => items.is_empty(),
            Self::Map(items) => items.is_empty(),
            Self::Count(count, ..) => *count <= 0,
        }
    }

    /// The key and the value of an iteration.
    fn get(&self, index: usize) -> Option<(Value, Value)> {
        match self {
            Self::List(items) => Some((Value::int(index as i64), items.get(index)?.clone())),
            Self::Map(items) => items.get(index).cloned(),
            Self::Count(count, of, origin) => {
                let index = index as i64;
                let value = Data::Int(index, *of).into_value(*origin);
                (index < *count).then(|| (Value::missing(), value))
            }
        }
    }
}
