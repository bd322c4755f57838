//! Finding the end of a run of bytes, eight at a time.
//!
//! A configuration is mostly blanks and the inside of strings. Looking at eight bytes in one
//! register finds the end of either without a branch per byte.

/// The byte `byte` in each of eight lanes.
const fn lanes(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

const HIGH: u64 = lanes(0x80);

/// Marks (0x80) the lanes of `word` that are zero. Lanes above the lowest mark may be marked by
/// mistake, because the subtraction borrows; the lowest is always right.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(lanes(1)) & !word & HIGH
}

fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

fn lowest(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// The offset, from `at` on, of the first byte that a JSON string does not hold as it is: a quote,
/// a backslash or a control character; or the end.
pub(super) fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = eight(bytes, at) {
        let control = word.wrapping_sub(lanes(0x20)) & !word & HIGH;
        let marks = control | zeros(word ^ lanes(b'"')) | zeros(word ^ lanes(b'\\'));
        if marks != 0 {
            return at + lowest(marks);
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|&b| b >= 0x20 && b != b'"' && b != b'\\') {
        at += 1;
    }
    at
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
            && let Some(word) = eight(bytes, at)
        {
            let others = word ^ lanes(b' ');
            if others != 0 {
                at += lowest(others);
                break;
            }
            at += 8;
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

/// Whether `byte` goes on with a word or number that it follows, rather than ending it.
pub(super) fn is_word(byte: u8) -> bool {
    !matches!(
        byte,
        0..=b' '
            | b','
            | b':'
            | b';'
            | b'='
            | b'"'
            | b'\''
            | b'`'
            | b'('
            | b')'
            | b'#'
            | b'/'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | 0x7F
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_distance() {
        for before in 0..20 {
            for byte in 0..=u8::MAX {
                for after in [0, 9] {
                    let mut text = vec![b'x'; before];
                    text.push(byte);
                    text.extend(std::iter::repeat_n(0xC3, after));
                    let plain = byte >= 0x20 && byte != b'"' && byte != b'\\';
                    let end = if plain { text.len() } else { before };
                    assert_eq!(plain_end(&text, 0), end, "{before} {byte:#x}");
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
