//! Texts.

use memchr::memmem;

use super::super::machine::{Failure, Machine, Outcome};
use super::super::print::quote;
use super::super::runes::{chars, decode};
use super::super::value::{Data, Map, Member, Value};
use super::Function;
use super::builtin::check_length;
use super::convert::{atoi, to_text, to_texts};

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("hello", "", |_, _| Ok(Value::text(&b"Hello!"[..]))),
    Function::new("trim", "s", |_, args| {
        Ok(Value::text(trimmed(args[0].bytes(), char::is_whitespace)))
    }),
    Function::new("trimAll", "ss", trim_all),
    Function::new("trimall", "ss", trim_all),
    Function::new("trimSuffix", "ss", |_, args| {
        let text = args[1].bytes();
        Ok(Value::text(text.strip_suffix(args[0].bytes()).unwrap_or(text)))
    }),
    Function::new("trimPrefix", "ss", |_, args| {
        let text = args[1].bytes();
        Ok(Value::text(text.strip_prefix(args[0].bytes()).unwrap_or(text)))
    }),
    Function::new("contains", "ss", |_, args| {
        Ok(Value::bool(memmem::find(args[1].bytes(), args[0].bytes()).is_some()))
    }),
    Function::new("hasPrefix", "ss", |_, args| {
        Ok(Value::bool(args[1].bytes().starts_with(args[0].bytes())))
    }),
    Function::new("hasSuffix", "ss", |_, args| {
        Ok(Value::bool(args[1].bytes().ends_with(args[0].bytes())))
    }),
    Function::new("repeat", "is", repeat),
    Function::new("replace", "sss", replace),
    Function::new("nospace", "s", |_, args| Ok(Value::text(no_space(args[0].bytes())))),
    Function::new("initials", "s", |_, args| Ok(Value::text(initials(args[0].bytes())))),
    Function::new("trunc", "is", |_, args| Ok(Value::text(trunc(&args[0], args[1].bytes())))),
    Function::new("substr", "iis", substr),
    Function::new("abbrev", "is", |_, args| {
        let (width, text) = (args[0].integer(), args[1].bytes());
        let text = if width < 4 { text.to_vec() } else { abbreviate(text, 0, width as usize) };
        Ok(Value::text(text))
    }),
    Function::new("abbrevboth", "iis", |_, args| {
        let (left, right, text) = (args[0].integer(), args[1].integer(), args[2].bytes());
        if right < 4 || left > 0 && right < 7 {
            return Ok(args[2].clone());
        }
        let left = usize::try_from(left).unwrap_or(0);
        Ok(Value::text(abbreviate(text, left, right as usize)))
    }),
    Function::new("wrap", "is", |machine, args| {
        wrap(machine, args[1].bytes(), args[0].integer(), b"", false)
    }),
    Function::new("wrapWith", "iss", |machine, args| {
        wrap(machine, args[2].bytes(), args[0].integer(), args[1].bytes(), true)
    }),
    Function::new("indent", "is", |machine, args| indent(machine, args, b"")),
    Function::new("nindent", "is", |machine, args| indent(machine, args, b"\n")),
    Function::new("quote", "*a", |machine, args| {
        joined(machine, args, |machine, arg| Ok(quote(&to_text(machine, arg)?, b'"', false)))
    }),
    Function::new("squote", "*a", |machine, args| {
        joined(machine, args, |machine, arg| {
            Ok([b"'", &machine.printed(&arg.data)?[..], b"'"].concat())
        })
    }),
    Function::new("cat", "*a", |machine, args| {
        joined(machine, args, |machine, arg| machine.printed(&arg.data))
    }),
    Function::new("plural", "ssi", |_, args| Ok(args[usize::from(args[2].integer() != 1)].clone())),
    Function::new("toString", "a", |machine, args| {
        if let Data::Text(_) = args[0].data {
            return Ok(args[0].clone());
        }
        Ok(Value::text(to_text(machine, &args[0])?))
    }),
    Function::new("atoi", "s", |_, args| Ok(Value::int(atoi(args[0].bytes())))),
    Function::new("join", "sa", join),
    Function::new("split", "ss", |machine, args| {
        let parts = split(machine, &args[1], args[0].bytes(), -1)?;
        Ok(numbered(machine, parts))
    }),
    Function::new("splitn", "sis", |machine, args| {
        let parts = split(machine, &args[2], args[0].bytes(), args[1].integer())?;
        Ok(numbered(machine, parts))
    }),
    Function::new("splitList", "ss", |machine, args| {
        let parts = split(machine, &args[1], args[0].bytes(), -1)?;
        Ok(machine.heap.texts(parts))
    }),
];

