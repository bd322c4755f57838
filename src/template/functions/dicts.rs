//! Maps with texts as keys.

use super::super::machine::{Failure, Machine, Outcome};
use super::super::origin::OriginId;
use super::super::print::MAX_DEPTH;
use super::super::value::{Data, List, Map, Member, Value};
use super::Function;
use super::convert::to_text;

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("dict", "*a", dict),
    Function::new("get", "ms", |machine, args| {
        let found = member(machine, &args[0], args[1].bytes());
        Ok(found.map_or_else(|| Value::text(&b""[..]), |member| member.value))
    }),
    Function::new("set", "msa", set),
    Function::new("unset", "ms", |machine, args| {
        if let Data::Map(id) = args[0].data {
            machine.heap.map_mut(id).members.remove(args[1].bytes());
        }
        Ok(args[0].clone())
    }),
    Function::new("hasKey", "ms", |machine, args| {
        Ok(Value::bool(member(machine, &args[0], args[1].bytes()).is_some()))
    }),
    Function::new("pluck", "s*m", |machine, args| {
        let maps = args[1..].iter();
        let found = maps.filter_map(|map| member(machine, map, args[0].bytes()));
        let found = found.map(|member| member.value).collect();
        Ok(machine.heap.any_list(found))
    }),
    Function::new("keys", "*m", |machine, args| {
        let mut keys = Vec::new();
        for arg in args {
            let members = machine.map(&arg.data).into_iter().flat_map(|map| &map.members);
            keys.extend(
                members.map(|(key, member)| Value::text(key.clone()).with_origin(member.key)),
            );
        }
        Ok(machine.heap.texts(keys))
    }),
    Function::new("values", "m", |machine, args| {
        let members = machine.map(&args[0].data).into_iter().flat_map(|map| map.members.values());
        let values = members.map(|member| member.value.clone()).collect();
        Ok(machine.heap.any_list(values))
    }),
    Function::new("pick", "m*s", |machine, args| Ok(filtered(machine, args, true))),
    Function::new("omit", "m*s", |machine, args| Ok(filtered(machine, args, false))),
    Function::new("dig", "*a", dig),
    Function::new("deepCopy", "a", deep_copy),
    Function::new("mustDeepCopy", "a", deep_copy),
];

fn member(machine: &Machine<'_>, map: &Value, key: &[u8]) -> Option<Member> {
    machine.map(&map.data)?.members.get(key).cloned()
}

fn dict(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut map = Map::default();
    for pair in args.chunks(2) {
        let key = to_text(machine, &pair[0])?;
        let value = pair.get(1).cloned().unwrap_or_else(|| Value::text(&b""[..]));
        map.members.insert(key.into(), Member { key: pair[0].origin, value });
    }
    Ok(machine.heap.add_map(map))
}

fn set(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let Data::Map(id) = args[0].data else { return Err("this is not a map".into()) };
    let Data::Text(key) = &args[1].data else { return Err("the key is not text".into()) };
    let map = machine.heap.map_mut(id);
    if map.is_nil {
        return Err("nothing can be set in a map that does not exist".into());
    }
    let member = Member { key: args[1].origin, value: args[2].clone() };
    map.members.insert(key.bytes.clone(), member);
    machine.charge(64)?;
    Ok(args[0].clone())
}

/// The members of a map whose keys are named, or are not.
fn filtered(machine: &mut Machine<'_>, args: &[Value], named: bool) -> Value {
    let keys: std::collections::BTreeSet<&[u8]> = args[1..].iter().map(Value::bytes).collect();
    let members = machine.map(&args[0].data).into_iter().flat_map(|map| &map.members);
    let members = members.filter(|(key, _)| keys.contains(&***key) == named);
    let members = members.map(|(key, member)| (key.clone(), member.clone())).collect();
    machine.heap.add_map(Map { members, ..Map::default() })
}

fn dig(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let [keys @ .., default, map] = args else {
        return Err("`dig` takes a key, a default and a map".into());
    };
    if keys.is_empty() {
        return Err("`dig` takes a key, a default and a map".into());
    }
    let is_map = |data: &Data| machine.map(data).is_some_and(|map| !map.of_texts);
    if !is_map(&map.data) {
        return Err("the last argument of `dig` is a map".into());
    }
    if !keys.iter().all(|key| matches!(key.data, Data::Text(_))) {
        return Err("the keys of `dig` are strings".into());
    }
    let mut found = map.clone();
    for key in keys {
        if !is_map(&found.data) {
            return Err("`dig` meets a value that is not a map".into());
        }
        match member(machine, &found, key.bytes()) {
            Some(member) => found = member.value,
            None => return Ok(default.clone()),
        }
    }
    Ok(found)
}

fn deep_copy(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    if args[0].is_nil() {
        return Err("null cannot be copied".into());
    }
    copy(machine, &args[0], 0)
}

/// A copy that shares no map with the value.
pub(super) fn copy(machine: &mut Machine<'_>, value: &Value, depth: u32) -> Result<Value, Failure> {
    machine.step(1)?;
    machine.charge(64)?;
    if depth > MAX_DEPTH {
        return Err(Failure::limit("a value is nested too deeply to be copied"));
    }
    let origin: OriginId = value.origin;
    let copied = match &value.data {
        Data::Map(id) => {
            let mut map = machine.heap.map(*id).clone();
            for member in map.members.values_mut() {
                member.value = copy(machine, &member.value, depth + 1)?;
            }
            machine.heap.add_map(map)
        }
        Data::List(id) => {
            let list = machine.heap.list(*id).clone();
            let mut items = Vec::with_capacity(list.items.len());
            for item in &list.items {
                items.push(copy(machine, item, depth + 1)?);
            }
            machine.heap.add_list(List { items, ..list })
        }
        _ => value.clone(),
    };
    Ok(copied.with_origin(origin))
}
