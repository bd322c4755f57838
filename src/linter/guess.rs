//! What the actions of a template may put into a configuration: guesses that differ as much as
//! possible, in the types that the gateway reads.
//!
//! No guess need be right. What is found with all of them does not depend on what is unknown.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::document::template::Reading;
use crate::document::unescaped;
use crate::document::{Document, Kind, NodeId};
use crate::effective::Effective;
use crate::effective::components::{HTTP_CLIENT_PLUGIN, METRICS, Names, OPENCENSUS, ROUTER};
use crate::effective::decode::same_key;
use crate::effective::headers::CREDENTIALS;
use crate::effective::service::DEFAULT_SKIP_PATHS;
use crate::schema::{self, Scope};
use crate::target::{Target, Version, v};

/// Numbers that mean different things somewhere: ports, periods, rates.
const NUMBERS: [f64; 12] =
    [4318.0, 4317.0, 30.0, 0.05, 1.0, 9091.0, 60.0, 0.0, 443.0, 9.0, 8080.0, 0.5];

/// Strings that mean different things somewhere.
const STRINGS: [&str; 10] = [
    "otel-collector",
    "http://unknown",
    "https://unknown/v1",
    "127.0.0.1",
    "::1",
    "/unknown/{id}",
    "unknown:4318",
    "*",
    "true",
    "20s",
];

/// The most strings of the template itself that are tried.
const MOST_STRINGS: usize = 64;

/// Levels below an unknown value that are made up; no block is as deep.
const DEPTH: usize = 12;

/// [`STRINGS`], and those that the gateway gives a meaning of its own.
fn strings() -> impl Iterator<Item = &'static str> {
    STRINGS.into_iter().chain(CREDENTIALS).chain(DEFAULT_SKIP_PATHS)
}

/// Guesses for one reading of a template.
pub(super) struct Guesses<'r> {
    reading: &'r Reading<'r>,
    /// What is unknown or open, in the order of the tape.
    holes: Vec<Hole>,
    /// The schema of a whole configuration.
    shape: &'static Value,
    /// Strings that mean something, and those of the template: what is unknown may be one of them.
    strings: Vec<String>,
    /// Those that no exporter has for its name.
    names: Vec<String>,
}

/// A place where something is unknown.
struct Hole {
    node: NodeId,
    /// The last step of its pointer.
    name: String,
    /// What the schema says about it.
    shape: &'static Value,
    /// A member that no schema lists.
    unlisted: Option<(&'static str, Value)>,
}

impl<'r> Guesses<'r> {
    pub(super) fn new(reading: &'r Reading<'r>, target: Target) -> Self {
        let doc = &reading.document;
        let effective = Effective::new(doc, target);
        let taken: Vec<&str> = effective.service.names().map(|name| name.value.as_str()).collect();
        let strings = all_strings(reading, &effective);
        let names = strings.iter().filter(|s| !taken.contains(&s.as_str())).cloned().collect();
        let shape = shape(target);
        let mut holes: Vec<NodeId> = reading.unknown.iter().chain(&reading.open).copied().collect();
        holes.sort_unstable();
        holes.dedup();
        let holes = holes.into_iter().map(|node| Hole::new(node, doc, shape)).collect();
        Self { reading, holes, shape, strings, names }
    }

    /// The document with one guess after the other in it, each once: a switch is only on or off.
    pub(super) fn documents(&self) -> impl Iterator<Item = Document<'r>> {
        let mut seen = HashSet::new();
        let all = (0..self.len()).map(|turn| self.document(turn));
        all.filter_map(move |(document, guess)| seen.insert(guess).then_some(document))
    }

    /// How many turns there are: every unknown string is once each of those that may be meant.
    fn len(&self) -> usize {
        // None, all empty, all there; then twice as many, for every other guess at what has no type
        // is a string.
        3 + 2 * (self.strings.len() + 1).max(NUMBERS.len() + 1)
    }

