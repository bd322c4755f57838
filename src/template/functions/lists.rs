//! Lists.

use super::super::machine::{Failure, Machine, Outcome};
use super::super::value::{Data, List, Of, Value};
use super::Function;
use super::convert::{to_int, to_texts};
use super::defaults::is_empty;
use super::types::deep_equal;

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("list", "*a", |machine, args| Ok(machine.heap.any_list(args.to_vec()))),
    Function::new("tuple", "*a", |machine, args| Ok(machine.heap.any_list(args.to_vec()))),
    Function::new("append", "aa", append),
    Function::new("push", "aa", append),
    Function::new("mustAppend", "aa", append),
    Function::new("mustPush", "aa", append),
    Function::new("prepend", "aa", prepend),
    Function::new("mustPrepend", "aa", prepend),
    Function::new("first", "a", first),
    Function::new("mustFirst", "a", first),
    Function::new("last", "a", last),
    Function::new("mustLast", "a", last),
    Function::new("rest", "a", rest),
    Function::new("mustRest", "a", rest),
    Function::new("initial", "a", initial),
    Function::new("mustInitial", "a", initial),
    Function::new("reverse", "a", reverse),
    Function::new("mustReverse", "a", reverse),
    Function::new("compact", "a", compact),
    Function::new("mustCompact", "a", compact),
    Function::new("uniq", "a", uniq),
    Function::new("mustUniq", "a", uniq),
    Function::new("without", "a*a", without),
    Function::new("mustWithout", "a*a", without),
    Function::new("has", "aa", has),
    Function::new("mustHas", "aa", has),
    Function::new("slice", "a*a", slice),
    Function::new("mustSlice", "a*a", slice),
    Function::new("concat", "*a", concat),
    Function::new("chunk", "ia", chunk),
    Function::new("mustChunk", "ia", chunk),
    Function::new("sortAlpha", "a", sort_alpha),
    Function::new("toStrings", "a", |machine, args| {
        if machine.list(&args[0].data).is_some_and(|list| list.of == Of::Texts) {
            return Ok(args[0].clone());
        }
        let texts = to_texts(machine, &args[0])?;
        Ok(machine.heap.texts(texts))
    }),
];

fn items(machine: &Machine<'_>, value: &Value) -> Result<Vec<Value>, Failure> {
    machine.items(&value.data).ok_or_else(|| {
        let name = machine.heap.type_name(&value.data);
        format!("this function takes a list, and this is a {name}").into()
    })
}

fn append(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut items = items(machine, &args[0])?;
    items.push(args[1].clone());
    Ok(machine.heap.any_list(items))
}

fn prepend(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut items = items(machine, &args[0])?;
    items.insert(0, args[1].clone());
    Ok(machine.heap.any_list(items))
}

fn first(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    Ok(items(machine, &args[0])?.into_iter().next().unwrap_or_else(Value::nil))
}

fn last(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    Ok(items(machine, &args[0])?.pop().unwrap_or_else(Value::nil))
}

/// A list of `[]interface{}`, which is nil if `all` is empty.
fn part(machine: &mut Machine<'_>, all: &[Value], part: &[Value]) -> Value {
    machine.heap.add_list(List { of: Of::Any, is_nil: all.is_empty(), items: part.to_vec() })
}

fn rest(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let items = items(machine, &args[0])?;
    Ok(part(machine, &items, items.get(1..).unwrap_or_default()))
}

fn initial(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let items = items(machine, &args[0])?;
    Ok(part(machine, &items, &items[..items.len().saturating_sub(1)]))
}

fn reverse(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut items = items(machine, &args[0])?;
    items.reverse();
    Ok(machine.heap.any_list(items))
}

fn compact(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut items = items(machine, &args[0])?;
    items.retain(|item| !is_empty(machine, item));
    Ok(machine.heap.any_list(items))
}

fn contains(machine: &mut Machine<'_>, list: &[Value], value: &Value) -> Result<bool, Failure> {
    for item in list {
        machine.touch(item);
        if deep_equal(machine, &value.data, &item.data, 0)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn uniq(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut kept = Vec::new();
    for item in items(machine, &args[0])? {
        if !contains(machine, &kept, &item)? {
            kept.push(item);
        }
    }
    Ok(machine.heap.any_list(kept))
}

fn without(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut kept = Vec::new();
    for item in items(machine, &args[0])? {
        if !contains(machine, &args[1..], &item)? {
            kept.push(item);
        }
    }
    Ok(machine.heap.any_list(kept))
}

fn has(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    if args[1].is_nil() {
        return Ok(Value::bool(false));
    }
    let items = items(machine, &args[1])?;
    Ok(Value::bool(contains(machine, &items, &args[0])?))
}

fn slice(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let all = items(machine, &args[0])?;
    if all.is_empty() {
        return Ok(Value::nil());
    }
    let of = machine.list(&args[0].data).map_or(Of::Any, |list| list.of);
    let start = args.get(1).map_or(0, to_int);
    let end = args.get(2).map_or(all.len() as i64, to_int);
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let Some(items) = range.and_then(|(start, end)| all.get(start..end)) else {
        return Err(format!("the list has no items {start} to {end}").into());
    };
    Ok(machine.heap.add_list(List { of, is_nil: false, items: items.to_vec() }))
}

fn concat(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut all = Vec::new();
    for arg in args {
        all.append(&mut items(machine, arg)?);
        machine.step(all.len() as u64 / 16)?;
    }
    Ok(machine.heap.add_list(List { of: Of::Any, is_nil: all.is_empty(), items: all }))
}

fn chunk(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let items = items(machine, &args[1])?;
    let Ok(size @ 1..) = usize::try_from(args[0].integer()) else {
        return Err("the size of a chunk is 1 or more".into());
    };
    let chunks: Vec<Value> =
        items.chunks(size).map(|chunk| machine.heap.any_list(chunk.to_vec())).collect();
    Ok(machine.heap.add_list(List { of: Of::Lists, is_nil: false, items: chunks }))
}

fn sort_alpha(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut texts = match args[0].data {
        Data::Nil | Data::Missing => vec![Value::text(&b"<nil>"[..])],
        _ => to_texts(machine, &args[0])?,
    };
    texts.sort_by(|a, b| a.bytes().cmp(b.bytes()));
    Ok(machine.heap.texts(texts))
}
