//! What functions work with: the values, origins and limits of one run.

use std::collections::BTreeMap;

use super::Limits;
use super::error::ErrorKind;
use super::origin::{Entries, Entry, FileId, OriginId, Place};
use super::print::Printer;
use super::project::{Project, Role};
use super::rendered::{Unknown, UnknownKind};
use super::runes::lossy;
use super::value::{Data, Heap, List, Map, Value};

/// Why a function gives no value.
#[derive(Debug)]
pub(super) struct Failure {
    pub kind: ErrorKind,
    pub message: String,
}

impl From<&str> for Failure {
    fn from(message: &str) -> Self {
        Self { kind: ErrorKind::FunctionFailed, message: message.to_owned() }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self { kind: ErrorKind::FunctionFailed, message }
    }
}

impl Failure {
    pub fn limit(message: &str) -> Self {
        Self { kind: ErrorKind::Limit, message: message.to_owned() }
    }
}

/// What a function gives.
pub(super) type Outcome = Result<Value, Failure>;

/// The state that functions see.
pub(super) struct Machine<'p> {
    pub project: &'p Project,
    partials: BTreeMap<&'p [u8], FileId>,
    pub heap: Heap,
    pub entries: Entries,
    pub unknowns: Vec<Unknown>,
    pub missing_partials: Vec<(String, Place)>,
    /// The origins of each variable of the environment that was read.
    variables: BTreeMap<Vec<u8>, OriginId>,
    /// Where the function is called.
    pub call: Place,
    /// Something unknown that the function has looked at within a map or list.
    pub touched: OriginId,
    steps: u64,
    bytes: u64,
}

impl<'p> Machine<'p> {
    pub fn new(project: &'p Project, limits: &Limits) -> Self {
        Self {
            project,
            partials: project.by_name(Role::Partial),
            heap: Heap::default(),
            entries: Entries::new(),
            unknowns: Vec::new(),
            missing_partials: Vec::new(),
            variables: BTreeMap::new(),
            call: Place::new(project.base(), crate::source::Span::at(0)),
            touched: OriginId::NONE,
            steps: limits.steps,
            bytes: limits.memory,
        }
    }

