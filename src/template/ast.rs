//! A parsed template. Blocks are numbered, so that nesting in a file is no nesting in memory.

use std::rc::Rc;

use crate::source::Span;

use super::functions::Function;
use super::origin::{FileId, OriginId};

/// Bytes shared by all that look at them.
pub(super) type Bytes = Rc<[u8]>;

/// Which list of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockId(pub u32);

/// One template: a file, or what `define` or `block` defines in one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Template {
    pub file: FileId,
    pub body: BlockId,
    /// Nothing but space: replaces no other template of its name.
    pub is_blank: bool,
}

/// A piece of text, or an action.
pub(super) struct Statement {
    /// The text, or the action with its delimiters; for a block its opening action.
    pub span: Span,
    /// Where what it writes comes from.
    pub origin: OriginId,
    pub kind: StatementKind,
}

pub(super) enum StatementKind {
    Text,
    Action(Pipe),
    If { pipe: Pipe, then: BlockId, otherwise: Option<BlockId> },
    With { pipe: Pipe, then: BlockId, otherwise: Option<BlockId> },
    Range { pipe: Pipe, body: BlockId, otherwise: Option<BlockId> },
    Call { name: Bytes, name_span: Span, pipe: Option<Pipe> },
    Break,
    Continue,
}

/// Commands, each of which gets the result of the one before as its last argument.
pub(super) struct Pipe {
    pub span: Span,
    /// The variables before `:=` or `=`.
    pub variables: Vec<Name>,
    /// `=` and not `:=`.
    pub assigns: bool,
    pub commands: Vec<Command>,
}

/// A name and where it stands: of a field without the point, of a variable with the `$`.
#[derive(Clone)]
pub(super) struct Name {
    pub text: Bytes,
    pub span: Span,
}

/// A function or value with its arguments.
pub(super) struct Command {
    pub span: Span,
    /// At least one.
    pub operands: Vec<Operand>,
}

pub(super) struct Operand {
    pub span: Span,
    pub kind: OperandKind,
}

pub(super) enum OperandKind {
    Dot,
    Nil,
    Bool(bool, OriginId),
    Number(Number, OriginId),
    Text(Bytes, OriginId),
    Field(Vec<Name>),
    Variable(Name, Vec<Name>),
    Function(&'static Function),
    Pipe(Box<Pipe>),
    /// Fields of what is in parentheses, or of a function's result.
    Chain(Box<Operand>, Vec<Name>),
}

/// A number as written: what it can be, as in Go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    pub integer: Option<i64>,
    pub unsigned: Option<u64>,
    pub float: f64,
    /// Without a type that is asked for, it is a `float64`.
    pub is_float: bool,
}
