//! Finding the end of a run of bytes, sixteen at a time.
//!
//! A configuration is mostly blanks and the inside of strings. Looking at many bytes at once finds the
//! end of either without a branch per byte. Most strings end within sixteen, and so does the
//! indentation of most lines: the loop then turns just once, which the processor foresees.

use wide::i8x16;

/// Sixteen bytes to be looked at at once.
#[inline]
fn lanes(bytes: &[u8; 16]) -> i8x16 {
    i8x16::new(bytes.map(u8::cast_signed))
}

/// How many of sixteen bytes are before the first that is special; `None` if none is.
#[inline]
fn first_special(bytes: &[u8; 16]) -> Option<usize> {
    let bytes = lanes(bytes);
    let is = |byte: u8| bytes.simd_eq(i8x16::splat(byte.cast_signed()));
    // As a signed number what is no ASCII is below all that is.
    let special = bytes.simd_lt(i8x16::splat(0x20)) | is(b'"') | is(b'\\');
    let marks = special.to_bitmask();
    (marks != 0).then(|| marks.trailing_zeros() as usize)
}

/// Whether `byte` is no ASCII, or a JSON string does not hold it as it is.
fn is_special(byte: u8) -> bool {
    !matches!(byte, b' '..=0x7F) || matches!(byte, b'"' | b'\\')
}

/// The offset, from `at` on, of the first byte that is no ASCII or that a JSON string does not hold as
/// it is: a quote, a backslash or a control character; or the end.
#[inline]
pub(super) fn ascii_end(bytes: &[u8], mut at: usize) -> usize {
    let mut rest = bytes.get(at..).unwrap_or_default();
    while let Some((chunk, after)) = rest.split_first_chunk() {
        if let Some(before) = first_special(chunk) {
            return at + before;
        }
        at += 16;
        rest = after;
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

/// The place of the first byte from `at` on that is no blank; most often that is at most one further.
#[inline]
pub(super) fn token(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'!'..) => at,
        // The one after a colon.
        Some(b' ') if matches!(bytes.get(at + 1), Some(b'!'..)) => at + 1,
        _ => blank_end(bytes, at),
    }
}

/// The offset, from `at` on, of the first byte that is no blank; or the end.
pub(super) fn blank_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        if !is_blank(byte) {
            break;
        }
        at += 1;
        if byte == b'\n' {
            // Indentation: a run of one blank.
            at = spaces_end(bytes, at);
        }
    }
    at
}

/// A place, from `at` on, with only spaces before it: within a few of where they end.
#[inline]
fn spaces_end(bytes: &[u8], mut at: usize) -> usize {
    let mut rest = &bytes[at..];
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let spaces = lanes(chunk).simd_eq(i8x16::splat(b' '.cast_signed())).to_bitmask();
        if spaces != 0xFFFF {
            return at + spaces.trailing_ones() as usize;
        }
        at += 16;
        rest = after;
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
