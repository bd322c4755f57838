//! Pipelines, commands and operands.

use crate::source::Span;

use super::ast::{Bytes, Command, Name, Operand, OperandKind, Pipe};
use super::error::{Error, ErrorKind};
use super::functions;
use super::lexer::{Kind, Token};
use super::literal;
use super::origin::Entry;
use super::parser::Parser;
use super::runes::lossy;

/// Parentheses within parentheses: a limit of this program, since each level is a call.
const MAX_PARENS: u32 = 100;

impl Parser<'_> {
    /// A pipeline up to and with `end`, and the offset after that.
    pub(super) fn pipeline(&mut self, wanted: &str, end: Kind) -> Result<(Pipe, usize), Error> {
        self.any_pipeline(wanted, end, false)
    }

    /// The pipeline of a `range`, which may declare two variables.
    pub(super) fn range_pipeline(&mut self) -> Result<(Pipe, usize), Error> {
        self.any_pipeline("a value for `range`", Kind::RightDelimiter, true)
    }

    fn any_pipeline(
        &mut self,
        wanted: &str,
        end: Kind,
        is_range: bool,
    ) -> Result<(Pipe, usize), Error> {
        let start = self.peek_non_space().span.start as usize;
        let (variables, assigns) = self.declarations(is_range)?;
        let mut commands: Vec<Command> = Vec::new();
        loop {
            let token = self.next_non_space();
            if token.kind == end {
                if commands.is_empty() {
                    return self.unexpected(token, wanted);
                }
                self.check_stages(&commands)?;
                let span = Span::new(start, token.span.start as usize);
                let last = commands.last().map_or(span.end, |command| command.span.end);
                let span = Span::new(start, last as usize);
                let pipe = Pipe { span, variables, assigns, commands };
                return Ok((pipe, token.span.end as usize));
            }
            if !begins_operand(token.kind) {
                return self.unexpected(token, wanted);
            }
            self.back(token);
            commands.push(self.command()?);
        }
    }

    /// `$x :=`, `$x =`, and for a range `$i, $x :=`.
    fn declarations(&mut self, is_range: bool) -> Result<(Vec<Name>, bool), Error> {
        let mut variables = Vec::new();
        let mut assigns = false;
        loop {
            let token = self.peek_non_space();
            if token.kind != Kind::Variable {
                return Ok((variables, assigns));
            }
            let token = self.next_non_space();
            let after = self.next();
            let mut next = after;
            if after.kind == Kind::Space {
                next = self.next_non_space();
            }
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    assigns = next.kind == Kind::Assign;
                    variables.push(self.declare(token));
                    return Ok((variables, assigns));
                }
                Kind::Comma => {
                    variables.push(self.declare(token));
                    if !is_range || variables.len() == 2 {
                        let message = "only a `range` declares two variables, and nothing more";
                        return self.error(ErrorKind::Syntax, next.span, message);
                    }
                    let second = self.peek_non_space();
                    let goes_on = matches!(
                        second.kind,
                        Kind::Variable | Kind::RightDelimiter | Kind::RightParen
                    );
                    if !goes_on {
                        return self.unexpected(second, "a second variable");
                    }
                }
                _ => {
                    self.back(next);
                    if after.kind == Kind::Space {
                        self.back(after);
                    }
                    self.back(token);
                    return Ok((variables, assigns));
                }
            }
        }
    }

    fn declare(&mut self, token: Token) -> Name {
        let name = Name { text: self.slice(token.span).into(), span: token.span };
        self.variables.push(name.text.clone());
        name
    }

    /// Only the first stage may be a plain value.
    fn check_stages(&self, commands: &[Command]) -> Result<(), Error> {
        for command in &commands[1..] {
            let first = &command.operands[0];
            let plain = matches!(
                first.kind,
                OperandKind::Bool(..)
                    | OperandKind::Dot
                    | OperandKind::Nil
                    | OperandKind::Number(..)
                    | OperandKind::Text(..)
            );
            if plain {
                let message = "a value cannot take the result of the stage before it";
                return self.error(ErrorKind::Syntax, first.span, message);
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command, Error> {
        let start = self.peek_non_space().span.start as usize;
        let mut operands: Vec<Operand> = Vec::new();
        loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelimiter | Kind::RightParen => self.back(token),
                Kind::Pipe => {}
                _ => return self.unexpected(token, "a space, `|` or the end of the action"),
            }
            let Some(last) = operands.last() else {
                return self.unexpected(token, "a value");
            };
            let span = Span::new(start, last.span.end as usize);
            return Ok(Command { span, operands });
        }
    }

    fn operand(&mut self) -> Result<Option<Operand>, Error> {
        let Some(term) = self.term()? else { return Ok(None) };
        if self.peek().kind != Kind::Field {
            return Ok(Some(term));
        }
        let (start, mut end) = (term.span.start as usize, term.span.end as usize);
        let mut fields = Vec::new();
        while self.peek().kind == Kind::Field {
            let token = self.next();
            end = token.span.end as usize;
            fields.push(self.field(token));
        }
        let kind = match term.kind {
            OperandKind::Field(mut first) => {
                first.append(&mut fields);
                OperandKind::Field(first)
            }
            OperandKind::Variable(name, mut first) => {
                first.append(&mut fields);
                OperandKind::Variable(name, first)
            }
            OperandKind::Bool(..)
            | OperandKind::Text(..)
            | OperandKind::Number(..)
            | OperandKind::Nil
            | OperandKind::Dot => {
                let message = "a literal has no fields";
                return self.error(ErrorKind::Syntax, fields[0].span, message);
            }
            _ => OperandKind::Chain(Box::new(term), fields),
        };
        Ok(Some(Operand { span: Span::new(start, end), kind }))
    }

    fn field(&self, token: Token) -> Name {
        let span = Span::new(token.span.start as usize + 1, token.span.end as usize);
        Name { text: self.slice(span).into(), span }
    }

    fn term(&mut self) -> Result<Option<Operand>, Error> {
        let token = self.next_non_space();
        let mut span = token.span;
        let kind = match token.kind {
            Kind::Identifier => {
                let Some(function) = functions::find(self.slice(span)) else {
                    let name = lossy(self.slice(span));
                    let message = match functions::similar(&name) {
                        Some(near) => {
                            format!("there is no function `{name}`: did you mean `{near}`?")
                        }
                        None => format!("there is no function `{name}`"),
                    };
                    return self.error(ErrorKind::UnknownFunction, span, &message);
                };
                OperandKind::Function(function)
            }
            Kind::Dot => OperandKind::Dot,
            Kind::Nil => OperandKind::Nil,
            Kind::Variable => {
                let name = Bytes::from(self.slice(span));
                if !self.variables.contains(&name) {
                    let message = format!("the variable `{}` is not declared here", lossy(&name));
                    return self.error(ErrorKind::UndefinedVariable, span, &message);
                }
                OperandKind::Variable(Name { text: name, span }, Vec::new())
            }
            Kind::Field => OperandKind::Field(vec![self.field(token)]),
            Kind::Bool => {
                let value = self.slice(span) == b"true";
                OperandKind::Bool(value, self.origin(Entry::Literal, span))
            }
            Kind::Character | Kind::Number | Kind::Complex => self.number(token)?,
            Kind::LeftParen => {
                if self.parens == MAX_PARENS {
                    let message = "parentheses are nested too deeply for this program";
                    return self.error(ErrorKind::Limit, span, message);
                }
                self.parens += 1;
                let (pipe, end) = self.pipeline("a value", Kind::RightParen)?;
                self.parens -= 1;
                span = Span::new(span.start as usize, end);
                OperandKind::Pipe(Box::new(pipe))
            }
            Kind::Quoted | Kind::RawQuoted => {
                if let Some(text) = literal::unquote(self.slice(span)) {
                    OperandKind::Text(text.into(), self.origin(Entry::Literal, span))
                } else {
                    let message = "this text has a wrong escape";
                    return self.error(ErrorKind::Syntax, span, message);
                }
            }
            _ => {
                self.back(token);
                return Ok(None);
            }
        };
        Ok(Some(Operand { span, kind }))
    }

    fn number(&mut self, token: Token) -> Result<OperandKind, Error> {
        let text = self.slice(token.span);
        if token.kind == Kind::Complex || text.ends_with(b"i") {
            let message = "complex numbers are not supported by this program";
            return self.error(ErrorKind::Unsupported, token.span, message);
        }
        let number = if token.kind == Kind::Character {
            literal::character(text).map_or(Err("this is not one character"), |value| {
                literal::number(value.to_string().as_bytes())
            })
        } else {
            literal::number(text)
        };
        match number {
            Ok(number) => Ok(OperandKind::Number(number, self.origin(Entry::Literal, token.span))),
            Err(message) => self.error(ErrorKind::Syntax, token.span, message),
        }
    }
}

fn begins_operand(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Bool
            | Kind::Character
            | Kind::Complex
            | Kind::Dot
            | Kind::Field
            | Kind::Identifier
            | Kind::Number
            | Kind::Nil
            | Kind::RawQuoted
            | Kind::Quoted
            | Kind::Variable
            | Kind::LeftParen
    )
}
