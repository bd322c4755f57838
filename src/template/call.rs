//! Calls functions: counts and types of arguments, and the origin of the result.

use crate::source::Span;

use super::ast::{Operand, OperandKind};
use super::error::{Error, ErrorKind};
use super::execute::Execution;
use super::functions::{Function, Run};
use super::origin::{OriginId, Place};
use super::rendered::UnknownKind;
use super::value::{Data, List, Map, Value};

impl Execution<'_> {
    /// Calls `function` with its operands and, if there is one, the result of the stage before.
    pub(super) fn call_function(
        &mut self,
        dot: &Value,
        function: &'static Function,
        name: Span,
        whole: Span,
        operands: &[Operand],
        last: Option<Value>,
    ) -> Result<Value, Error> {
        let count = operands.len() + usize::from(last.is_some());
        self.check_count(function, count, name)?;
        match function.run {
            Run::And => return self.short_circuit(dot, operands, last, false),
            Run::Or => return self.short_circuit(dot, operands, last, true),
            _ => {}
        }
        let mut args = Vec::with_capacity(count);
        for (index, operand) in operands.iter().enumerate() {
            args.push(self.argument(dot, function, index, operand)?);
        }
        if let Some(last) = last {
            let index = operands.len();
            let span = operands.last().map_or(name, |operand| operand.span);
            args.push(self.converted(function, index, last, span)?);
        }
        self.run_function(function, name, whole, &args)
    }

    fn check_count(&self, function: &Function, count: usize, name: Span) -> Result<(), Error> {
        let (fixed, more) = function.arity();
        if count == fixed || (more && count > fixed) {
            return Ok(());
        }
        let least = if more { "at least " } else { "" };
        let plural = if fixed == 1 { "" } else { "s" };
        let message =
            format!("`{}` takes {least}{fixed} argument{plural}, and gets {count}", function.name);
        self.error(ErrorKind::WrongArguments, name, &message)
    }

    /// `and`, or `or` if `until` is true.
    fn short_circuit(
        &mut self,
        dot: &Value,
        operands: &[Operand],
        last: Option<Value>,
        until: bool,
    ) -> Result<Value, Error> {
        let mut result = Value::missing();
        let mut seen = OriginId::NONE;
        for operand in operands {
            self.step(operand.span)?;
            result = self.plain(dot, operand)?;
            if self.machine.entries.is_unknown(result.origin) {
                seen = result.origin;
            }
            if self.machine.heap.truth(&result.data) == until {
                break;
            }
            if operand.span == operands[operands.len() - 1].span
                && let Some(last) = &last
            {
                result = last.clone();
            }
        }
        if operands.is_empty()
            && let Some(last) = last
        {
            result = last;
        }
        // Which of them it is depends on what was seen before.
        result.origin = self.machine.entries.join(result.origin, seen);
        Ok(result)
    }

    /// The value of an argument, of the type of its parameter.
    fn argument(
        &mut self,
        dot: &Value,
        function: &Function,
        index: usize,
        operand: &Operand,
    ) -> Result<Value, Error> {
        self.step(operand.span)?;
        let parameter = function.parameter(index);
        let fits = match &operand.kind {
            OperandKind::Nil => {
                if matches!(parameter, b's' | b'i' | b'u' | b'b' | b'f' | b't') {
                    return self.wrong_type(function, index, "nil", operand.span);
                }
                return self.converted(function, index, Value::missing(), operand.span);
            }
            OperandKind::Bool(..) => matches!(parameter, b'b' | b'a' | b'v'),
            OperandKind::Text(..) => matches!(parameter, b's' | b'a' | b'v'),
            OperandKind::Number(number, origin) => match parameter {
                b'a' | b'v' => true,
                b'i' => match number.integer {
                    Some(value) => return Ok(Value::int(value).with_origin(*origin)),
                    None => false,
                },
                b'u' => return Ok(Value::int(0).with_origin(*origin)),
                b'f' => return Ok(Value::float(number.float).with_origin(*origin)),
                _ => false,
            },
            _ => {
                let value = self.plain(dot, operand)?;
                return self.converted(function, index, value, operand.span);
            }
        };
        if !fits {
            let what = match operand.kind {
                OperandKind::Bool(..) => "bool",
                OperandKind::Text(..) => "string",
                _ => "number",
            };
            return self.wrong_type(function, index, what, operand.span);
        }
        self.plain(dot, operand)
    }

    fn wrong_type<T>(
        &self,
        function: &Function,
        index: usize,
        got: &str,
        span: Span,
    ) -> Result<T, Error> {
        let wanted = match function.parameter(index) {
            b's' => "a string",
            b'i' => "an int",
            b'u' => "a uint32",
            b'b' => "a bool",
            b'f' => "a float64",
            b'm' => "a map",
            b'l' => "a list",
            _ => "another type",
        };
        let name = function.name;
        let number = index + 1;
        let message = format!("argument {number} of `{name}` is {wanted}, and gets {got}");
        self.error(ErrorKind::WrongArguments, span, &message)
    }

    /// A value as a parameter takes it.
    fn converted(
        &mut self,
        function: &Function,
        index: usize,
        value: Value,
        span: Span,
    ) -> Result<Value, Error> {
        let parameter = function.parameter(index);
        let fits = match (&value.data, parameter) {
            (Data::Opaque, _) | (_, b'v') => true,
            (Data::Missing, b'a') => {
                return Ok(Data::Nil.into_value(value.origin));
            }
            (_, b'a') => true,
            (Data::Missing, b'm') => {
                let map = Map { is_nil: true, ..Map::default() };
                return Ok(self.machine.heap.add_map(map).with_origin(value.origin));
            }
            (Data::Missing, b'l') => {
                let list = List { is_nil: true, ..List::default() };
                return Ok(self.machine.heap.add_list(list).with_origin(value.origin));
            }
            (Data::Text(_), b's') | (Data::Bool(_), b'b') | (Data::Float(_), b'f') => true,
            (Data::Int(_, of), b'i') => *of == super::value::IntType::Int,
            (Data::Map(id), b'm') => !self.machine.heap.map(*id).of_texts,
            (Data::List(id), b'l') => self.machine.heap.list(*id).of == super::value::Of::Any,
            _ => false,
        };
        if fits {
            return Ok(value);
        }
        if self.machine.entries.is_unknown(value.origin) {
            return Ok(Data::Opaque.into_value(value.origin));
        }
        let got = match &value.data {
            Data::Missing => "no value",
            Data::Nil => "null",
            data => self.machine.heap.type_name(data),
        };
        self.wrong_type(function, index, got, span)
    }

    fn run_function(
        &mut self,
        function: &'static Function,
        name: Span,
        whole: Span,
        args: &[Value],
    ) -> Result<Value, Error> {
        self.machine.call = Place::new(self.file, name);
        let origin = args
            .iter()
            .fold(OriginId::NONE, |origin, arg| self.machine.entries.join(origin, arg.origin));
        let is_opaque = args.iter().any(|arg| matches!(arg.data, Data::Opaque));
        let run = match function.run {
            Run::Native(run) if !is_opaque || function.is_transparent() => run,
            Run::Native(_) => return Ok(Data::Opaque.into_value(self.unknown_of(args, origin))),
            _ => return Ok(self.machine.unknown(UnknownKind::Function(function.name))),
        };
        self.machine.touched = OriginId::NONE;
        let outcome = run(&mut self.machine, args);
        let is_unknown = self.machine.entries.is_unknown(origin);
        let mut value = match outcome {
            Ok(value) => value,
            Err(failure) if is_unknown && failure.kind == ErrorKind::FunctionFailed => {
                return Ok(Data::Opaque.into_value(self.unknown_of(args, origin)));
            }
            Err(failure) => return Err(self.failed(failure, whole)),
        };
        self.machine.charge_value(&value.data).map_err(|failure| self.failed(failure, whole))?;
        if value.origin == OriginId::NONE || (is_unknown && !function.is_transparent()) {
            value.origin = self.machine.entries.join(value.origin, origin);
        }
        let touched = self.machine.touched;
        value.origin = self.machine.entries.join(value.origin, touched);
        Ok(value)
    }

    /// An origin that leads to what is unknown.
    fn unknown_of(&self, args: &[Value], origin: OriginId) -> OriginId {
        if self.machine.entries.is_unknown(origin) {
            return origin;
        }
        let mut origins = args.iter().map(|arg| arg.origin);
        origins.find(|origin| self.machine.entries.is_unknown(*origin)).unwrap_or(origin)
    }
}
