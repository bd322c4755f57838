//! A large file is read from two places at once.
//!
//! The second reader begins after a comma in the middle, and believes that it is between two items of
//! a list. What is around that list it learns from what comes: each closing bracket that it has not
//! seen opened ends something that began in the first half. When the first reader arrives where the
//! second one began, and in the state that was believed, the two halves fit; if it does not, or if
//! there is any fault, the first reads on as if there had been no other.

use std::ops::ControlFlow;

use memchr::memmem;

use super::{Expect, MAX_DEPTH, Open, Parsed, Reader, Tape, scan};
use crate::parallel;
use crate::source::Source;

/// The size in bytes from which on a second reader is worth a thread.
const LARGE: usize = 1 << 20;

/// The deepest nesting that either of two readers may meet: together they stay within the limit.
const HALF_DEPTH: usize = MAX_DEPTH / 2;

/// The node of an object or array that began before the second half.
const OUTSIDE: u32 = u32::MAX;

/// Reads `source` like [`read`](super::read), large ones on two cores.
#[must_use]
pub fn read_fast(source: &Source) -> Parsed<'_> {
    let bytes = source.bytes();
    let middle = if bytes.len() < LARGE || parallel::cores() < 2 { None } else { beginning(bytes) };
    match middle {
        Some(middle) => read_from_two(source, middle),
        None => super::read(source),
    }
}

/// A place near the middle of `bytes` where an item of a list may begin, right after the comma.
fn beginning(bytes: &[u8]) -> Option<usize> {
    let middle = bytes.len() / 2;
    let mut ends = memmem::find_iter(&bytes[middle..], b"},").map(|at| middle + at + 2);
    ends.find(|&at| {
        let mut rest = bytes[at..].iter().skip_while(|&&byte| scan::is_blank(byte));
        rest.next() == Some(&b'{')
    })
}

/// Reads `source` from its beginning and, at the same time, from `middle`, the place after a comma.
fn read_from_two(source: &Source, middle: usize) -> Parsed<'_> {
    let first = || {
        let mut reader = Reader::new(source);
        let start = (reader.begin(), reader.at);
        let here = reader.run(start, middle);
        (reader, here)
    };
    let ((mut reader, here), second) = parallel::both(first, || Ahead::read(source, middle));
    let is_believed = here == (Expect::Value, middle) && reader.has_no_faults();
    let second = second.filter(|_| is_believed);
    if let Some(second) = second.filter(|second| second.fits(&reader)) {
        second.finish(reader)
    } else {
        reader.run(here, usize::MAX);
        reader.finish()
    }
}

/// What the second reader found, if there is no fault in it and it came to the end.
struct Ahead {
    /// Counted from its own beginning.
    nodes: Tape,
    ends: Vec<End>,
}

/// Where something ends that began before the second half.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    object: bool,
    /// The place after its closing bracket.
    at: u32,
    /// How many nodes of the second half are in it.
    nodes: u32,
}

impl Ahead {
    fn read(source: &Source, from: usize) -> Option<Self> {
        let mut reader = Reader::new(source);
        reader.is_ahead = true;
        reader.max_depth = HALF_DEPTH;
        reader.open.push(Open { node: OUTSIDE, object: false });
        let mut next = (Expect::Value, from);
        loop {
            let (_, at) = reader.run(next, usize::MAX);
            // Here something closes that began outside, or the reader is at its end, or at a fault.
            if !reader.open.is_empty() || !reader.has_no_faults() {
                return None;
            }
            match reader.outside(at) {
                ControlFlow::Continue(here) => next = here,
                ControlFlow::Break(is_end) => {
                    let Reader { nodes, ends, .. } = reader;
                    return is_end.then_some(Self { nodes, ends });
                }
            }
        }
    }

    /// Whether all that is still open where `first` stopped is closed here, each with its own bracket.
    fn fits(&self, first: &Reader<'_>) -> bool {
        let open = first.open.iter().rev().map(|open| open.object);
        first.open.len() <= HALF_DEPTH && self.ends.iter().map(|end| end.object).eq(open)
    }

    /// What both have read.
    fn finish(self, mut first: Reader<'_>) -> Parsed<'_> {
        let before = first.nodes.len() as u32;
        for End { at, nodes, .. } in self.ends {
            if let Some(open) = first.open.pop() {
                first.nodes.end(open.node as usize, at, before + nodes);
            }
        }
        let mut parsed = first.finish();
        parsed.document.more = self.nodes;
        parsed
    }
}

impl Reader<'_> {
    /// Whether all that was read is as it should be.
    fn has_no_faults(&self) -> bool {
        self.errors.is_empty() && self.warnings.is_empty() && self.reliable
    }

    /// Takes note that something ends before `end` which began outside.
    pub(super) fn end_outside(&mut self, object: bool, end: usize) {
        let nodes = self.nodes.len() as u32;
        self.ends.push(End { object, at: end as u32, nodes });
    }

