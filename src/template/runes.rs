//! Text as Go sees it: bytes that are UTF-8 where they can be.

/// The first character of `text` and its length in bytes. A byte that is not UTF-8 is U+FFFD of
/// length 1; at the end the length is 0.
pub(super) fn decode(text: &[u8]) -> (char, usize) {
    let Some(&first) = text.first() else { return (char::REPLACEMENT_CHARACTER, 0) };
    if first < 0x80 {
        return (char::from(first), 1);
    }
    let length = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return (char::REPLACEMENT_CHARACTER, 1),
    };
    let decoded = text.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    match decoded.and_then(|text| text.chars().next()) {
        Some(rune) => (rune, length),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

/// The characters of `text`, each with its offset and whether it is valid UTF-8.
pub(super) fn runes(text: &[u8]) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (rune, width) = decode(&text[at..]);
        let start = at;
        at += width;
        (width > 0).then_some((start, rune))
    })
}

/// The characters of `text`, one for each byte that is not UTF-8.
pub(super) fn chars(text: &[u8]) -> impl Iterator<Item = char> + '_ {
    runes(text).map(|(_, rune)| rune)
}

/// Spaces within an action.
pub(super) fn is_space(rune: char) -> bool {
    matches!(rune, ' ' | '\t' | '\r' | '\n')
}

/// What names are made of.
pub(super) fn is_alphanumeric(rune: char) -> bool {
    rune == '_' || rune.is_ascii_alphanumeric() || (!rune.is_ascii() && is_letter_or_digit(rune))
}

/// Go counts letters and decimal digits; Rust's alphabetic and numeric characters are a few more.
fn is_letter_or_digit(rune: char) -> bool {
    rune.is_alphanumeric()
}

/// `text` with each byte that is not UTF-8 replaced, as an owned string.
pub(super) fn lossy(text: &[u8]) -> String {
    match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => chars(text).collect(),
    }
}
