//! The functions of the gateway's templates: Go's own, sprig's, `include` and `marshal`.
//!
//! Each file has a table of its functions. This is the only place that knows what gateway it is.

mod builtin;
mod casing;
mod compare;
mod convert;
mod defaults;
mod dicts;
mod digest;
mod encode;
mod escape;
mod lists;
mod math;
mod merge;
pub(super) mod paths;
mod regexes;
mod strings;
mod types;
mod unknown;
mod urls;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::machine::{Machine, Outcome};
use super::value::Value;
use crate::spelling::{edit_distance, is_misspelling};

/// How a function comes to its result.
pub(super) enum Run {
    /// From its arguments, which have the types of the signature.
    Native(fn(&mut Machine<'_>, &[Value]) -> Outcome),
    /// `and`: evaluates its arguments until one is false.
    And,
    /// `or`: evaluates its arguments until one is true.
    Or,
    /// Nobody knows it before the gateway runs.
    Unknown,
}

/// A function of the templates.
pub(super) struct Function {
    pub name: &'static str,
    /// A letter for each parameter: `s` string, `i` int, `u` uint32, `b` bool, `f` float64, `m`
    /// map[string]interface{}, `l` []interface{}, `t` a value that only an unknown function gives,
    /// `a` interface{}, `v` any value as it is. After `*`: any number of the type that follows.
    pub parameters: &'static str,
    pub run: Run,
}

impl Function {
    const fn new(
        name: &'static str,
        parameters: &'static str,
        run: fn(&mut Machine<'_>, &[Value]) -> Outcome,
    ) -> Self {
        Self { name, parameters, run: Run::Native(run) }
    }

    const fn unknown(name: &'static str, parameters: &'static str) -> Self {
        Self { name, parameters, run: Run::Unknown }
    }

    /// How many parameters are always needed, and whether more are possible.
    pub fn arity(&self) -> (usize, bool) {
        match self.parameters.split_once('*') {
            Some((fixed, _)) => (fixed.len(), true),
            None => (self.parameters.len(), false),
        }
    }

    /// The type of a parameter, the first being number 0.
    pub fn parameter(&self, index: usize) -> u8 {
        let (fixed, _) = self.arity();
        let parameters = self.parameters.as_bytes();
        if index < fixed { parameters[index] } else { *parameters.last().unwrap_or(&b'a') }
    }

    /// Whether it only passes its arguments on or puts them into a list or map, so that it can be
    /// called with something unknown.
    pub fn is_transparent(&self) -> bool {
        matches!(
            self.name,
            "append"
                | "coalesce"
                | "default"
                | "dict"
                | "first"
                | "list"
                | "mustAppend"
                | "mustPrepend"
                | "mustPush"
                | "prepend"
                | "push"
                | "set"
                | "ternary"
                | "tuple"
        )
    }
}

/// The function of a name.
pub(super) fn find(name: &[u8]) -> Option<&'static Function> {
    by_name().get(std::str::from_utf8(name).ok()?).copied()
}

/// The name of a function that is nearly `name`, in whatever case.
pub(super) fn similar(name: &str) -> Option<&'static str> {
    let written = name.to_lowercase();
    let near = by_name().keys().filter_map(|known| {
        let known_lower = known.to_lowercase();
        let is_near = known_lower == written || is_misspelling(&written, &known_lower);
        is_near.then(|| (edit_distance(&written, &known_lower), *known))
    });
    near.min().map(|(_, known)| known)
}

fn by_name() -> &'static BTreeMap<&'static str, &'static Function> {
    static BY_NAME: OnceLock<BTreeMap<&'static str, &'static Function>> = OnceLock::new();
    BY_NAME.get_or_init(|| {
        // A later table replaces functions of those before: sprig's `slice` is not Go's.
        let tables = [
            builtin::TABLE,
            compare::TABLE,
            escape::TABLE,
            casing::TABLE,
            defaults::TABLE,
            dicts::TABLE,
            digest::TABLE,
            encode::TABLE,
            lists::TABLE,
            math::TABLE,
            merge::TABLE,
            paths::TABLE,
            regexes::TABLE,
            strings::TABLE,
            types::TABLE,
            unknown::TABLE,
            urls::TABLE,
        ];
        let functions = tables.into_iter().flatten();
        functions.map(|function| (function.name, function)).collect()
    })
}