    /// The document with the guess of `turn` in it, from 0 to [`Guesses::len`], and a hash of that
    /// guess.
    fn document(&self, turn: usize) -> (Document<'r>, u64) {
        let doc = &self.reading.document;
        let mut hasher = DefaultHasher::new();
        let document = self.reading.fill(|node| {
            let Ok(index) = self.holes.binary_search_by_key(&node, |hole| hole.node) else {
                return Value::Null;
            };
            let Hole { name, shape, .. } = &self.holes[index];
            let guess = Guess { all: self, turn, salt: node.raw() as usize };
            let value = match doc.kind(node) {
                Kind::String => Value::String(guess.string(name)),
                Kind::Object => guess.members(shape, DEPTH, |key| {
                    doc.members(node).any(|member| same_key(&doc.key(member.key), key))
                }),
                Kind::Array => guess.items(shape, name, DEPTH),
                _ => guess.value(shape, name, DEPTH),
            };
            let value = if turn == 0 { value } else { self.holes[index].with_unlisted(value) };
            value.hash(&mut hasher);
            value
        });
        (document, hasher.finish())
    }
}

impl Hole {
    fn new(node: NodeId, doc: &Document<'_>, root: &'static Value) -> Self {
        let pointer = doc.pointer(node);
        let steps = pointer.as_str().split('/').skip(1);
        let names = steps.map(unescaped);
        let (mut name, mut shape) = (String::new(), root);
        for step in names {
            shape = match &resolve(root, shape)["items"] {
                Value::Null => member(resolve(root, shape), &step),
                items => items,
            };
            name = step;
        }
        let unlisted = match steps_of(pointer.as_str()).as_slice() {
            [] => Some(("version", json!(3))),
            [.., "prometheus", _] => Some(("host", json!("127.0.0.1"))),
            _ => None,
        };
        Self { node, name, shape, unlisted }
    }

    /// `guess` with a member that no schema lists, but that the gateway reads: it may come in as well.
    fn with_unlisted(&self, mut guess: Value) -> Value {
        if let (Some(members), Some((name, value))) = (guess.as_object_mut(), &self.unlisted) {
            members.entry(*name).or_insert_with(|| value.clone());
        }
        guess
    }
}

/// The steps of `pointer`, as they are written.
fn steps_of(pointer: &str) -> Vec<&str> {
    pointer.split('/').skip(1).collect()
}

/// What `shape` refers to, if it does.
fn resolve<'v>(root: &'v Value, shape: &'v Value) -> &'v Value {
    let reference = shape["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| root.pointer(pointer)).unwrap_or(shape)
}

/// What `shape`, that of an object, says about its member `name`.
fn member<'v>(shape: &'v Value, name: &str) -> &'v Value {
    let free = || free(shape).unwrap_or(&Value::Null);
    shape["properties"].get(name).unwrap_or_else(free)
}

/// What `shape` says about members with names of the user's own, if it has such.
fn free(shape: &Value) -> Option<&Value> {
    shape.get("additionalProperties").filter(|values| values.is_object())
}

/// One guess for one place.
#[derive(Clone, Copy)]
struct Guess<'g> {
    all: &'g Guesses<'g>,
    turn: usize,
    salt: usize,
}

