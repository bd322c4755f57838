//! Dates and times, as go-toml's lexer and Go's `time` take them: checked for their ranges, and
//! written again as JSON has them.

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is not written as one.
    Form,
    /// There is no such day or time.
    Range,
    /// A date that the end of a line, a comma or a bracket follows without a blank: an oddity of
    /// go-toml, which takes a blank or a `T` there, or the end of the file.
    Followed,
}

/// What the date or time `written` is in JSON; `None` if it does not begin like one. `next` is the
/// byte that follows it in the file.
pub(super) fn date(written: &str, next: Option<u8>) -> Option<Result<String, Flaw>> {
    let bytes = written.as_bytes();
    if digits(bytes) == 2 && bytes.get(2) == Some(&b':') {
        return Some(time(bytes).ok_or(Flaw::Form).and_then(|(time, rest)| {
            if rest.is_empty() { time.checked().map(|time| time.local()) } else { Err(Flaw::Form) }
        }));
    }
    (digits(bytes) == 4 && bytes.get(4) == Some(&b'-')).then(|| from_date(bytes, next))
}

/// A text that begins with a year and a dash.
fn from_date(bytes: &[u8], next: Option<u8>) -> Result<String, Flaw> {
    let [y, yy, yyy, yyyy, b'-', m, mm, b'-', d, dd, rest @ ..] = bytes else {
        return Err(Flaw::Form);
    };
    let century = two(*y, *yy).ok_or(Flaw::Form)?;
    let year = century * 100 + two(*yyy, *yyyy).ok_or(Flaw::Form)?;
    let month = two(*m, *mm).ok_or(Flaw::Form)?;
    let day = two(*d, *dd).ok_or(Flaw::Form)?;
    let date = format!("{year:04}-{month:02}-{day:02}");
    let is_day = (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
    let [separator, rest @ ..] = rest else {
        return match next {
            _ if !is_day => Err(Flaw::Range),
            None | Some(b' ') => Ok(date),
            Some(_) => Err(Flaw::Followed),
        };
    };
    if !matches!(separator, b' ' | b'T') {
        return Err(Flaw::Form);
    }
    let (time, zone) = time(rest).ok_or(Flaw::Form)?;
    let zone = offset(zone)?;
    let time = time.checked()?;
    if !is_day {
        return Err(Flaw::Range);
    }
    Ok(match zone {
        None => format!("{date}T{}", time.local()),
        Some(zone) => format!("{date}T{}{zone}", time.with_zone()),
    })
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

/// A time of day.
struct Time {
    hour: u32,
    minute: u32,
    second: u32,
    /// Nine digits.
    nanoseconds: u32,
}

impl Time {
    fn checked(self) -> Result<Self, Flaw> {
        let is_time = self.hour < 24 && self.minute < 60 && self.second < 60;
        if is_time { Ok(self) } else { Err(Flaw::Range) }
    }

    fn clock(&self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }

    /// As go-toml writes a time without a zone.
    fn local(&self) -> String {
        match self.nanoseconds {
            0 => self.clock(),
            nanoseconds => format!("{}.{nanoseconds:09}", self.clock()),
        }
    }

    /// As Go writes a time with a zone.
    fn with_zone(&self) -> String {
        self.local().trim_end_matches(if self.nanoseconds == 0 { '.' } else { '0' }).to_owned()
    }
}

/// The time at the front of `bytes`, and what follows it.
fn time(bytes: &[u8]) -> Option<(Time, &[u8])> {
    let [h, hh, b':', m, mm, b':', s, ss, rest @ ..] = bytes else { return None };
    let (hour, minute, second) = (two(*h, *hh)?, two(*m, *mm)?, two(*s, *ss)?);
    let [b'.', fraction @ ..] = rest else {
        return Some((Time { hour, minute, second, nanoseconds: 0 }, rest));
    };
    let length = digits(fraction);
    let nanoseconds = (0..9).fold(0, |sum, nth| {
        let digit = fraction[..length].get(nth).map_or(0, |digit| digit - b'0');
        sum * 10 + u32::from(digit)
    });
    (length > 0).then_some((Time { hour, minute, second, nanoseconds }, &fraction[length..]))
}

/// What Go writes for the distance from UTC that is the whole of `bytes`, if any.
fn offset(bytes: &[u8]) -> Result<Option<String>, Flaw> {
    let (sign, h, hh, m, mm) = match bytes {
        [] => return Ok(None),
        [b'Z'] => return Ok(Some("Z".to_owned())),
        [sign @ (b'+' | b'-'), h, hh, b':', m, mm] => (char::from(*sign), *h, *hh, *m, *mm),
        _ => return Err(Flaw::Form),
    };
    let hours = two(h, hh).ok_or(Flaw::Form)?;
    let minutes = two(m, mm).ok_or(Flaw::Form)?;
    // Go allows one more of each.
    if hours > 24 || minutes > 60 {
        return Err(Flaw::Range);
    }
    let minutes = hours * 60 + minutes;
    Ok(Some(match minutes {
        0 => "Z".to_owned(),
        _ => format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
    }))
}

/// The length of the digits at the front of `bytes`.
pub(super) fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The number that two digits are.
fn two(tens: u8, ones: u8) -> Option<u32> {
    let are_digits = tens.is_ascii_digit() && ones.is_ascii_digit();
    are_digits.then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}
