//! Finding the end of a run of bytes, sixteen at a time.
//!
//! A configuration is mostly blanks and the inside of strings. Looking at many bytes at once finds the
//! end of either without a branch per byte. Most strings end within sixteen, and so does the
//! indentation of most lines: the loop then turns just once, which the processor foresees.

/// The `N` bytes from `at` on, if there are as many.
#[inline]
fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Option<&[u8; N]> {
    bytes.get(at..)?.first_chunk()
}

/// How many of eight bytes are before the first that is special; `None` if none is. Most strings are
/// short, and this is sooner done than the same for sixteen.
#[inline]
fn first_special(bytes: [u8; 8]) -> Option<usize> {
    const fn lanes(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    let word = u64::from_le_bytes(bytes);
    // What is below a limit borrows from the highest bit of its lane. A lane above may be marked by
    // mistake then, but the lowest mark is certain; what is no ASCII has the bit anyway.
    let below = |word: u64, limit: u8| word.wrapping_sub(lanes(limit));
    let quote = below(word ^ lanes(b'"'), 1);
    let backslash = below(word ^ lanes(b'\\'), 1);
    let marks = (word | below(word, 0x20) | quote | backslash) & lanes(0x80);
    (marks != 0).then(|| marks.trailing_zeros() as usize / 8)
}

/// The same for sixteen bytes. Written so plainly that every compiler makes a few instructions of it
/// that look at all of them at once; of iterators not all do.
#[inline]
fn first_special_of_many(bytes: &[u8; 16]) -> Option<usize> {
    let mut marks = [0; 16];
    let mut at = 0;
    while at < 16 {
        marks[at] = if is_special(bytes[at]) { 0xFF } else { 0 };
        at += 1;
    }
    let marks = u128::from_le_bytes(marks);
    (marks != 0).then(|| marks.trailing_zeros() as usize / 8)
}

/// Whether `byte` is no ASCII, or a JSON string does not hold it as it is.
#[expect(
    clippy::needless_bitwise_bool,
    clippy::manual_range_contains,
    reason = "without branches, many are looked at at once"
)]
#[inline]
fn is_special(byte: u8) -> bool {
    (byte < 0x20) | (byte >= 0x80) | (byte == b'"') | (byte == b'\\')
}

/// The offset, from `at` on, of the first byte that is no ASCII or that a JSON string does not hold as
/// it is: a quote, a backslash or a control character; or the end.
#[inline]
pub(super) fn ascii_end(bytes: &[u8], mut at: usize) -> usize {
    if let Some(chunk) = chunk(bytes, at) {
        if let Some(before) = first_special(*chunk) {
            return at + before;
        }
        at += 8;
    }
    while let Some(chunk) = chunk(bytes, at) {
        if let Some(before) = first_special_of_many(chunk) {
            return at + before;
        }
        at += 16;
    }
    while bytes.get(at).is_some_and(|&byte| !is_special(byte)) {
        at += 1;
    }
    at
}

/// The same for a string that need not be ASCII.
pub(super) fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = ascii_end(bytes, at);
        match bytes.get(at) {
            Some(0x80..) => at += 1,
            _ => return at,
        }
    }
}

/// Whether JSON allows `byte` between tokens.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The offset, from `at` on, of the first byte that is no blank; or the end.
pub(super) fn blank_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        if !is_blank(byte) {
            break;
        }
        at += 1;
        // Indentation: a line end is followed by a run of one blank.
        while byte == b'\n'
            && let Some(chunk) = chunk(bytes, at)
        {
            let others = u128::from_le_bytes(*chunk) ^ u128::from_ne_bytes([b' '; 16]);
            if others != 0 {
                at += others.trailing_zeros() as usize / 8;
                break;
            }
            at += 16;
        }
    }
    at
}

/// The offset, from `at` on, of the first byte that is no digit; or the end.
pub(super) fn digits_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

/// Whether the ASCII character `byte` goes on with a word or number that it follows.
#[inline]
pub(super) fn is_word(byte: u8) -> bool {
    WORD[byte as usize]
}

const WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = 0;
    while byte < 0x7F {
        word[byte] = !matches!(
            byte as u8,
            0..=b' '
                | b','
                | b':'
                | b';'
                | b'='
                | b'{'
                | b'}'
                | b'['
                | b']'
                | b'('
                | b')'
                | b'"'
                | b'\''
                | b'`'
                | b'#'
                | b'/'
        );
        byte += 1;
    }
    word
};

/// The offset of the line feed that ends the line of `at`, or the end of the text.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |len| at + len)
}

/// Whether what is at `after` can follow the closing quote of a string on the same line.
pub(super) fn closes(bytes: &[u8], after: usize) -> bool {
    let mut rest = bytes[after..].iter().skip_while(|byte| b" \t\r".contains(byte));
    rest.next().is_none_or(|byte| b",:}]\n".contains(byte))
}

/// The end of the text of a string between `from` and `end` that lacks its closing quote: what
/// rather belongs to the object or array around it does not count.
pub(super) fn text_end(bytes: &[u8], from: usize, mut end: usize) -> usize {
    let surplus = |opening: u8, closing: u8| -> isize {
        let count = |&byte| isize::from(byte == closing) - isize::from(byte == opening);
        bytes[from..end].iter().map(count).sum()
    };
    let (mut braces, mut brackets) = (surplus(b'{', b'}'), surplus(b'[', b']'));
    loop {
        let text = bytes[from..end].trim_ascii_end();
        end = from + text.len();
        match text.last() {
            Some(b',') => {}
            Some(b'}') if braces > 0 => braces -= 1,
            Some(b']') if brackets > 0 => brackets -= 1,
            _ => return end,
        }
        end -= 1;
    }
}

/// The brackets and commas from `from` on that are outside of strings, and where they are.
pub(super) fn structure(bytes: &[u8], from: usize) -> impl Iterator<Item = (usize, u8)> {
    let mut at = from;
    std::iter::from_fn(move || {
        loop {
            let byte = *bytes.get(at)?;
            at += 1;
            match byte {
                b'{' | b'}' | b'[' | b']' | b',' => return Some((at - 1, byte)),
                b'"' => at = string_end(bytes, at),
                _ => {}
            }
        }
    })
}

/// The end of the string whose inside begins at `at`, on its line.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = plain_end(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(b'\n') | None => return at,
            Some(_) => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_distance() {
        for before in 0..40 {
            for byte in 0..=u8::MAX {
                for after in [0, 9, 30] {
                    let mut text = vec![b'x'; before];
                    text.push(byte);
                    text.extend(std::iter::repeat_n(0xC3, after));
                    let is_plain = byte >= 0x20 && byte != b'"' && byte != b'\\';
                    let end = if is_plain { text.len() } else { before };
                    assert_eq!(plain_end(&text, 0), end, "{before} {byte:#x}");
                    let ascii = text[..end].iter().take_while(|byte| byte.is_ascii()).count();
                    assert_eq!(ascii_end(&text, 0), ascii, "{before} {byte:#x}");
                    for first in [b' ', b'\n', b'\t'] {
                        text[..before].fill(b' ');
                        if let Some(front) = text.first_mut().filter(|_| before > 0) {
                            *front = first;
                        }
                        let end = before + usize::from(is_blank(byte));
                        assert_eq!(blank_end(&text, 0), end, "{before} {byte:#x} {first:#x}");
                    }
                }
            }
        }
    }
}
