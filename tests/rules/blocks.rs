//! Telemetry blocks to try schemas on: valid ones made from a schema, and what people make of them.
//! All from a fixed seed, so that a failure comes back.

use serde_json::{Map, Value, json};

/// xorshift64*: good enough to choose mutations, the same on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `limit`, which must not be 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// A document that `schema`, without references, accepts. Each optional member is there with a
/// chance of `fullness` percent.
pub(crate) fn valid(schema: &Value, fullness: usize, random: &mut Random) -> Value {
    if let Some(options) = schema["enum"].as_array() {
        return random.pick(options).clone();
    }
    match schema["type"].as_str() {
        None | Some("object") => object(schema, fullness, random),
        Some("array") => {
            let text = json!({"type": "string"});
            let items = schema.get("items").unwrap_or(&text);
            (0..=random.below(3)).map(|_| valid(items, fullness, random)).collect()
        }
        Some("string") => random.pick(&[json!("team"), json!(""), json!("{x}")]).clone(),
        Some("boolean") => random.percent(50).into(),
        Some("integer") => random.pick(&[json!(0), json!(1), json!(4318), json!(30.0)]).clone(),
        Some("number") => random.pick(&[json!(0), json!(1), json!(0.25), json!(1.0)]).clone(),
        Some(other) => panic!("no schema has the type {other}"),
    }
}

fn object(schema: &Value, fullness: usize, random: &mut Random) -> Value {
    let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
    let mut members = Map::new();
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        if random.percent(fullness) || required.iter().any(|required| required == key) {
            members.insert(key.clone(), valid(property, fullness, random));
        }
    }
    if schema["additionalProperties"].is_object() {
        members.insert("api-key".into(), valid(&schema["additionalProperties"], fullness, random));
    }
    if members.is_empty() && schema["minProperties"].is_u64() {
        return object(schema, 100, random);
    }
    Value::Object(members)
}

/// Changes up to four things in `block`. `strange` is a block of another scope or release, whose
/// members may turn up.
pub(crate) fn mutate(block: &mut Value, strange: &Value, random: &mut Random) {
    for _ in 0..*random.pick(&[1, 1, 1, 2, 3, 4]) {
        let places = places(block);
        let place = random.pick(&places).as_str();
        match random.below(10) {
            0..=2 => replace(at(block, place), random),
            3 => remove(at(block, place), random),
            4 => rename(at(block, place), random),
            5 | 6 => insert(at(block, place), random),
            7 => {
                let moved = at(block, place).clone();
                let name = place.rsplit('/').next().unwrap_or_default();
                let target = random.pick(&places).as_str();
                add(at(block, target), name, moved);
            }
            _ => {
                let strangers = self::places(strange);
                let stranger = random.pick(&strangers);
                let name = stranger.rsplit('/').next().unwrap_or_default();
                let value = strange.pointer(stranger).cloned().unwrap_or_default();
                add(at(block, place), name, value);
            }
        }
    }
}

/// Numbers often become other numbers, all else anything.
fn replace(value: &mut Value, random: &mut Random) {
    let numbers = [-1.0, 0.0, 1.0, 1.5, 65535.0, 65536.0, -0.0].map(Value::from);
    let integers = [-1, 0, 1, 30, 65535, 65536, i64::MIN].map(Value::from);
    *value = match random.below(3) {
        0 if value.is_number() => random.pick(&numbers).clone(),
        1 if value.is_number() => random.pick(&integers).clone(),
        _ => pool(random),
    };
}

/// What people write where something else belongs.
fn pool(random: &mut Random) -> Value {
    let values = json!([
        null, true, false, 0, -1, 1, 2, 100, -0.5, 0.5, 1.5, 30.0, 1.27, 65535, 65536, 1e300, "",
        "x", "true", "4317", "1.27", "@c", [], {}, [null], [""], ["x"], [0], [{}], [[]],
        {"@c": 1}, {"": ""}, {"key": "a"}, {"key": "a", "value": "b"}, {"key": 1, "value": "b"},
        {"name": "n"}, {"name": "n", "host": "h"}, [{"name": "n", "host": "h"}], [{"name": "n"}],
        [{"key": "a", "value": "b", "#": {}}], [{"key": "a", "value": "b", "extra": 1}],
        {"api-key": 1}, {"@comment": "c"}, {"metrics": {}}, {"otlp": [], "_": 0}
    ]);
    random.pick(values.as_array().expect("written as one")).clone()
}

fn remove(value: &mut Value, random: &mut Random) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let key = members.keys().nth(random.below(members.len())).cloned();
            members.remove(&key.unwrap_or_default());
        }
        Value::Array(items) if !items.is_empty() => {
            items.remove(random.below(items.len()));
        }
        _ => {}
    }
}

/// Gives a member another name: other case, a letter less, a letter more.
fn rename(value: &mut Value, random: &mut Random) {
    let Some(members) = value.as_object_mut().filter(|members| !members.is_empty()) else { return };
    let key = members.keys().nth(random.below(members.len())).cloned().unwrap_or_default();
    let taken = members.remove(&key).unwrap_or_default();
    members.insert(misspelt(&key, random), taken);
}