/// Without the characters at both ends that `trims` names.
fn trimmed(text: &[u8], trims: impl Fn(char) -> bool) -> &[u8] {
    let mut text = text;
    loop {
        let (rune, width) = decode(text);
        if width == 0 || !trims(rune) {
            break;
        }
        text = &text[width..];
    }
    while let Some((rune, width)) = last(text) {
        if !trims(rune) {
            break;
        }
        text = &text[..text.len() - width];
    }
    text
}

/// The last character and its length.
fn last(text: &[u8]) -> Option<(char, usize)> {
    let found = (1..=4.min(text.len())).find_map(|width| {
        let (rune, length) = decode(&text[text.len() - width..]);
        (length == width && (width > 1 || rune.is_ascii())).then_some((rune, width))
    });
    found.or((!text.is_empty()).then_some((char::REPLACEMENT_CHARACTER, 1)))
}

fn trim_all(_: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let set: Vec<char> = chars(args[0].bytes()).collect();
    Ok(Value::text(trimmed(args[1].bytes(), |rune| set.contains(&rune))))
}

fn repeat(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let Ok(count) = usize::try_from(args[0].integer()) else {
        return Err("a text cannot be repeated a negative number of times".into());
    };
    check_length(machine, args[1].bytes().len().saturating_mul(count))?;
    Ok(Value::text(args[1].bytes().repeat(count)))
}

fn replace(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let (old, new, text) = (args[0].bytes(), args[1].bytes(), args[2].bytes());
    let mut out = Vec::with_capacity(text.len());
    if old.is_empty() {
        check_length(machine, text.len().saturating_mul(new.len() + 1))?;
        let mut rest = text;
        while !rest.is_empty() {
            out.extend(new);
            let width = decode(rest).1;
            out.extend(&rest[..width]);
            rest = &rest[width..];
        }
        out.extend(new);
        return Ok(Value::text(out));
    }
    let count = memmem::find_iter(text, old).count();
    if count == 0 {
        return Ok(args[2].clone());
    }
    check_length(machine, text.len() + count.saturating_mul(new.len()))?;
    let mut at = 0;
    for found in memmem::find_iter(text, old) {
        out.extend(&text[at..found]);
        out.extend(new);
        at = found + old.len();
    }
    out.extend(&text[at..]);
    Ok(Value::text(out))
}

/// sprig takes each byte for a character here, and so spoils what is not ASCII.
fn no_space(text: &[u8]) -> Vec<u8> {
    if !text.iter().any(|byte| char::from(*byte).is_whitespace()) {
        return text.to_vec();
    }
    let kept = text.iter().map(|byte| char::from(*byte)).filter(|rune| !rune.is_whitespace());
    kept.collect::<String>().into_bytes()
}

fn initials(text: &[u8]) -> Vec<u8> {
    let mut out = String::new();
    let mut gap = true;
    for rune in text.iter().map(|byte| char::from(*byte)) {
        if rune.is_whitespace() {
            gap = true;
        } else if gap {
            out.push(rune);
            gap = false;
        }
    }
    out.into_bytes()
}

fn trunc<'t>(count: &Value, text: &'t [u8]) -> &'t [u8] {
    let count = count.integer();
    let size = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    if size >= text.len() {
        text
    } else if count < 0 {
        &text[text.len() - size..]
    } else {
        &text[..size]
    }
}

fn substr(_: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let (start, end, text) = (args[0].integer(), args[1].integer(), args[2].bytes());
    let length = text.len() as i64;
    let (start, end) = match (start, end) {
        (start, end) if start < 0 => (0, end),
        (start, end) if end < 0 || end > length => (start, length),
        both => both,
    };
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    match range.and_then(|(start, end)| text.get(start..end)) {
        Some(part) => Ok(Value::text(part)),
        None => Err("the text is shorter than that".into()),
    }
}

/// At most `width` bytes of the text around `offset`, with three points for what is left out on either
/// side. Fewer than five bytes are not left out at the beginning. Without room for points on both sides
/// there is no text at all.
fn abbreviate(text: &[u8], offset: usize, width: usize) -> Vec<u8> {
    const POINTS: &[u8] = b"...";
    if text.len() <= width {
        return text.to_vec();
    }
    let room = width - POINTS.len();
    let tail = text.len() - room;
    let begin = offset.min(tail);
    match begin {
        0..=4 => [&text[..room], POINTS].concat(),
        _ if room <= POINTS.len() => Vec::new(),
        _ if begin == tail => [POINTS, &text[tail..]].concat(),
        _ => [POINTS, &text[begin..begin + room - POINTS.len()], POINTS].concat(),
    }
}

