//! Finding the end of a run of bytes, many at a time.
//!
//! A configuration is mostly blanks and the inside of strings. Looking at many bytes at once finds the
//! end of either without a branch per byte. The indentation of most lines ends within sixteen. What ends
//! a string is marked in sixty-four, which are more than one string: the next is found with a shift, and
//! need not wait for a look at the text.

use wide::i8x16;

/// Sixteen bytes to be looked at at once.
#[inline]
fn lanes(bytes: &[u8; 16]) -> i8x16 {
    i8x16::new(bytes.map(u8::cast_signed))
}

/// How many bytes are marked at once.
const BLOCK: usize = 64;

/// Where a string may end in the block of bytes from `start` on: a bit for each byte that is not ASCII, or
/// that a JSON string does not hold as it is: a quote, a backslash or a control character.
pub(super) struct Marks {
    start: usize,
    bits: u64,
}

#[expect(clippy::inline_always, reason = "most of what the reader does is here")]
impl Marks {
    /// The marks of the first block of `bytes`.
    pub fn new(bytes: &[u8]) -> Self {
        Self::of(bytes, 0)
    }

    /// The place of the first byte from `at` on that is not ASCII or that a JSON string does not hold as
    /// it is; or the end.
    #[inline(always)]
    pub fn ascii_end(&mut self, bytes: &[u8], mut at: usize) -> usize {
        loop {
            let before = at.wrapping_sub(self.start);
            if before < BLOCK {
                let bits = self.bits >> before;
                if bits != 0 {
                    return at + bits.trailing_zeros() as usize;
                }
                at = self.start + BLOCK;
            }
            if at >= bytes.len() {
                return bytes.len();
            }
            *self = Self::of(bytes, at - at % BLOCK);
        }
    }

    /// The same for a string that need not be ASCII.
    pub fn plain_end(&mut self, bytes: &[u8], mut at: usize) -> usize {
        loop {
            at = self.ascii_end(bytes, at);
            match bytes.get(at) {
                Some(0x80..) => at += 1,
                _ => return at,
            }
        }
    }

    /// The marks of the block that begins at `start`.
    #[inline(always)]
    fn of(bytes: &[u8], start: usize) -> Self {
        match bytes.get(start..start + BLOCK).and_then(|it| it.first_chunk()) {
            Some(block) => Self::of_block(block, start),
            None => Self::of_last(bytes, start),
        }
    }

    /// The marks of the last block, which is not a whole one.
    #[cold]
    #[inline(never)]
    fn of_last(bytes: &[u8], start: usize) -> Self {
        // A control character behind the end ends a string.
        let mut block = [0; BLOCK];
        let rest = bytes.get(start..).unwrap_or_default();
        block[..rest.len()].copy_from_slice(rest);
        Self::of_block(&block, start)
    }

    #[inline(always)]
    fn of_block(block: &[u8; BLOCK], start: usize) -> Self {
        let mut bits = 0;
        for (nth, bytes) in block.as_chunks().0.iter().enumerate() {
            let bytes = lanes(bytes);
            let is = |byte: u8| bytes.simd_eq(i8x16::splat(byte.cast_signed()));
            // As a signed number what is not ASCII is below all that is.
            let special = bytes.simd_lt(i8x16::splat(0x20)) | is(b'"') | is(b'\\');
            bits |= u64::from(special.to_bitmask()) << (nth * 16);
        }
        Self { start, bits }
    }
}

/// Whether JSON allows `byte` between tokens.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The place of the first byte from `at` on that is not a blank; most often that is at most one further.
#[inline]
pub(super) fn token(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'!'..) => at,
        // The one after a colon.
        Some(b' ') if matches!(bytes.get(at + 1), Some(b'!'..)) => at + 1,
        _ => blank_end(bytes, at),
    }
}

/// The offset, from `at` on, of the first byte that is not a blank; or the end.
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

/// The offset, from `at` on, of the first byte that is not a digit; or the end.
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
    let (mut at, mut marks) = (from, Marks::new(bytes));
    std::iter::from_fn(move || {
        loop {
            let byte = *bytes.get(at)?;
            at += 1;
            match byte {
                b'{' | b'}' | b'[' | b']' | b',' => return Some((at - 1, byte)),
                b'"' => at = string_end(bytes, &mut marks, at),
                _ => {}
            }
        }
    })
}

/// The end of the string whose inside begins at `at`, on its line.
fn string_end(bytes: &[u8], marks: &mut Marks, mut at: usize) -> usize {
    loop {
        at = marks.plain_end(bytes, at);
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

    /// Asserts that each end in `text` is where to look at each byte finds it, from wherever one looks.
    fn compare(text: &[u8]) {
        let end = |at: usize, goes_on: &dyn Fn(u8) -> bool| {
            at + text[at..].iter().take_while(|byte| goes_on(**byte)).count()
        };
        let is_plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
        let mut marks = Marks::new(text);
        // Forwards as the reader goes, and backwards, where no block is the one before.
        for at in (0..=text.len()).chain((0..=text.len()).rev()) {
            let shown = String::from_utf8_lossy(text);
            let blanks = end(at, &is_blank);
            assert_eq!(token(text, at), blanks, "token from {at} on: {shown:?}");
            assert_eq!(blank_end(text, at), blanks, "blanks from {at} on: {shown:?}");
            let ascii = end(at, &|byte| is_plain(byte) && byte.is_ascii());
            assert_eq!(marks.ascii_end(text, at), ascii, "ASCII from {at} on: {shown:?}");
            let plain = end(at, &is_plain);
            assert_eq!(marks.plain_end(text, at), plain, "text from {at} on: {shown:?}");
        }
    }

    #[test]
    fn every_byte_at_every_distance() {
        for byte in 0..=u8::MAX {
            // To the end of a block and to its beginning, in the first, in one between others, and in the
            // last, which is whole or not; and after the indentation of a line.
            for before in [0, 1, 16, 17, 63, 64] {
                for after in [0, 1, 63, 70] {
                    for (first, filler) in
                        [(b'x', b'x'), (b'\n', b' '), (b'\t', b' '), (0xC3, 0xC3)]
                    {
                        let mut text = vec![filler; before];
                        if let Some(front) = text.first_mut() {
                            *front = first;
                        }
                        text.push(byte);
                        text.resize(before + 1 + after, filler);
                        compare(&text);
                    }
                }
            }
        }
    }
}