    /// Goes on at `at`, after something that began outside has ended, and within something else that did
    /// too. Breaks at the end of the text, and at a fault: whether it is the end.
    fn outside(&mut self, mut at: usize) -> ControlFlow<bool, (Expect, usize)> {
        let bytes = self.bytes;
        loop {
            at = scan::token(bytes, at);
            match bytes.get(at) {
                Some(&bracket @ (b'}' | b']')) => {
                    at += 1;
                    self.end_outside(bracket == b'}', at);
                }
                Some(b',') => break,
                None => return ControlFlow::Break(true),
                _ => return ControlFlow::Break(false),
            }
        }
        self.comma = at;
        at = scan::token(bytes, at + 1);
        if bytes.get(at) != Some(&b'"') {
            self.open.push(Open { node: OUTSIDE, object: false });
            return ControlFlow::Continue((Expect::Value, at));
        }
        // A key, if a colon follows, and then this is an object.
        at = self.string(bytes, at, Expect::Colon);
        at = scan::token(bytes, at);
        let object = bytes.get(at) == Some(&b':');
        self.open.push(Open { node: OUTSIDE, object });
        let next = if object { (Expect::Value, at + 1) } else { (Expect::After, at) };
        ControlFlow::Continue(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::json::{self, ErrorKind};

    /// Every place after a comma, also of those in strings.
    fn commas(text: &[u8]) -> impl Iterator<Item = usize> {
        memchr::memchr_iter(b',', text).map(|at| at + 1)
    }

    /// Asserts that `text` is the same whether it is read from one place or from two; how many places
    /// were believed rightly.
    fn compare(text: &[u8]) -> usize {
        let source = Source::new("t", text);
        let one = json::read(&source);
        let mut right = 0;
        for middle in commas(text) {
            let two = read_from_two(&source, middle);
            right += usize::from(!two.document.more.is_empty());
            let shown = String::from_utf8_lossy(text);
            assert_eq!(
                format!("{:?}", one.errors),
                format!("{:?}", two.errors),
                "{middle}: {shown}"
            );
            assert_eq!(one.reliable, two.reliable, "{middle}: {shown}");
            assert_eq!(one.document.reads_alike(), two.document.reads_alike(), "{middle}: {shown}");
            let nodes = |parsed: &json::Parsed<'_>| {
                let doc = &parsed.document;
                let node =
                    |id| (doc.span(id), doc.kind(id), doc.node(id).next(), doc.node(id).plain());
                doc.nodes().map(node).collect::<Vec<_>>()
            };
            assert_eq!(nodes(&one), nodes(&two), "{middle}: {shown}");
        }
        right
    }

    const NESTED: &str = r#"{"a": [{"b": [1, 2, {"c": {}}], "d": "x,{"}, {"größe": "\u00e4,"}, [3, [4]]],
        "e": {"f": [{}, {}, "g", "h"], "i": true}, "j": [{"k": [[], []]}, {}], "l": -1.5e3}"#;

    #[test]
    fn two_readers_read_what_one_reads() {
        // All commas of lists but those after which the rest closes more than it should.
        assert!(compare(NESTED.as_bytes()) > 8);
        assert!(compare(NESTED.replace(' ', "\r\n\t").as_bytes()) > 8);
        for text in
            ["[1,2,[3]]", "[{},{}]", "[1,2", "1,2", ",", "{},{}", "[[1],2]}", "[1,2]]", "[1,,2]"]
        {
            compare(text.as_bytes());
        }
    }

    #[test]
    fn also_where_there_are_faults() {
        let text = NESTED.as_bytes();
        for at in 0..text.len() {
            for byte in *b"{}[],:\"'\\/x0\n\xFF" {
                let mut changed = text.to_vec();
                changed[at] = byte;
                compare(&changed);
            }
            compare(&[&text[..at], &text[at + 1..]].concat());
            compare(&text[..at]);
        }
    }

    #[test]
    fn a_place_near_the_middle_is_found() {
        let text = br#"{"a": [{"b": 1}, {"b": 2}, {"b": 3}, {"b": 4}]}"#;
        let place = beginning(text).expect("a place");
        assert_eq!(&text[place..], br#" {"b": 3}, {"b": 4}]}"#);
        assert_eq!(beginning(br#"{"a": {}, "b": {}, "c": {}}"#), None);
    }

    #[test]
    fn nobody_nests_deeper_by_being_read_from_two_places() {
        // So deep in the first half and so deep in the second.
        let half = MAX_DEPTH / 2;
        for (first, second) in
            [(half, half), (half, half + 1), (half + 1, half), (half - 1, half + 1), (2, 2)]
        {
            let nest = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
            let text = "[".repeat(first) + "1," + &nest(second) + &"]".repeat(first);
            let source = Source::new("t", text);
            let (one, two) = (json::read(&source), read_from_two(&source, first + 2));
            let is_too_deep = first + second > MAX_DEPTH;
            let depth_errors = |parsed: &Parsed<'_>| {
                parsed.errors.iter().filter(|it| it.kind == ErrorKind::TooDeep).count()
            };
            assert_eq!(depth_errors(&one), usize::from(is_too_deep), "{first} {second}");
            assert_eq!(depth_errors(&two), depth_errors(&one), "{first} {second}");
            assert_eq!(one.document.len(), two.document.len(), "{first} {second}");
        }
    }
}
