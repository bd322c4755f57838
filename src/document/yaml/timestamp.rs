//! Plain scalars that are dates: the library makes times of them, and JSON makes text of those
//! again, in another form.

/// The text that the gateway's JSON has for `plain`, which begins with a digit, if that is a date:
/// `2026-11-22` becomes `2026-11-22T00:00:00Z`.
pub(super) fn timestamp(plain: &str) -> Option<String> {
    let bytes = plain.as_bytes();
    if bytes.len() < 8 || bytes[4] != b'-' || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut rest = Rest(&bytes[5..]);
    let year: u32 = plain[..4].parse().ok()?;
    let month = rest.number()?;
    rest.expect(b'-')?;
    let day = rest.number()?;
    if !(1..=12).contains(&month) || day == 0 || day > days(year, month) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}T");
    if rest.0.is_empty() {
        return Some(date + "00:00:00Z");
    }
    let zoned = match rest.next()? {
        b'T' | b't' => true,
        b' ' => false,
        _ => return None,
    };
    while !zoned && rest.0.first() == Some(&b' ') {
        rest.next();
    }
    let hour = rest.number()?;
    rest.expect(b':')?;
    let minute = rest.number()?;
    rest.expect(b':')?;
    let second = rest.number()?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = rest.fraction();
    let zone = if zoned { rest.zone()? } else { "Z".to_owned() };
    rest.0.is_empty().then(|| format!("{date}{hour:02}:{minute:02}:{second:02}{fraction}{zone}"))
}

/// The days of a month.
fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// What is still to be read.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// One or two digits.
    fn number(&mut self) -> Option<u32> {
        let first = self.next().filter(u8::is_ascii_digit)?;
        let mut number = u32::from(first - b'0');
        if let Some(second) = self.0.first().filter(|byte| byte.is_ascii_digit()) {
            number = number * 10 + u32::from(second - b'0');
            self.next();
        }
        Some(number)
    }

    /// The fraction of a second, if there is one: at most nanoseconds, without zeros at its end.
    fn fraction(&mut self) -> String {
        let [b'.' | b',', digits @ ..] = self.0 else { return String::new() };
        let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            return String::new();
        }
        let kept = String::from_utf8_lossy(&digits[..length.min(9)]);
        self.0 = &digits[length..];
        let kept = kept.trim_end_matches('0');
        if kept.is_empty() { String::new() } else { format!(".{kept}") }
    }

    /// The distance from UTC: `Z`, or `+02:00`.
    fn zone(&mut self) -> Option<String> {
        let sign = self.next()?;
        if sign == b'Z' {
            return Some("Z".to_owned());
        }
        let [h, hh, colon, m, mm] = *self.0.first_chunk()?;
        let digits = [h, hh, m, mm];
        if colon != b':' || !matches!(sign, b'+' | b'-') || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let [h, hh, m, mm] = digits.map(|digit| digit - b'0');
        let (hours, minutes) = (h * 10 + hh, m * 10 + mm);
        // Go reads 24:00 and 00:60 as well, but cannot write the former as JSON.
        if hours > 23 || minutes > 59 {
            return None;
        }
        self.0 = &self.0[5..];
        let zone = format!("{}{hours:02}:{minutes:02}", char::from(sign));
        Some(if hours + minutes == 0 { "Z".to_owned() } else { zone })
    }
}