    /// Counts what a run does.
    pub fn step(&mut self, count: u64) -> Result<(), Failure> {
        match self.steps.checked_sub(count) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => Err(Failure::limit("rendering takes too many steps")),
        }
    }

    /// Counts bytes of values that are made.
    pub fn charge(&mut self, bytes: usize) -> Result<(), Failure> {
        match self.bytes.checked_sub(bytes as u64) {
            Some(left) => {
                self.bytes = left;
                Ok(())
            }
            None => Err(Failure::limit("rendering takes too much memory")),
        }
    }

    /// Counts a new value.
    pub fn charge_value(&mut self, data: &Data) -> Result<(), Failure> {
        let bytes = match data {
            Data::Text(text) => text.bytes.len() + 32,
            Data::Map(_) | Data::List(_) => 64 + 48 * self.heap.length(data).unwrap_or(0),
            _ => 0,
        };
        self.charge(bytes)
    }

    /// Runs a printer, and gives its text.
    pub fn print(&mut self, print: impl FnOnce(&mut Printer<'_>)) -> Result<Vec<u8>, Failure> {
        let mut printer = Printer::new(&self.heap, &self.entries);
        print(&mut printer);
        let (out, touched, overflow) = (printer.out, printer.touched, printer.overflow);
        if touched != OriginId::NONE {
            self.touched = touched;
        }
        if overflow {
            return Err(Failure::limit("a value is too large or nested too deeply to be printed"));
        }
        Ok(out)
    }

    /// What `%v` prints.
    pub fn printed(&mut self, data: &Data) -> Result<Vec<u8>, Failure> {
        self.print(|printer| printer.value(data))
    }

    /// Notes that a function has looked at `value` within a container.
    pub fn touch(&mut self, value: &Value) {
        if self.entries.is_unknown(value.origin) {
            self.touched = value.origin;
        }
    }

    /// The items of a list, if it is one.
    pub fn items(&self, data: &Data) -> Option<Vec<Value>> {
        match data {
            Data::List(id) => Some(self.heap.list(*id).items.clone()),
            _ => None,
        }
    }

    /// The list of a value.
    pub fn list(&self, data: &Data) -> Option<&List> {
        match data {
            Data::List(id) => Some(self.heap.list(*id)),
            _ => None,
        }
    }

    /// The map of a value.
    pub fn map(&self, data: &Data) -> Option<&Map> {
        match data {
            Data::Map(id) => Some(self.heap.map(*id)),
            _ => None,
        }
    }

    /// A value that nobody knows before the gateway runs.
    pub fn unknown(&mut self, kind: UnknownKind) -> Value {
        let index = self.unknowns.len() as u32;
        let known = self.unknowns.iter().position(|unknown| unknown.kind == kind);
        let index = known.map_or(index, |known| known as u32);
        if known.is_none() {
            let stand_in = (index + 1).to_string();
            self.unknowns.push(Unknown { kind, place: self.call, stand_in, decides: Vec::new() });
        }
        let origin = self.entries.push(Entry::Unknown(index));
        Data::Opaque.into_value(origin)
    }

    /// The text that stands in for something unknown.
    pub fn stand_in(&self, mut origin: OriginId) -> Vec<u8> {
        loop {
            match *self.entries.get(origin) {
                Entry::Unknown(index) => {
                    return self.unknowns[index as usize].stand_in.clone().into_bytes();
                }
                Entry::Joined(a, b) => origin = if self.entries.is_unknown(a) { a } else { b },
                _ => return b"0".to_vec(),
            }
        }
    }

    /// Notes that an action's condition depends on what is unknown in `origin`.
    pub fn decided(&mut self, origin: OriginId, place: Place) {
        let mut open = vec![origin];
        // A long chain of joins is followed to its first unknowns only.
        for _ in 0..64 {
            let Some(origin) = open.pop() else { return };
            match *self.entries.get(origin) {
                Entry::Joined(a, b) => {
                    let parts = [a, b].into_iter().filter(|part| self.entries.is_unknown(*part));
                    open.extend(parts);
                }
                Entry::Unknown(index) => {
                    let decides = &mut self.unknowns[index as usize].decides;
                    if decides.last() != Some(&place) && !decides.contains(&place) {
                        decides.push(place);
                    }
                }
                _ => {}
            }
        }
    }

    /// A variable of the environment.
    pub fn variable(&mut self, name: &[u8]) -> Value {
        let text = lossy(name);
        let value = self.project.environment.variables.get(&text);
        if value.is_none() && !self.project.environment.complete {
            let known = self.variables.get(name).copied();
            let origin = known.unwrap_or_else(|| self.unknown(UnknownKind::Variable(text)).origin);
            self.variables.insert(name.to_vec(), origin);
            return Value::text(self.stand_in(origin)).with_origin(origin);
        }
        let entries = &mut self.entries;
        let origin = *self
            .variables
            .entry(name.to_vec())
            .or_insert_with(|| entries.push(Entry::Variable(name.into())));
        Value::text(value.map_or(&b""[..], |value| value.as_bytes())).with_origin(origin)
    }

    /// The text of a partial; empty if there is none, as in the gateway.
    pub fn partial(&mut self, name: &[u8]) -> Value {
        let path = super::functions::paths::clean(&[b"/", name].concat());
        let Some(&file) = self.partials.get(&path[1..]) else {
            let missing = (lossy(name), self.call);
            if !self.missing_partials.contains(&missing) && self.missing_partials.len() < 1000 {
                self.missing_partials.push(missing);
            }
            return Value::text(&b""[..]);
        };
        let text = self.project.file(file).source.bytes();
        let origin = self.entries.push(Entry::Partial(file));
        Value::text(text).with_origin(origin)
    }
}

impl Data {
    pub fn into_value(self, origin: OriginId) -> Value {
        Value { data: self, origin }
    }
}