impl Guess<'_> {
    fn at(self, step: usize) -> Self {
        Self { salt: self.salt.wrapping_mul(31).wrapping_add(step + 1), ..self }
    }

    /// A guess that takes its turn only half as often.
    fn half(self) -> Self {
        Self { turn: 2 + self.turn / 2, ..self }
    }

    /// A number that looks random but is the same in every run (the finalizer of splitmix64).
    fn chance(self) -> usize {
        let mut x =
            ((self.salt as u64) << 32 | self.turn as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 33) as usize
    }

    /// A value of the shape `shape` for the member `name`.
    fn value(self, shape: &Value, name: &str, depth: usize) -> Value {
        let shape = resolve(self.all.shape, shape);
        let left_out = self.turn > 3 && depth < DEPTH && self.chance().is_multiple_of(8);
        if self.turn == 0 || depth == 0 || left_out {
            return Value::Null;
        }
        if let Some(options) = shape["enum"].as_array() {
            return options[(self.turn + self.salt) % options.len()].clone();
        }
        let kind = match &shape["type"] {
            Value::String(kind) => kind.as_str(),
            _ if shape["properties"].is_object() => "object",
            _ if shape["items"].is_object() => "array",
            _ if self.turn.is_multiple_of(2) => return Value::String(self.half().string(name)),
            _ => ["number", "boolean", "object", "array"][(self.turn / 2 + self.salt) % 4],
        };
        match kind {
            "boolean" => Value::Bool(match self.turn {
                1 => false,
                2 => true,
                _ => self.chance().is_multiple_of(2),
            }),
            "integer" | "number" => self.number(shape, kind == "integer"),
            "array" => self.items(shape, name, depth),
            "object" => self.members(shape, depth, |_| false),
            _ => Value::String(self.string(name)),
        }
    }

    fn number(self, shape: &Value, whole: bool) -> Value {
        let fits = |number: &f64| {
            (!whole || number.fract() == 0.0)
                && shape["minimum"].as_f64().is_none_or(|least| *number >= least)
                && shape["maximum"].as_f64().is_none_or(|most| *number <= most)
        };
        let fitting: Vec<f64> = NUMBERS.into_iter().filter(fits).collect();
        match fitting.get((self.turn + self.salt) % fitting.len().max(1)) {
            Some(number) if number.fract() == 0.0 => Value::from(*number as i64),
            Some(number) => Value::from(*number),
            None => Value::Null,
        }
    }

    fn string(self, name: &str) -> String {
        let own = if name == "name" { &self.all.names } else { &self.all.strings };
        match self.turn {
            0 | 1 => String::new(),
            turn => match ((turn + self.salt) % (1 + own.len())).checked_sub(1) {
                Some(index) => own[index].clone(),
                None => format!("unknown-{}-{turn}", self.salt),
            },
        }
    }

    /// The items of the array `name`: every string that may be meant is one of them, or the name of
    /// one. No two exporters have the same name.
    fn items(self, shape: &Value, name: &str, depth: usize) -> Value {
        if self.turn < 2 {
            return Value::Array(Vec::new());
        }
        let items = resolve(self.all.shape, &resolve(self.all.shape, shape)["items"]);
        let has = |key: &str| items["properties"][key].is_object();
        let is_other = name == if self.turn.is_multiple_of(2) { "prometheus" } else { "otlp" };
        let own = &self.all.strings;
        let (key, names): (_, &[String]) = match () {
            () if has("endpoint") => ("endpoint", own),
            () if has("name") && is_other => ("name", &[]),
            () if has("name") => ("name", &self.all.names),
            () if items["type"] == "string" => ("", own),
            () => ("", &[]),
        };
        let all_there = self.turn < 4 || !self.chance().is_multiple_of(4);
        let names = names.iter().filter(|_| all_there).cloned();
        let unique = format!("unknown-{}-{}-{name}", self.salt, self.turn);
        let names: Vec<String> = names.chain([unique]).collect();
        // Endpoints are large: mostly, only some have more than a name.
        let is_large = has("backend") && self.turn > 3;
        let item = |(index, text): (usize, String)| {
            let guess = self.at(index);
            let mut item = if is_large && !guess.at(3).chance().is_multiple_of(8) {
                json!({})
            } else {
                guess.value(items, "", depth - 1)
            };
            if key.is_empty() && items["type"] == "string" {
                item = Value::String(text);
            } else if let Some(members) = item.as_object_mut().filter(|_| !key.is_empty()) {
                members.insert(key.to_owned(), Value::String(text));
            }
            item
        };
        Value::Array(names.into_iter().enumerate().map(item).collect())
    }

    /// The members of an object, without those that are there.
    fn members(self, shape: &Value, depth: usize, is_there: impl Fn(&str) -> bool) -> Value {
        let shape = resolve(self.all.shape, shape);
        let mut members = Map::new();
        let properties = shape["properties"].as_object().filter(|_| self.turn > 1 && depth > 0);
        for (index, (name, shape)) in properties.into_iter().flatten().enumerate() {
            let guess = self.at(index);
            let left_out = self.turn > 3 && guess.at(7).chance().is_multiple_of(4);
            if !left_out && !is_there(name) {
                members.insert(name.clone(), guess.value(shape, name, depth - 1));
            }
        }
        if let Some(shape) = free(shape).filter(|_| self.turn > 1 && depth > 0) {
            let name = self.string("");
            if !is_there(&name) {
                members.insert(name, self.at(0).value(shape, "", depth - 1));
            }
        }
        Value::Object(members)
    }
}

