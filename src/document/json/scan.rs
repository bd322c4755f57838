//! Where a run of bytes ends.

/// The place of the first byte from `at` on that is not ASCII or that a JSON string does not hold as
/// it is (a quote, a backslash or a control character); or the end.
pub(super) fn ascii_end(bytes: &[u8], at: usize) -> usize {
    end_of_run(bytes, at, |byte| is_plain(byte) && byte.is_ascii())
}

/// The same for a string that need not be ASCII.
pub(super) fn plain_end(bytes: &[u8], at: usize) -> usize {
    end_of_run(bytes, at, is_plain)
}

/// Whether a JSON string holds `byte` as it is.
fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// The place of the first byte from `at` on that `goes_on` is false for; or the end.
fn end_of_run(bytes: &[u8], at: usize, goes_on: impl Fn(u8) -> bool) -> usize {
    let start = at.min(bytes.len());
    start + bytes[start..].iter().take_while(|byte| goes_on(**byte)).count()
}

/// Whether JSON allows `byte` between tokens.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The offset, from `at` on, of the first byte that is not a blank; or the end.
pub(super) fn blank_end(bytes: &[u8], at: usize) -> usize {
    end_of_run(bytes, at, is_blank)
}

/// The offset, from `at` on, of the first byte that is not a digit; or the end.
pub(super) fn digits_end(bytes: &[u8], at: usize) -> usize {
    end_of_run(bytes, at, |byte| byte.is_ascii_digit())
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
