//! Finding the end of a run of bytes, sixty-four at a time.
//!
//! A configuration is mostly blanks and the inside of strings. What ends either is marked in sixty-four
//! bytes at once, without a branch for any of them, and then found with a shift: a look at the text need
//! not wait for the one before it to tell where.

use wide::i8x16;

/// How many bytes are marked at once.
const BLOCK: usize = 64;

/// What is where in the block of bytes from `start` on: a bit for each byte.
pub(super) struct Marks {
    start: usize,
    /// What is no ASCII, or what a JSON string does not hold as it is: a quote, a backslash or a
    /// control character.
    special: u64,
    /// What is no blank.
    solid: u64,
}

#[expect(clippy::inline_always, reason = "most of what the reader does is here")]
impl Marks {
    /// The marks of the first block of `bytes`.
    pub fn new(bytes: &[u8]) -> Self {
        Self::of(bytes, 0)
    }

    /// The place of the first byte from `at` on that is no blank; or the end.
    #[inline(always)]
    pub fn token(&mut self, bytes: &[u8], at: usize) -> usize {
        match bytes.get(at) {
            Some(b'!'..) => at,
            _ => self.first(bytes, at, |marks| marks.solid),
        }
    }

    /// The place of the first byte from `at` on that is no ASCII or that a JSON string does not hold as
    /// it is; or the end.
    #[inline(always)]
    pub fn ascii_end(&mut self, bytes: &[u8], at: usize) -> usize {
        self.first(bytes, at, |marks| marks.special)
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

    /// The place of the first byte from `at` on that is marked so; or the end.
    #[inline(always)]
    fn first(&mut self, bytes: &[u8], mut at: usize, marks: impl Fn(&Self) -> u64) -> usize {
        loop {
            let before = at.wrapping_sub(self.start);
            if before < BLOCK {
                let marks = marks(self) >> before;
                if marks != 0 {
                    return at + marks.trailing_zeros() as usize;
                }
                at = self.start + BLOCK;
            }
            if at >= bytes.len() {
                return bytes.len();
            }
            *self = Self::of(bytes, at - at % BLOCK);
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
        // A control character behind the end ends both a string and a run of blanks.
        let mut block = [0; BLOCK];
        let rest = bytes.get(start..).unwrap_or_default();
        block[..rest.len()].copy_from_slice(rest);
        Self::of_block(&block, start)
    }

    #[inline(always)]
    fn of_block(block: &[u8; BLOCK], start: usize) -> Self {
        let mut marks = Self { start, special: 0, solid: 0 };
        for (nth, bytes) in block.as_chunks().0.iter().enumerate() {
            let bytes = i8x16::new(bytes.map(u8::cast_signed));
            let is = |byte: u8| bytes.simd_eq(i8x16::splat(byte.cast_signed()));
            // As a signed number what is no ASCII is below all that is.
            let special = bytes.simd_lt(i8x16::splat(0x20)) | is(b'"') | is(b'\\');
            let blank = is(b' ') | is(b'\n') | is(b'\r') | is(b'\t');
            marks.special |= u64::from(special.to_bitmask()) << (nth * 16);
            marks.solid |= u64::from(!blank.to_bitmask() & 0xFFFF) << (nth * 16);
        }
        marks
    }
}

/// Whether JSON allows `byte` between tokens.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The offset, from `at` on, of the first byte that is no blank; or the end.
pub(super) fn blank_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|&byte| is_blank(byte)) {
        at += 1;
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

    /// Asserts that the marks of `text` tell what to look at each byte tells, from wherever one looks.
    fn compare(text: &[u8]) {
        let end = |at: usize, goes_on: &dyn Fn(u8) -> bool| {
            at + text[at..].iter().take_while(|byte| goes_on(**byte)).count()
        };
        let is_plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
        let mut marks = Marks::new(text);
        // Forwards as the reader goes, and backwards, where no block is the one before.
        for at in (0..=text.len()).chain((0..=text.len()).rev()) {
            let shown = String::from_utf8_lossy(text);
            let token = marks.token(text, at);
            assert_eq!(token, end(at, &is_blank), "token from {at} on: {shown:?}");
            assert_eq!(token, blank_end(text, at), "blanks from {at} on: {shown:?}");
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
            // last, which is whole or not.
            for before in [0, 1, 63, 64] {
                for after in [0, 1, 63, 70] {
                    for filler in [b'x', b' ', b'\n', 0xC3] {
                        let mut text = vec![filler; before];
                        text.push(byte);
                        text.resize(before + 1 + after, filler);
                        compare(&text);
                    }
                }
            }
        }
    }
}
