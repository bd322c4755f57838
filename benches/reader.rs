//! The JSON reader, on one core and as it is used, beside two others that keep nothing of what they read:
//! `cargo bench --bench reader`. Prints the median nanoseconds of each as JSON, for `benches/peers`.
//!
//! All read the same text in turn, again and again. The clock of a processor changes from one second to
//! the next, and who was measured a second later would be compared with another machine.

#[allow(dead_code, reason = "the generator that the scripts build uses all of it")]
mod work;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use otel_lint::document;
use otel_lint::source::Source;
use serde::de::IgnoredAny;
use work::{Faults, SEED, SMALL, configuration};

/// How often each has its turn.
const TURNS: usize = 101;

/// Bytes read in a turn, at least: less could not be timed.
const TURN: usize = 200_000;

fn main() {
    // `cargo test --all-targets` only wants to know that it compiles.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let large = configuration(10_000, Faults::None);
    let texts = [
        ("seed", SEED.to_owned()),
        ("small", configuration(SMALL, Faults::None).pretty()),
        ("pretty", large.pretty()),
        ("minified", large.minified()),
    ];
    let medians: BTreeMap<_, _> = texts.iter().map(|(name, text)| (name, measure(text))).collect();
    println!("{}", serde_json::to_string_pretty(&medians).expect("numbers are JSON"));
}

/// The median nanoseconds that each reader needs for `text`.
fn measure(text: &str) -> BTreeMap<&'static str, u64> {
    let source = Source::new("krakend.json", text);
    let bytes = text.as_bytes();
    let readers: [(&str, &dyn Fn()); 4] = [
        ("one-core", &|| drop(black_box(document::json::read(&source)))),
        ("otel-lint", &|| drop(black_box(document::read(&source)))),
        ("ignored-any", &|| {
            black_box(serde_json::from_slice::<IgnoredAny>(black_box(bytes)).expect("it is JSON"));
        }),
        ("scan", &|| {
            black_box(structure(black_box(bytes)));
        }),
    ];
    let times = TURN.div_ceil(text.len()) as u32;
    let mut turns = [const { Vec::new() }; 4];
    for _ in 0..TURNS {
        for ((_, read), turns) in readers.iter().zip(&mut turns) {
            let begin = Instant::now();
            (0..times).for_each(|_| read());
            turns.push(begin.elapsed() / times);
        }
    }
    let median = |mut turns: Vec<Duration>| {
        turns.sort_unstable();
        turns[TURNS / 2].as_nanos() as u64
    };
    readers.iter().zip(turns).map(|((name, _), turns)| (*name, median(turns))).collect()
}

/// A bare structural scan: the number of brackets, colons and commas that are in no string.
fn structure(bytes: &[u8]) -> usize {
    let (mut found, mut at) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'}' | b'[' | b']' | b':' | b',' => found += 1,
            b'"' => {
                while let Some(&byte) = bytes.get(at) {
                    at += 1 + usize::from(byte == b'\\');
                    if byte == b'"' {
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    found
}
