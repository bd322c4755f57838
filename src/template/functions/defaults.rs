//! Defaults, conditions, and values as JSON.

use super::super::json_read;
use super::super::json_write::{Style, Written, write};
use super::super::machine::{Failure, Machine, Outcome};
use super::super::origin::OriginId;
use super::super::value::{Data, Value};
use super::Function;

const COMPACT: Style = Style { escape_html: true, indent: false };
const PRETTY: Style = Style { escape_html: true, indent: true };
const RAW: Style = Style { escape_html: false, indent: false };

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("default", "a*a", |machine, args| {
        let given = args.get(1).filter(|given| !is_empty(machine, given));
        Ok(given.unwrap_or(&args[0]).clone())
    }),
    Function::new("empty", "a", |machine, args| Ok(Value::bool(is_empty(machine, &args[0])))),
    Function::new("coalesce", "*a", |machine, args| {
        let found = args.iter().find(|arg| !is_empty(machine, arg));
        Ok(found.cloned().unwrap_or_else(Value::nil))
    }),
    Function::new("all", "*a", |machine, args| {
        Ok(Value::bool(!args.iter().any(|arg| is_empty(machine, arg))))
    }),
    Function::new("any", "*a", |machine, args| {
        Ok(Value::bool(args.iter().any(|arg| !is_empty(machine, arg))))
    }),
    Function::new("ternary", "aab", |_, args| Ok(args[usize::from(!args[2].is_true())].clone())),
    Function::new("fail", "s", |_, _| Err("the template calls `fail`".into())),
    Function::new("marshal", "a", |machine, args| to_json(machine, args, COMPACT, false)),
    Function::new("toJson", "a", |machine, args| to_json(machine, args, COMPACT, false)),
    Function::new("mustToJson", "a", |machine, args| to_json(machine, args, COMPACT, true)),
    Function::new("toPrettyJson", "a", |machine, args| to_json(machine, args, PRETTY, false)),
    Function::new("mustToPrettyJson", "a", |machine, args| to_json(machine, args, PRETTY, true)),
    Function::new("toRawJson", "a", |machine, args| to_json(machine, args, RAW, true)),
    Function::new("mustToRawJson", "a", |machine, args| to_json(machine, args, RAW, true)),
    Function::new("fromJson", "s", |machine, args| from_json(machine, args, false)),
    Function::new("mustFromJson", "s", |machine, args| from_json(machine, args, true)),
];

/// Whether a value counts as not given.
pub(super) fn is_empty(machine: &Machine<'_>, value: &Value) -> bool {
    !machine.heap.truth(&value.data)
}

fn to_json(machine: &mut Machine<'_>, args: &[Value], style: Style, must: bool) -> Outcome {
    match write(&machine.heap, &args[0], style) {
        Written::Text(text, pieces) => {
            for piece in &pieces {
                if machine.entries.is_unknown(piece.origin) {
                    machine.touched = piece.origin;
                }
            }
            Ok(Value::pieces(text, pieces))
        }
        Written::Refused if must => Err("JSON has no number for what is not finite".into()),
        Written::Refused => Ok(Value::text(&b""[..])),
        Written::Overflow => Err(Failure::limit("a value is too large or nested too deeply")),
    }
}

fn from_json(machine: &mut Machine<'_>, args: &[Value], must: bool) -> Outcome {
    match json_read::read(args[0].bytes(), &mut machine.heap, None) {
        Ok(value) => Ok(with_origin(machine, value, args[0].origin)),
        Err(fault) if fault.is_limit => Err(Failure::limit(fault.message)),
        Err(fault) if must => Err(format!("this is not JSON: {}", fault.message).into()),
        Err(_) => Ok(Value::nil()),
    }
}

/// Everything in a value that was read comes from the text it was read from.
fn with_origin(machine: &mut Machine<'_>, value: Value, origin: OriginId) -> Value {
    let mut open = vec![value.data.clone()];
    while let Some(data) = open.pop() {
        match data {
            Data::Map(id) => {
                for member in machine.heap.map_mut(id).members.values_mut() {
                    member.key = origin;
                    member.value.origin = origin;
                    open.push(member.value.data.clone());
                }
            }
            Data::List(id) => {
                for item in machine.heap.items_mut(id) {
                    item.origin = origin;
                    open.push(item.data.clone());
                }
            }
            _ => {}
        }
    }
    value.with_origin(origin)
}
