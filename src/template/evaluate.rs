//! Evaluates pipelines, commands, variables and fields.

use super::ast::{Command, Name, Operand, OperandKind, Pipe};
use super::error::{Error, ErrorKind};
use super::execute::Execution;
use super::runes::lossy;
use super::value::{Data, Value};

impl Execution<'_> {
    /// The value of a pipeline; declares or assigns its variables.
    pub(super) fn pipe(&mut self, dot: &Value, pipe: &Pipe) -> Result<Value, Error> {
        let mut value: Option<Value> = None;
        for command in &pipe.commands {
            let mut result = self.command(dot, command, value.take())?;
            // A nil of no type is not a value any more.
            if matches!(result.data, Data::Nil) {
                result.data = Data::Missing;
            }
            value = Some(result);
        }
        let value = value.unwrap_or_else(Value::missing);
        for name in &pipe.variables {
            if !pipe.assigns {
                self.variables.push((name.text.clone(), value.clone()));
            } else if !self.assign(&name.text, value.clone()) {
                let message = format!("the variable `{}` is not declared", lossy(&name.text));
                return self.error(ErrorKind::UndefinedVariable, name.span, &message);
            }
        }
        Ok(value)
    }

    fn command(
        &mut self,
        dot: &Value,
        command: &Command,
        last: Option<Value>,
    ) -> Result<Value, Error> {
        self.step(command.span)?;
        let (first, args) = command.operands.split_first().expect("a command has an operand");
        let has_args = !args.is_empty() || last.is_some();
        match &first.kind {
            OperandKind::Function(function) => {
                self.call_function(dot, function, first.span, command.span, args, last)
            }
            OperandKind::Field(names) => self.fields(dot.clone(), names, has_args),
            OperandKind::Chain(inner, names) => {
                let value = self.chain_base(dot, inner)?;
                self.fields(value, names, has_args)
            }
            OperandKind::Variable(name, names) => {
                let value = self.variable(name)?;
                if names.is_empty() {
                    self.no_arguments(first, has_args)?;
                    return Ok(value);
                }
                self.fields(value, names, has_args)
            }
            OperandKind::Nil => {
                self.no_arguments(first, has_args)?;
                self.error(ErrorKind::WrongType, first.span, "`nil` alone has no value")
            }
            OperandKind::Pipe(pipe) => {
                self.no_arguments(first, has_args)?;
                self.pipe(dot, pipe)
            }
            _ => {
                self.no_arguments(first, has_args)?;
                self.plain(dot, first)
            }
        }
    }

    fn no_arguments(&self, operand: &Operand, has_args: bool) -> Result<(), Error> {
        if has_args {
            let message = "this is not a function, and so it takes no arguments";
            return self.error(ErrorKind::WrongArguments, operand.span, message);
        }
        Ok(())
    }

    /// The value of an operand that is not a function, where no type is asked for.
    pub(super) fn plain(&mut self, dot: &Value, operand: &Operand) -> Result<Value, Error> {
        match &operand.kind {
            OperandKind::Dot => Ok(dot.clone()),
            OperandKind::Nil => Ok(Value::missing()),
            OperandKind::Bool(value, origin) => Ok(Data::Bool(*value).into_value(*origin)),
            OperandKind::Text(text, origin) => Ok(Value::text(text.clone()).with_origin(*origin)),
            OperandKind::Number(number, origin) => {
                if number.is_float {
                    return Ok(Value::float(number.float).with_origin(*origin));
                }
                if let Some(integer) = number.integer {
                    Ok(Value::int(integer).with_origin(*origin))
                } else {
                    let message = "this number is too large for an integer";
                    self.error(ErrorKind::WrongType, operand.span, message)
                }
            }
            OperandKind::Field(names) => self.fields(dot.clone(), names, false),
            OperandKind::Variable(name, names) => {
                let value = self.variable(name)?;
                self.fields(value, names, false)
            }
            OperandKind::Pipe(pipe) => self.pipe(dot, pipe),
            OperandKind::Chain(inner, names) => {
                let value = self.chain_base(dot, inner)?;
                self.fields(value, names, false)
            }
            OperandKind::Function(function) => {
                self.call_function(dot, function, operand.span, operand.span, &[], None)
            }
        }
    }

    /// What the fields of a chain are asked of.
    fn chain_base(&mut self, dot: &Value, inner: &Operand) -> Result<Value, Error> {
        self.plain(dot, inner)
    }

    fn variable(&self, name: &Name) -> Result<Value, Error> {
        let mut variables = self.variables[self.base..].iter().rev();
        if let Some((_, value)) = variables.find(|(known, _)| *known == name.text) {
            Ok(value.clone())
        } else {
            let message = format!("the variable `{}` is not declared", lossy(&name.text));
            self.error(ErrorKind::UndefinedVariable, name.span, &message)
        }
    }

    /// `.a.b` of a value.
    fn fields(&mut self, mut value: Value, names: &[Name], has_args: bool) -> Result<Value, Error> {
        for (index, name) in names.iter().enumerate() {
            let has_args = has_args && index + 1 == names.len();
            value = self.field(value, name, has_args)?;
        }
        Ok(value)
    }

    fn field(&mut self, value: Value, name: &Name, has_args: bool) -> Result<Value, Error> {
        self.step(name.span)?;
        let field = || lossy(&name.text);
        match &value.data {
            Data::Missing | Data::Opaque => Ok(value),
            Data::Map(id) => {
                if has_args {
                    let message =
                        format!("`{}` is not a function, and takes no arguments", field());
                    return self.error(ErrorKind::WrongArguments, name.span, &message);
                }
                let member = self.machine.heap.map(*id).members.get(&*name.text);
                match member {
                    Some(member) => Ok(member.value.clone()),
                    // Another value of what is unknown may well have it.
                    None if self.machine.entries.is_unknown(value.origin) => {
                        Ok(Data::Opaque.into_value(value.origin))
                    }
                    None => {
                        if self.settings == Some(*id) {
                            self.missing_settings.insert(field());
                        }
                        Ok(Value::missing())
                    }
                }
            }
            _ if self.machine.entries.is_unknown(value.origin) => {
                Ok(Data::Opaque.into_value(value.origin))
            }
            Data::Nil => {
                let message = format!("`{}` is asked of null", field());
                self.error(ErrorKind::NilField, name.span, &message)
            }
            other => {
                let of = self.machine.heap.type_name(other);
                let message = format!("`{}` is asked of a {of}, which has no fields", field());
                self.error(ErrorKind::NilField, name.span, &message)
            }
        }
    }
}
