//! `merge` and `mergeOverwrite`: the first map is changed in place, and so are maps within it.

use super::super::machine::{Failure, Machine, Outcome};
use super::super::print::MAX_DEPTH;
use super::super::value::{Data, MapId, Value};
use super::Function;
use super::defaults::is_empty;

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("merge", "m*m", |machine, args| merge(machine, args, false)),
    Function::new("mustMerge", "m*m", |machine, args| merge(machine, args, false)),
    Function::new("mergeOverwrite", "m*m", |machine, args| merge(machine, args, true)),
    Function::new("mustMergeOverwrite", "m*m", |machine, args| merge(machine, args, true)),
];

fn merge(machine: &mut Machine<'_>, args: &[Value], overwrite: bool) -> Outcome {
    let Data::Map(into) = args[0].data else { return Err("this is not a map".into()) };
    for source in &args[1..] {
        let Data::Map(from) = source.data else { continue };
        if machine.heap.map(into).is_nil && !machine.heap.map(from).members.is_empty() {
            machine.heap.map_mut(into).is_nil = false;
        }
        merge_maps(machine, into, from, overwrite, 0)?;
    }
    Ok(args[0].clone())
}

/// Members that `into` has count, unless they are empty or are overwritten; maps are merged.
fn merge_maps(
    machine: &mut Machine<'_>,
    into: MapId,
    from: MapId,
    overwrite: bool,
    depth: u32,
) -> Result<(), Failure> {
    machine.step(1)?;
    if depth > MAX_DEPTH {
        return Err(Failure::limit("a value is nested too deeply to be merged"));
    }
    for (key, member) in machine.heap.map(from).members.clone() {
        machine.step(1)?;
        let known = machine.heap.map(into).members.get(&key).map(|member| member.value.clone());
        let is_set = known.as_ref().is_some_and(|known| !is_empty(machine, known));
        let is_map = |data: &Data| match data {
            Data::Map(id) => Some(*id),
            _ => None,
        };
        let inner = known.as_ref().and_then(|known| is_map(&known.data));
        match &member.value.data {
            // A null replaces only where everything is replaced.
            Data::Nil | Data::Missing => {
                if !overwrite {
                    continue;
                }
            }
            Data::Map(from) => {
                if let Some(inner) = inner {
                    merge_maps(machine, inner, *from, overwrite, depth + 1)?;
                    if is_set || !is_empty_map(machine, inner) {
                        continue;
                    }
                } else if is_set && !overwrite {
                    continue;
                }
            }
            _ => {
                if is_set && !overwrite {
                    continue;
                }
            }
        }
        machine.charge(64)?;
        machine.heap.map_mut(into).members.insert(key, member);
    }
    Ok(())
}

fn is_empty_map(machine: &Machine<'_>, id: MapId) -> bool {
    machine.heap.map(id).members.is_empty()
}
