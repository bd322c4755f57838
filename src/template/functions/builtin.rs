//! Go's own functions, and the gateway's two.

use super::super::machine::{Failure, Machine, Outcome};
use super::super::print::MAX_TEXT;
use super::super::printf::printf;
use super::super::value::{Data, IntType, Value};
use super::{Function, Run};

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function { name: "and", parameters: "v*v", run: Run::And },
    Function { name: "or", parameters: "v*v", run: Run::Or },
    Function::new("call", "v*v", call),
    Function::new("index", "v*v", index),
    Function::new("len", "v", len),
    Function::new("not", "v", |machine, args| Ok(Value::bool(!machine.heap.truth(&args[0].data)))),
    Function::new("print", "*a", |machine, args| {
        Ok(Value::text(machine.print(|printer| printer.print(args))?))
    }),
    Function::new("println", "*a", |machine, args| {
        Ok(Value::text(machine.print(|printer| printer.print_line(args))?))
    }),
    Function::new("printf", "s*a", |machine, args| {
        let text = machine.print(|printer| printf(printer, args[0].bytes(), &args[1..]))?;
        Ok(Value::text(text))
    }),
    Function::new("include", "a", include),
];

/// No value of a configuration is a function.
fn call(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    if args[0].is_nil() {
        return Err("`call` of null".into());
    }
    let name = machine.heap.type_name(&args[0].data);
    Err(format!("`call` takes a function, and this is a {name}").into())
}

fn len(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    match machine.heap.length(&args[0].data) {
        Some(length) => Ok(Value::int(length as i64)),
        None if args[0].is_nil() => Err("`len` of null".into()),
        None => {
            let name = machine.heap.type_name(&args[0].data);
            Err(format!("`len` of a {name}, which has no length").into())
        }
    }
}

fn include(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let Data::Text(name) = &args[0].data else {
        let name = machine.heap.type_name(&args[0].data);
        return Err(format!("`include` takes the name of a partial, and this is a {name}").into());
    };
    Ok(machine.partial(&name.bytes.clone()))
}

/// An index that lies within `length`.
fn position(machine: &Machine<'_>, index: &Value, length: usize) -> Result<usize, Failure> {
    match index.data {
        Data::Int(value, _) => match usize::try_from(value) {
            // The length itself is let through here, and fails right after.
            Ok(value) if value < length => Ok(value),
            _ => Err(format!("the index {value} is out of range, the length is {length}").into()),
        },
        Data::Nil | Data::Missing => Err("null is not an index".into()),
        _ => {
            let name = machine.heap.type_name(&index.data);
            Err(format!("a {name} is not an index").into())
        }
    }
}

fn index(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut item = args[0].clone();
    if item.is_nil() {
        return Err("`index` of null".into());
    }
    for index in &args[1..] {
        item = match &item.data {
            Data::Nil | Data::Missing => return Err("`index` of null".into()),
            Data::Text(text) => {
                let at = position(machine, index, text.bytes.len())?;
                let byte = text.bytes[at];
                Data::Int(i64::from(byte), IntType::Uint8).into_value(item.origin)
            }
            Data::List(id) => {
                let list = machine.heap.list(*id);
                let at = position(machine, index, list.items.len())?;
                list.items[at].clone()
            }
            Data::Map(id) => {
                let map = machine.heap.map(*id);
                let Data::Text(key) = &index.data else {
                    let name = machine.heap.type_name(&index.data);
                    return Err(
                        format!("the key of a map is a string, and this is a {name}").into()
                    );
                };
                match map.members.get(&*key.bytes) {
                    Some(member) => member.value.clone(),
                    None if map.of_texts => Value::text(&b""[..]),
                    None => Value::nil(),
                }
            }
            Data::Opaque => item.clone(),
            other => {
                let name = machine.heap.type_name(other);
                return Err(format!("`index` of a {name}, which has no items").into());
            }
        };
    }
    Ok(item)
}

/// Fails early where a result would be too long.
pub(super) fn check_length(machine: &mut Machine<'_>, length: usize) -> Result<(), Failure> {
    if length > MAX_TEXT {
        return Err(Failure::limit("a text gets too long"));
    }
    machine.step(length as u64 / 256)
}
