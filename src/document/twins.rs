//! Whether an object has a key twice: asked of every object, so it must cost next to nothing.

use std::ops::Range;

use super::tape::Views;
use super::{Document, Kind, NodeId, Plain};
use crate::source::Span;

/// Nodes that follow one another on the tape.
#[derive(Clone, Debug)]
pub struct Share<'d> {
    /// The part of the tape that they are in, whole.
    part: Views<'d>,
    /// How many nodes are before that part.
    before: usize,
    /// Which of the part they are.
    range: Range<usize>,
}

impl Document<'_> {
    /// Every node, in pieces that are worth a core each.
    #[must_use]
    pub fn shares(&self) -> Vec<Share<'_>> {
        const SHARE: usize = 1 << 16;
        let parts = [(0, self.nodes.views()), (self.nodes.len(), self.more.views())];
        let shares = parts.into_iter().flat_map(|(before, part)| {
            let begins = (0..part.len()).step_by(SHARE);
            begins.map(move |begin| Share {
                before,
                part,
                range: begin..part.len().min(begin + SHARE),
            })
        });
        shares.collect()
    }

    /// The objects of `share` in which two keys may be the same, or the same but for case. Others are
    /// seldom among them.
    #[must_use]
    pub fn objects_with_twins(&self, share: &Share<'_>) -> Vec<NodeId> {
        let Share { part, before, range } = share;
        let mut prints = Vec::new();
        let mut found = Vec::new();
        for index in range.clone() {
            let Some(view) = part.get(index).filter(|view| view.kind() == Kind::Object) else {
                continue;
            };
            let object = NodeId::from_raw((before + index) as u32);
            let members = index + 1..view.next() as usize;
            if !have_lengths_of_their_own(*part, members)
                && self.may_have_twins(object, &mut prints)
            {
                found.push(object);
            }
        }
        found
    }

    /// Whether `object` is one of them. `prints` is room to work in.
    fn may_have_twins(&self, object: NodeId, prints: &mut Vec<u64>) -> bool {
        prints.clear();
        for member in self.members(object) {
            let Some(key) = self.plain(member.key) else { return true };
            prints.push(print(key));
        }
        if prints.len() > 8 {
            prints.sort_unstable();
            return prints.windows(2).any(|pair| pair[0] == pair[1]);
        }
        prints.iter().enumerate().any(|(index, print)| prints[..index].contains(print))
    }
}

/// Whether each key of `members` is ASCII and no other is as long: so it is in most objects, and the text
/// need not be looked at. Says no of those that go on after `part`.
fn have_lengths_of_their_own(part: Views<'_>, members: Range<usize>) -> bool {
    let mut at = members.start;
    let mut lengths = 0u64;
    while at < members.end {
        let (Some(key), Some(value)) = (part.get(at), part.get(at + 1)) else { return false };
        let Span { start, end } = key.span();
        let length = 1u64.checked_shl(end - start).unwrap_or(0);
        if key.plain() != Plain::Quoted || length == 0 || lengths & length != 0 {
            return false;
        }
        lengths |= length;
        at = value.next() as usize;
    }
    // Of the last value more may be elsewhere, but no key.
    true
}

/// The same for keys that are the same but for case; seldom the same for others. Made of the length
/// and of the last bytes: many keys begin alike.
fn print(key: &[u8]) -> u64 {
    /// The bit that capitals lack.
    const SMALL: u64 = 0x2020_2020_2020_2020;
    let last = match key.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => key.iter().fold(0, |print, byte| print << 8 | u64::from(*byte)),
    };
    (last | SMALL) ^ (key.len() as u64).rotate_right(8)
}

#[cfg(test)]
mod tests {
    use crate::document;
    use crate::source::Source;

    #[test]
    fn twins_are_never_missed_and_most_others_are_told_apart() {
        let many = (0..20).map(|at| format!("\"k{at}\": 0")).collect::<Vec<_>>().join(",");
        for (text, has_twins) in [
            (r#"{"a": 1, "b": 2}"#, false),
            (r#"{"a": 1, "A": 2}"#, true),
            (r#"{"a": {"a": 1}, "b": [{"a": 1}], "c": 2}"#, false),
            (r#"{"service_name": 1, "x": {}, "Service_Name": 2}"#, true),
            (r#"{"disable_metrics": 1, "disable_traces": 2, "disable_Metrics": 3}"#, true),
            (r#"{"metrics_static_attributes": 1, "traces_static_attributes": 2}"#, false),
            (r#"{"é": 1}"#, true),
            (&format!("{{{many}}}"), false),
            (&format!("{{{many}, \"K7\": 0}}"), true),
        ] {
            let source = Source::new("t", text);
            let doc = document::read(&source).document;
            let root = doc.root().expect("an object");
            let found = doc.shares().iter().any(|it| doc.objects_with_twins(it).contains(&root));
            assert_eq!(found, has_twins, "{text}");
        }
    }
}
