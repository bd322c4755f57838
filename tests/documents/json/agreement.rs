//! The reader accepts exactly what `encoding/json` of Go accepts.
//!
//! Another parser is the reference, which agrees with Go but for three things: it refuses escapes of lone
//! surrogates, bytes inside strings that are not UTF-8, and nesting beyond 128 levels. Each of these
//! is corrected before it compares, and each must have occurred.

use otel_lint::document::json::{ErrorKind, Parsed};
use serde_json::Value;

use super::generate::{LAYOUTS, Random, document, mutate};
use super::tape;

const ROUNDS: usize = 1_000_000;

#[derive(Debug, Default)]
struct Counts {
    accepted: usize,
    rejected: usize,
    no_utf8: usize,
    lone_surrogate: usize,
    deep: usize,
}

/// Whether Go would read it. Go reads any root; that a configuration needs an object is another
/// matter.
fn accepts(parsed: &Parsed<'_>) -> bool {
    let harmless = |kind| kind == ErrorKind::NotAnObject;
    parsed.errors.iter().all(|error| error.is_warning() || harmless(error.kind))
}

/// `bytes` with U+FFFD in the place of everything that Go replaces by it.
fn corrected(bytes: &[u8], counts: &mut Counts) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{FFFD}'));
    }
    counts.no_utf8 += usize::from(text.as_bytes() != bytes);
    let mut at = 0;
    let mut lone = false;
    while let Some(len) = text[at..].find('\\') {
        at += len;
        match (surrogate(&text[at..]), text.get(at + 6..).and_then(surrogate)) {
            (Some(0xD800..0xDC00), Some(0xDC00..)) => at += 12,
            (Some(_), _) => {
                lone = true;
                text.replace_range(at..at + 6, "\\ufffd");
                at += 6;
            }
            // The escaped character may be a backslash.
            (None, _) => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    counts.lone_surrogate += usize::from(lone);
    text
}

/// The surrogate that the escape at the front of `text` stands for.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    (0xD800..0xE000).contains(&unit).then_some(unit)
}

/// Whether two values are equal. The reference's floats may be off by their last bit, ours may not.
fn alike(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| alike(a, b))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            let same =
                |(key, value): (&String, _)| theirs.get(key).is_some_and(|b| alike(value, b));
            ours.len() == theirs.len() && ours.iter().all(same)
        }
        (Value::Number(ours), Value::Number(theirs)) => {
            let (ours, theirs) = (ours.as_f64(), theirs.as_f64());
            let near = |a: f64, b: f64| (a - b).abs() <= a.abs() * f64::EPSILON;
            ours.zip(theirs).is_some_and(|(a, b)| near(a, b))
        }
        _ => ours == theirs,
    }
}

fn compare(bytes: &[u8], counts: &mut Counts) {
    let shown = || String::from_utf8_lossy(bytes);
    let first = serde_json::from_slice::<Value>(bytes);
    tape::read(bytes, |parsed| {
        let accepted = accepts(parsed);
        let expected = match first {
            Err(_) if accepted => serde_json::from_str::<Value>(&corrected(bytes, counts)),
            first => first,
        };
        match expected {
            Ok(value) => {
                assert!(accepted, "must be accepted: {} {:?}", shown(), parsed.errors);
                let root = parsed.document.root().expect("a value");
                let ours = parsed.document.to_value(root, 200);
                assert!(alike(&ours, &value), "{ours} is not {value} in {}", shown());
                counts.accepted += 1;
            }
            Err(error) if accepted => {
                let deep = error.to_string().starts_with("recursion limit exceeded");
                assert!(deep, "must be rejected: {}: {error}", shown());
                counts.deep += 1;
            }
            Err(_) => counts.rejected += 1,
        }
    });
}

#[test]
fn mutated_documents_are_checked_alike() {
    let mut random = Random::new(1);
    let mut counts = Counts::default();
    let mut seeds: Vec<String> = (0..400)
        .map(|_| {
            let layout = random.one_of(&LAYOUTS);
            document(&mut random, layout, 3)
        })
        .filter(|text| text.len() < 240)
        .collect();
    seeds.extend(["[]", "0", "\"x\"", "null", "[1e308,-12e307]"].map(str::to_owned));
    assert!(seeds.len() > 100);
    for seed in &seeds {
        compare(seed.as_bytes(), &mut counts);
    }
    assert_eq!(counts.accepted, seeds.len());
    for _ in 0..ROUNDS {
        let text = &seeds[random.below(seeds.len())];
        let other = &seeds[random.below(seeds.len())];
        compare(&mutate(&mut random, text.as_bytes(), other.as_bytes()), &mut counts);
    }
    println!("{counts:?}");
    let Counts { accepted, rejected, no_utf8, lone_surrogate, deep } = counts;
    assert!(accepted > ROUNDS / 10 && rejected > ROUNDS / 10);
    assert!(no_utf8 > 1000 && lone_surrogate > 1000 && deep > 100);
}