fn insert(value: &mut Value, random: &mut Random) {
    const KEYS: [&str; 12] =
        ["@comment", "$schema", "_note", "#", "a@", "", "extra", "key", "name", "host", "-1", "0"];
    let taken = pool(random);
    let name = match value.as_object() {
        Some(members) if random.percent(40) && !members.is_empty() => {
            let key = members.keys().nth(random.below(members.len())).cloned();
            misspelt(&key.unwrap_or_default(), random)
        }
        _ => (*random.pick(&KEYS)).to_owned(),
    };
    add(value, &name, taken);
}

fn misspelt(key: &str, random: &mut Random) -> String {
    match random.below(6) {
        0 => key.to_uppercase(),
        1 => key.chars().skip(1).collect(),
        2 => key.replace('_', "-"),
        3 => format!("{key}s"),
        4 => format!("{}{key}", random.pick(&["@", "$", "_", "#", " "])),
        _ => key.replace('_', ""),
    }
}

/// Puts `value` into an object under `name`, or at the end of an array.
fn add(into: &mut Value, name: &str, value: Value) {
    match into {
        Value::Object(members) => {
            members.insert(name.to_owned(), value);
        }
        Value::Array(items) => items.push(value),
        _ => {}
    }
}

/// The pointer of every value in `block`.
fn places(block: &Value) -> Vec<String> {
    fn collect(value: &Value, pointer: &str, places: &mut Vec<String>) {
        places.push(pointer.to_owned());
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    collect(item, &format!("{pointer}/{index}"), places);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    collect(member, &format!("{pointer}/{key}"), places);
                }
            }
            _ => {}
        }
    }
    let mut places = Vec::new();
    collect(block, "", &mut places);
    places
}

fn at<'a>(block: &'a mut Value, pointer: &str) -> &'a mut Value {
    block.pointer_mut(pointer).expect("the place was just found")
}

/// The places that a validator built at run time complains about, with the keyword, sorted: unknown
/// and missing members by their own pointers. Where a type is wrong, only that counts.
pub(crate) fn faults(
    validator: &jsonschema::Validator,
    block: &Value,
) -> Vec<(String, &'static str)> {
    use jsonschema::error::ValidationErrorKind as Kind;
    let mut faults = Vec::new();
    for error in validator.iter_errors(block) {
        let place = error.instance_path().as_str();
        match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                faults.extend(unexpected.iter().map(|key| (member(place, key), "unknown")));
            }
            Kind::Required { property } => {
                let key = property.as_str().expect("a key is a string");
                faults.push((member(place, key), "missing"));
            }
            Kind::Type { .. } => faults.push((place.to_owned(), "type")),
            Kind::Minimum { .. } => faults.push((place.to_owned(), "small")),
            Kind::Maximum { .. } => faults.push((place.to_owned(), "large")),
            // Options are texts: anything else is of the wrong type, said or not.
            Kind::Enum { .. } if !error.instance().is_string() => {
                faults.push((place.to_owned(), "type"));
            }
            Kind::Enum { .. } => faults.push((place.to_owned(), "option")),
            Kind::MinItems { .. } | Kind::MinProperties { .. } => {
                faults.push((place.to_owned(), "few"));
            }
            other => panic!("unexpected keyword {}", other.keyword()),
        }
    }
    let wrong: Vec<_> = faults.iter().filter(|(_, what)| *what == "type").cloned().collect();
    faults.retain(|(place, what)| *what == "type" || wrong.iter().all(|(wrong, _)| wrong != place));
    faults.sort();
    faults.dedup();
    faults
}

/// The same of the compiled validators' errors.
pub(crate) fn compiled_faults(
    errors: &[otel_lint::schema::ShapeError],
) -> Vec<(String, &'static str)> {
    use otel_lint::schema::{ShapeKind, Step};
    let mut faults = Vec::new();
    for error in errors {
        let place = error.instance.iter().fold(String::new(), |place, step| match step {
            Step::Key(key) => member(&place, key),
            Step::Index(index) => format!("{place}/{index}"),
        });
        match &error.kind {
            ShapeKind::UnknownKeys(keys) => {
                faults.extend(keys.iter().map(|key| (member(&place, key), "unknown")));
            }
            ShapeKind::Missing(key) => faults.push((member(&place, key), "missing")),
            ShapeKind::WrongType { .. } => faults.push((place, "type")),
            ShapeKind::TooSmall { .. } => faults.push((place, "small")),
            ShapeKind::TooLarge { .. } => faults.push((place, "large")),
            ShapeKind::NotAllowed { .. } => faults.push((place, "option")),
            ShapeKind::TooFew { .. } => faults.push((place, "few")),
        }
    }
    faults.sort();
    faults
}

fn member(place: &str, key: &str) -> String {
    format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"))
}
