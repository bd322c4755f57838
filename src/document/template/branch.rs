//! The parts of a template that may be left out, and which of them to look at together.

use super::action::{Action, Word};
use crate::source::Span;

/// An `if`, `with`, `range`, `define` or `block` with its `end`.
#[derive(Clone, Debug)]
pub(super) struct Block {
    word: Word,
    /// The texts of which at most one stays.
    branches: Vec<Span>,
    /// Whether one of them always stays: there is an `else`.
    complete: bool,
    /// How many blocks there are around it.
    depth: usize,
}

/// The blocks of a template in the order of their first action; `None` if their ends do not match.
pub(super) fn blocks<'a>(actions: impl Iterator<Item = &'a Action>) -> Option<Vec<Block>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for action in actions {
        let after = Span::at(action.span.end as usize);
        match action.word {
            Word::Nothing | Word::Text => {}
            word @ (Word::If | Word::Range | Word::Define | Word::Block) => {
                let block =
                    Block { word, branches: vec![after], complete: false, depth: open.len() };
                open.push(blocks.len());
                blocks.push(block);
            }
            Word::Else { last } => {
                let block = &mut blocks[*open.last()?];
                if block.complete || matches!(block.word, Word::Define | Word::Block) {
                    return None;
                }
                block.end(action.span);
                block.branches.push(after);
                block.complete = last;
            }
            Word::End => blocks[open.pop()?].end(action.span),
        }
    }
    open.is_empty().then_some(blocks)
}

impl Block {
    /// Ends the last branch before `action`.
    fn end(&mut self, action: Span) {
        if let Some(branch) = self.branches.last_mut() {
            branch.end = action.start;
        }
    }

    /// In how many ways it can be read.
    fn choices(&self) -> usize {
        match self.word {
            Word::Define | Word::Block => 1,
            _ => self.branches.len() + usize::from(!self.complete),
        }
    }

    /// What is left out when it is read in the way `choice`.
    fn dropped(&self, choice: usize) -> impl Iterator<Item = Span> {
        let none = self.word == Word::Define;
        let branches = self.branches.iter().enumerate();
        branches.filter(move |(index, _)| none || *index != choice).map(|(_, span)| *span)
    }
}

/// The most ways in which a template is read.
const MOST: usize = 96;

/// What to leave out, for each way in which a template is to be read; `None` if there are too many
/// to look at. All ways if they are few; else every pair of branches meets in one of them.
pub(super) fn readings(
    blocks: &[Block],
    is_blank: impl Fn(&[Span]) -> bool,
) -> Option<Vec<Vec<Span>>> {
    let outside: Vec<Span> = blocks
        .iter()
        .filter(|block| block.word == Word::Define && block.depth == 0)
        .flat_map(|block| block.branches.iter().copied())
        .collect();
    // A file of definitions alone: each is looked at by itself.
    let alone = !outside.is_empty() && is_blank(&outside);
    let defines = if alone { outside.len() } else { 1 };
    let mut readings = Vec::new();
    for define in 0..defines {
        let kept = outside.get(define).copied().filter(|_| alone);
        for choices in choices(blocks)? {
            let mut dropped: Vec<Span> = blocks
                .iter()
                .zip(&choices)
                .flat_map(|(block, &choice)| block.dropped(choice))
                .collect();
            dropped.retain(|span| Some(*span) != kept);
            dropped.sort_unstable();
            // What is in a branch that is left out makes no difference.
            let mut end = 0;
            dropped.retain(|span| {
                let is_inside = span.end <= end;
                end = end.max(span.end);
                !is_inside
            });
            readings.push(dropped);
        }
        if readings.len() > MOST {
            return None;
        }
    }
    readings.sort();
    readings.dedup();
    Some(readings)
}

