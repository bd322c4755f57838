//! Types, kinds and deep equality.

use super::super::machine::{Failure, Machine};
use super::super::print::MAX_DEPTH;
use super::super::value::{Data, Value};
use super::Function;

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("typeOf", "a", |machine, args| Ok(name(machine.heap.type_name(&args[0].data)))),
    Function::new("typeIs", "sa", |machine, args| {
        let name = machine.heap.type_name(&args[1].data);
        Ok(Value::bool(args[0].bytes() == name.as_bytes()))
    }),
    Function::new("typeIsLike", "sa", |machine, args| {
        let name = machine.heap.type_name(&args[1].data).as_bytes();
        let wanted = args[0].bytes();
        Ok(Value::bool(wanted == name || [b"*", wanted].concat() == name))
    }),
    Function::new("kindOf", "a", |machine, args| Ok(name(machine.heap.kind_name(&args[0].data)))),
    Function::new("kindIs", "sa", |machine, args| {
        let name = machine.heap.kind_name(&args[1].data);
        Ok(Value::bool(args[0].bytes() == name.as_bytes()))
    }),
    Function::new("deepEqual", "aa", |machine, args| {
        Ok(Value::bool(deep_equal(machine, &args[0].data, &args[1].data, 0)?))
    }),
];

fn name(name: &str) -> Value {
    Value::text(name.as_bytes())
}

/// Go's `reflect.DeepEqual`.
pub(super) fn deep_equal(
    machine: &mut Machine<'_>,
    a: &Data,
    b: &Data,
    depth: u32,
) -> Result<bool, Failure> {
    machine.step(1)?;
    if depth > MAX_DEPTH {
        return Err(Failure::limit("a value is nested too deeply to be compared"));
    }
    Ok(match (a, b) {
        (Data::Nil | Data::Missing, Data::Nil | Data::Missing) => true,
        (Data::Bool(a), Data::Bool(b)) => a == b,
        (Data::Int(a, a_type), Data::Int(b, b_type)) => a == b && a_type == b_type,
        #[expect(clippy::float_cmp, reason = "Go does")]
        (Data::Float(a), Data::Float(b)) => a == b,
        (Data::Text(a), Data::Text(b)) => a.bytes == b.bytes,
        (Data::Map(a), Data::Map(b)) if a == b => true,
        (Data::Map(a), Data::Map(b)) => {
            let (a, b) = (machine.heap.map(*a), machine.heap.map(*b));
            if a.of_texts != b.of_texts
                || a.is_nil != b.is_nil
                || !a.members.keys().eq(b.members.keys())
            {
                return Ok(false);
            }
            let values = a.members.values().zip(b.members.values());
            let pairs: Vec<(Data, Data)> =
                values.map(|(a, b)| (a.value.data.clone(), b.value.data.clone())).collect();
            all_equal(machine, &pairs, depth)?
        }
        (Data::List(a), Data::List(b)) => {
            let (a, b) = (machine.heap.list(*a), machine.heap.list(*b));
            if a.of != b.of || a.is_nil != b.is_nil || a.items.len() != b.items.len() {
                return Ok(false);
            }
            let items = a.items.iter().zip(&b.items);
            let pairs: Vec<(Data, Data)> =
                items.map(|(a, b)| (a.data.clone(), b.data.clone())).collect();
            all_equal(machine, &pairs, depth)?
        }
        _ => false,
    })
}

fn all_equal(
    machine: &mut Machine<'_>,
    pairs: &[(Data, Data)],
    depth: u32,
) -> Result<bool, Failure> {
    for (a, b) in pairs {
        if !deep_equal(machine, a, b, depth + 1)? {
            return Ok(false);
        }
    }
    Ok(true)
}
