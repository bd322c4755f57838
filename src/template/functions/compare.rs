//! Comparisons.

use std::cmp::Ordering;

use super::super::machine::{Failure, Machine, Outcome};
use super::super::value::{Data, Value};
use super::Function;

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("eq", "v*v", |machine, args| Ok(Value::bool(eq(machine, args)?))),
    Function::new("ne", "vv", |machine, args| Ok(Value::bool(!eq(machine, args)?))),
    Function::new("lt", "vv", |machine, args| ordered(machine, args, Ordering::is_lt)),
    Function::new("le", "vv", |machine, args| ordered(machine, args, Ordering::is_le)),
    Function::new("gt", "vv", |machine, args| {
        // Of two numbers of which one is NaN, Go's `gt` is true: it is "not less or equal".
        ordered_or(machine, args, Ordering::is_gt, true)
    }),
    Function::new("ge", "vv", |machine, args| ordered_or(machine, args, Ordering::is_ge, true)),
];

fn incompatible(machine: &Machine<'_>, a: &Data, b: &Data) -> Failure {
    let (a, b) = (machine.heap.type_name(a), machine.heap.type_name(b));
    format!("a {a} and a {b} cannot be compared").into()
}

fn eq(machine: &mut Machine<'_>, args: &[Value]) -> Result<bool, Failure> {
    let first = &args[0].data;
    if args.len() == 1 {
        return Err("there is nothing to compare with".into());
    }
    for other in &args[1..] {
        let other = &other.data;
        let equal = match (first, other) {
            (Data::Bool(a), Data::Bool(b)) => a == b,
            (Data::Int(a, _), Data::Int(b, _)) => a == b,
            (Data::Float(a), Data::Float(b)) => a == b,
            (Data::Text(a), Data::Text(b)) => a.bytes == b.bytes,
            (Data::Map(_) | Data::List(_), Data::Map(_) | Data::List(_)) => {
                let (a_nil, b_nil) = (nil(machine, first), nil(machine, other));
                let same_kind = matches!(first, Data::Map(_)) == matches!(other, Data::Map(_));
                if !same_kind || !(a_nil || b_nil) {
                    return Err(incompatible(machine, first, other));
                }
                a_nil == b_nil
            }
            (Data::Missing | Data::Nil, Data::Missing | Data::Nil) => true,
            (Data::Missing | Data::Nil, data) | (data, Data::Missing | Data::Nil) => {
                nil(machine, data)
            }
            _ => return Err(incompatible(machine, first, other)),
        };
        if equal {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether it is a list or map that is nil.
fn nil(machine: &Machine<'_>, data: &Data) -> bool {
    match data {
        Data::Map(id) => machine.heap.map(*id).is_nil,
        Data::List(id) => machine.heap.list(*id).is_nil,
        _ => false,
    }
}

fn ordered(machine: &mut Machine<'_>, args: &[Value], holds: fn(Ordering) -> bool) -> Outcome {
    ordered_or(machine, args, holds, false)
}

fn ordered_or(
    machine: &mut Machine<'_>,
    args: &[Value],
    holds: fn(Ordering) -> bool,
    without_order: bool,
) -> Outcome {
    let ordering = match (&args[0].data, &args[1].data) {
        (Data::Int(a, _), Data::Int(b, _)) => Some(a.cmp(b)),
        (Data::Float(a), Data::Float(b)) => a.partial_cmp(b),
        (Data::Text(a), Data::Text(b)) => Some(a.bytes.cmp(&b.bytes)),
        (a, b) => return Err(incompatible(machine, a, b)),
    };
    Ok(Value::bool(ordering.map_or(without_order, holds)))
}