/// The combinations of choices to look at.
fn choices(blocks: &[Block]) -> Option<Vec<Vec<usize>>> {
    let most: Vec<usize> = blocks.iter().map(Block::choices).collect();
    let all = most.iter().try_fold(1_usize, |all, &one| all.checked_mul(one));
    if let Some(all) = all.filter(|&all| all <= MOST) {
        return Some((0..all).map(|number| digits(number, &most)).collect());
    }
    let bases = [vec![0; most.len()], most.iter().map(|one| one - 1).collect::<Vec<_>>()];
    let mut combinations = Vec::new();
    for base in bases {
        for (index, &one) in most.iter().enumerate() {
            for choice in (0..one).filter(|&choice| choice != base[index]) {
                let mut other = base.clone();
                other[index] = choice;
                combinations.push(other);
            }
            if combinations.len() > MOST {
                return None;
            }
        }
        combinations.push(base);
    }
    Some(combinations)
}

/// `number` written with a digit below each of `bases`.
fn digits(mut number: usize, bases: &[usize]) -> Vec<usize> {
    let digit = |&base: &usize| {
        let digit = number % base;
        number /= base;
        digit
    };
    bases.iter().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::super::action::actions;
    use super::*;

    /// The texts that stay in each reading of `text`.
    fn kept(text: &str) -> Option<Vec<String>> {
        let actions = actions(text.as_bytes()).expect("every action has an end");
        let blocks = blocks(actions.iter())?;
        let stays = |dropped: &[Span]| {
            let is_kept = |at: usize| {
                let at = Span::new(at, at + 1);
                !dropped.iter().chain(actions.iter().map(|a| &a.span)).any(|s| s.contains(at))
            };
            text.char_indices().filter(|(at, _)| is_kept(*at)).map(|(_, c)| c).collect::<String>()
        };
        let readings = readings(&blocks, |dropped| stays(dropped).trim().is_empty())?;
        let mut kept: Vec<String> = readings.iter().map(|dropped| stays(dropped)).collect();
        kept.sort();
        Some(kept)
    }

    #[test]
    fn every_combination_of_few_branches_is_read() {
        let table: &[(&str, &[&str])] = &[
            ("a", &["a"]),
            ("{{if .x}}a{{else}}b{{end}}", &["a", "b"]),
            ("{{with .x}}a{{else if .y}}b{{end}}", &["", "a", "b"]),
            ("{{range .x}}a{{if .y}}b{{end}}{{end}}c", &["abc", "ac", "c"]),
            ("{{if .x}}a{{end}}{{if .y}}b{{end}}", &["", "a", "ab", "b"]),
            ("{{define \"x\"}}a{{end}}b", &["b"]),
            ("{{define \"x\"}}a{{end}} {{define \"y\"}}b{{end}}", &[" b", "a "]),
            ("{{block \"x\" .}}a{{end}}b", &["ab"]),
        ];
        for (text, expected) in table {
            assert_eq!(kept(text).expect("the ends match"), *expected, "{text}");
        }
    }

    #[test]
    fn ends_that_do_not_match_are_no_template() {
        for text in ["{{end}}", "{{if .x}}", "{{else}}", "{{if .x}}{{else}}{{else}}{{end}}"] {
            assert_eq!(kept(text), None, "{text}");
        }
    }

    #[test]
    fn of_many_branches_every_pair_is_read() {
        let names: Vec<char> = ('a'..='p').collect();
        let block = |c: &char| ["{{if .x}}", &c.to_string(), "{{end}}"].concat();
        let text: String = names.iter().map(block).collect();
        let found = kept(&text).expect("the ends match");
        for a in &names {
            for b in names.iter().filter(|b| *b != a) {
                for (with_a, with_b) in [(true, true), (true, false), (false, true), (false, false)]
                {
                    let met =
                        found.iter().any(|k| k.contains(*a) == with_a && k.contains(*b) == with_b);
                    assert!(met, "{a}: {with_a}, {b}: {with_b}");
                }
            }
        }
        assert_eq!(kept(&text.repeat(8)), None);
    }
}