/// Breaks lines at spaces, which are lost; `long` breaks words, too.
fn wrap(
    machine: &mut Machine<'_>,
    text: &[u8],
    width: i64,
    line_end: &[u8],
    long: bool,
) -> Outcome {
    let line_end = if line_end.is_empty() { b"\n" } else { line_end };
    let width = usize::try_from(width.max(1)).unwrap_or(usize::MAX);
    check_length(machine, text.len().saturating_mul(line_end.len() / width.min(64) + 1))?;
    let mut lines: Vec<&[u8]> = Vec::new();
    let mut rest = text;
    loop {
        // No line begins with spaces, unless what is left fits into it.
        let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
        rest = &rest[spaces.min(rest.len().saturating_sub(width))..];
        let Some((line, after)) = broken(rest, width, long) else { break };
        lines.push(line);
        rest = after;
    }
    lines.push(rest);
    Ok(Value::text(lines.join(line_end)))
}

/// The first line of `text` and what comes after it; `None` if it need not or cannot be broken. The
/// last space that keeps the line within `width` breaks it, else the first one behind.
fn broken(text: &[u8], width: usize, long: bool) -> Option<(&[u8], &[u8])> {
    if text.len() <= width {
        return None;
    }
    match memchr::memrchr(b' ', &text[..=width]) {
        None if long => Some(text.split_at(width)),
        space => {
            let space = space.or_else(|| Some(memchr::memchr(b' ', &text[width..])? + width))?;
            Some((&text[..space], &text[space + 1..]))
        }
    }
}

fn indent(machine: &mut Machine<'_>, args: &[Value], before: &[u8]) -> Outcome {
    let Ok(width) = usize::try_from(args[0].integer()) else {
        return Err("a text cannot be indented by a negative number".into());
    };
    let text = args[1].bytes();
    let lines = memchr::memchr_iter(b'\n', text).count() + 1;
    check_length(machine, text.len().saturating_add(lines.saturating_mul(width)))?;
    let mut out = before.to_vec();
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if index > 0 {
            out.push(b'\n');
        }
        out.extend(std::iter::repeat_n(b' ', width));
        out.extend(line);
    }
    Ok(Value::text(out))
}

/// The texts of all arguments but nils, with spaces between them.
fn joined(
    machine: &mut Machine<'_>,
    args: &[Value],
    text: fn(&mut Machine<'_>, &Value) -> Result<Vec<u8>, Failure>,
) -> Outcome {
    let mut texts = Vec::with_capacity(args.len());
    for arg in args.iter().filter(|arg| !arg.is_nil()) {
        texts.push(text(machine, arg)?);
    }
    Ok(Value::text(texts.join(&b' ')))
}

fn join(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let texts = to_texts(machine, &args[1])?;
    let length: usize = texts.iter().map(|text| text.bytes().len()).sum();
    check_length(machine, length + texts.len().saturating_mul(args[0].bytes().len()))?;
    let texts: Vec<&[u8]> = texts.iter().map(Value::bytes).collect();
    Ok(Value::text(texts.join(args[0].bytes())))
}

/// At most `limit` parts of the text `value`; any number if it is negative. Without a separator: each character.
fn split(
    machine: &mut Machine<'_>,
    value: &Value,
    separator: &[u8],
    limit: i64,
) -> Result<Vec<Value>, Failure> {
    let text = value.bytes();
    let part = |start: usize, end: usize| Value::text(&text[start..end]).with_origin(value.origin);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    machine.step(text.len() as u64 / 8)?;
    let mut parts = Vec::new();
    let mut at = 0;
    if limit == 0 {
        return Ok(parts);
    }
    if separator.is_empty() {
        while at < text.len() {
            let last = parts.len() + 1 == limit;
            let end = if last { text.len() } else { at + decode(&text[at..]).1 };
            parts.push(part(at, end));
            at = end;
        }
        return Ok(parts);
    }
    for found in memmem::find_iter(text, separator) {
        if parts.len() + 1 == limit {
            break;
        }
        parts.push(part(at, found));
        at = found + separator.len();
    }
    parts.push(part(at, text.len()));
    Ok(parts)
}

/// `_0`, `_1` and so on.
fn numbered(machine: &mut Machine<'_>, parts: Vec<Value>) -> Value {
    let members = parts.into_iter().enumerate().map(|(index, value)| {
        let key = format!("_{index}").into_bytes();
        (key.into(), Member { key: value.origin, value })
    });
    let members = members.collect();
    machine.heap.add_map(Map { of_texts: true, members, ..Map::default() })
}