/// The schema of a whole configuration, with what the rules look at beside the telemetry blocks.
/// Generated once for each minor release, of which there are few, and kept: that takes longer than
/// checking.
fn shape(target: Target) -> &'static Value {
    static SHAPES: Mutex<Vec<(Version, &'static Value)>> = Mutex::new(Vec::new());
    let minor = v(target.version.major, target.version.minor, 0);
    let mut shapes = SHAPES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, shape)) = shapes.iter().find(|(version, _)| *version == minor) {
        return shape;
    }
    let mut shape = schema::generate(Scope::File, minor);
    let string = json!({ "type": "string" });
    let strings = json!({ "type": "array", "items": string });
    let boolean = json!({ "type": "boolean" });
    let port = json!({ "type": "integer" });
    let plugin = json!({ "name": string });
    let component = |extra_config: &mut Value, names: Names, settings: &Value| {
        for name in names {
            extra_config["properties"][name] = json!({ "properties": settings });
        }
    };
    for (list, name) in [("endpoints", "endpoint"), ("async_agent", "name")] {
        let item = &mut shape["properties"][list]["items"]["properties"];
        item[name] = string.clone();
        item["input_headers"] = strings.clone();
        let backend = &mut item["backend"]["items"]["properties"];
        backend["input_headers"] = strings.clone();
        component(&mut backend["extra_config"], HTTP_CLIENT_PLUGIN, &plugin);
    }
    let root = &mut shape["properties"];
    root["listen_ip"] = string.clone();
    root["port"] = port.clone();
    let service = &mut root["extra_config"];
    component(service, &["plugin/http-server"], &plugin);
    let router = json!({ "health_path": string, "disable_health": boolean });
    component(service, ROUTER, &router);
    let stats = json!({ "listen_address": string, "endpoint_disabled": boolean });
    component(service, METRICS, &stats);
    let listener = json!({ "properties": { "port": port } });
    let exporters = json!({ "properties": { "prometheus": listener } });
    component(service, OPENCENSUS, &json!({ "exporters": exporters }));
    let shape: &'static Value = Box::leak(Box::new(shape));
    shapes.push((minor, shape));
    shape
}

/// The strings that an unknown one may be: those above, those of the telemetry blocks and what they
/// may refer to, without long ones.
fn all_strings(reading: &Reading<'_>, effective: &Effective<'_>) -> Vec<String> {
    let doc = &reading.document;
    let mut all: Vec<String> = strings().map(str::to_owned).collect();
    let most = all.len() + MOST_STRINGS;
    let blocks = effective.blocks().flat_map(|(block, _)| doc.subtree(block));
    let settings = effective.extra_config.into_iter().flat_map(|node| doc.subtree(node));
    let paths = effective.endpoints.iter().filter_map(|endpoint| endpoint.path);
    for node in blocks.chain(paths).chain(settings) {
        let Some(text) = doc.str(node).filter(|text| text.len() <= 256) else { continue };
        let is_known = reading.unknown.binary_search(&node).is_err();
        if is_known && all.len() < most && !all.iter().any(|other| *other == text) {
            all.push(text.into_owned());
        }
    }
    all
}
