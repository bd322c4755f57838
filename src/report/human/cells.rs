//! How many terminal cells a text takes, and where it is broken into lines.

use std::mem;

use unicode_width::UnicodeWidthChar;

use crate::report::text::{begins_command, is_plain};

/// Terminal cells that `text` takes.
pub(super) fn cells(text: &str) -> usize {
    if text.bytes().all(is_plain) {
        return text.len();
    }
    text.chars().map(cells_of).sum()
}

/// Terminal cells that `c` takes.
pub(super) fn cells_of(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Breaks `text` into lines of at most `first` cells, then `rest`: at spaces, and in a word only if
/// it fits no line.
pub(super) fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let empty = |room: usize| String::with_capacity(room.min(text.len()));
    let (mut line, mut used, mut room) = (empty(first), 0, first);
    for (nth, word) in text.split(' ').enumerate() {
        let (space, wide) = (usize::from(nth > 0), cells(word));
        if used + space + wide > room && (nth > 0 || first < rest) {
            lines.push(mem::replace(&mut line, empty(rest)));
            (used, room) = (0, rest);
        } else {
            line.push_str(&" "[..space]);
            used += space;
        }
        if used + wide <= room {
            line.push_str(word);
            used += wide;
            continue;
        }
        for c in word.chars() {
            if used > 0 && used + cells_of(c) > room {
                lines.push(mem::replace(&mut line, empty(rest)));
                (used, room) = (0, rest);
            }
            line.push(c);
            used += cells_of(c);
        }
    }
    lines.push(line);
    // Where a line begins is up to the width, and what it begins with up to a stranger.
    for line in lines.iter_mut().skip(1).filter(|line| begins_command(line)) {
        line.insert(line.len() - line.trim_start().len(), '\\');
    }
    lines
}
