//! Regular expressions with Go's syntax.

use regex::{NoExpand, Regex, RegexBuilder};

use super::super::machine::{Failure, Machine, Outcome};
use super::super::runes::lossy;
use super::super::value::{List, Of, Value};
use super::Function;

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("regexMatch", "ss", |_, args| {
        Ok(Value::bool(compile(args).is_ok_and(|regex| regex.is_match(&lossy(args[1].bytes())))))
    }),
    Function::new("mustRegexMatch", "ss", |_, args| {
        Ok(Value::bool(compile(args)?.is_match(&lossy(args[1].bytes()))))
    }),
    Function::new("regexFind", "ss", find),
    Function::new("mustRegexFind", "ss", find),
    Function::new("regexFindAll", "ssi", find_all),
    Function::new("mustRegexFindAll", "ssi", find_all),
    Function::new("regexReplaceAll", "sss", replace),
    Function::new("mustRegexReplaceAll", "sss", replace),
    Function::new("regexReplaceAllLiteral", "sss", replace_literally),
    Function::new("mustRegexReplaceAllLiteral", "sss", replace_literally),
    Function::new("regexSplit", "ssi", split),
    Function::new("mustRegexSplit", "ssi", split),
    Function::new("regexQuoteMeta", "s", |_, args| {
        let mut out = Vec::new();
        for byte in args[0].bytes() {
            if br"\.+*?()|[]{}^$".contains(byte) {
                out.push(b'\\');
            }
            out.push(*byte);
        }
        Ok(Value::text(out))
    }),
];

fn compile(args: &[Value]) -> Result<Regex, Failure> {
    let Ok(pattern) = std::str::from_utf8(args[0].bytes()) else {
        return Err("a regular expression is UTF-8".into());
    };
    let built = RegexBuilder::new(&translated(pattern)).size_limit(1 << 20).build();
    built.map_err(|_| "this is not a regular expression that Go knows".into())
}

/// Go's `\d`, `\w`, `\s` and `\b` know only ASCII, `[` is nothing special within a class, and there
/// is `\Q…\E`.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(first) = rest.chars().next() {
        if let Some(literal) = rest.strip_prefix("\\Q").filter(|_| !in_class) {
            let (literal, after) = literal.split_once("\\E").unwrap_or((literal, ""));
            out += &regex::escape(literal);
            rest = after;
            continue;
        }
        let length = match first {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => first.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        let class = match part {
            "\\d" => Some(("", "0-9")),
            "\\D" => Some(("^", "0-9")),
            "\\w" => Some(("", "0-9A-Za-z_")),
            "\\W" => Some(("^", "0-9A-Za-z_")),
            "\\s" => Some(("", "\\t\\n\\f\\r ")),
            "\\S" => Some(("^", "\\t\\n\\f\\r ")),
            _ => None,
        };
        match (class, part) {
            (Some((not, set)), _) => out += &format!("[{not}{set}]"),
            (None, "\\b" | "\\B") if !in_class => out += &format!("(?-u:{part})"),
            (None, "[") if !in_class => {
                in_class = true;
                out.push('[');
                // `]` right at the beginning is itself.
                let inner = after.strip_prefix('^').unwrap_or(after);
                if inner.len() < after.len() {
                    out.push('^');
                }
                if let Some(inner) = inner.strip_prefix(']') {
                    out += "\\]";
                    rest = inner;
                } else {
                    rest = inner;
                }
                continue;
            }
            (None, "[") if !after.starts_with(':') => out += "\\[",
            (None, "[") => {
                let end = after.find(":]").map_or(after.len(), |end| end + 2);
                out.push('[');
                out += &after[..end];
                rest = &after[end..];
                continue;
            }
            (None, "&" | "~") if in_class => out += &format!("\\{part}"),
            (None, "{") if !in_class && !is_repetition(after) => out += "\\{",
            (None, "]") => {
                in_class = false;
                out.push(']');
            }
            _ => out += part,
        }
        rest = after;
    }
    out
}

/// Whether what follows `{` makes it a repetition; otherwise Go takes it for itself.
fn is_repetition(after: &str) -> bool {
    let Some((inner, _)) = after.split_once('}') else { return false };
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && is_number(least) && is_number(most)
}

fn find(_: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let text = lossy(args[1].bytes());
    let found = compile(args)?.find(&text).map_or("", |found| found.as_str());
    Ok(Value::text(found.as_bytes()))
}

/// Where the first `limit` matches stand; all if it is negative.
fn matches(regex: &Regex, text: &str, limit: i64) -> Vec<(usize, usize)> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    regex.find_iter(text).take(limit).map(|found| (found.start(), found.end())).collect()
}

fn find_all(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let text = lossy(args[1].bytes());
    let found = matches(&compile(args)?, &text, args[2].integer());
    let items: Vec<Value> =
        found.into_iter().map(|(start, end)| Value::text(&text.as_bytes()[start..end])).collect();
    Ok(machine.heap.add_list(List { of: Of::Texts, is_nil: items.is_empty(), items }))
}

fn replace(_: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let (text, replacement) = (lossy(args[1].bytes()), lossy(args[2].bytes()));
    let replaced = compile(args)?.replace_all(&text, &replacement[..]).into_owned();
    Ok(Value::text(replaced.into_bytes()))
}

fn replace_literally(_: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let (text, replacement) = (lossy(args[1].bytes()), lossy(args[2].bytes()));
    let replaced = compile(args)?.replace_all(&text, NoExpand(&replacement)).into_owned();
    Ok(Value::text(replaced.into_bytes()))
}

fn split(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let regex = compile(args)?;
    let (text, limit) = (lossy(args[1].bytes()), args[2].integer());
    if limit == 0 {
        return Ok(machine.heap.add_list(List { of: Of::Texts, is_nil: true, items: Vec::new() }));
    }
    let part = |start: usize, end: usize| {
        Value::text(&text.as_bytes()[start..end]).with_origin(args[1].origin)
    };
    if text.is_empty() && !args[0].bytes().is_empty() {
        return Ok(machine.heap.texts(vec![part(0, 0)]));
    }
    // Nothing is cut off before the text, and nothing behind it.
    let mut cuts = matches(&regex, &text, limit);
    cuts.retain(|(_, end)| *end > 0);
    if let Ok(limit) = usize::try_from(limit) {
        cuts.truncate(limit - 1);
    }
    let is_over = match cuts.last() {
        Some((start, _)) => *start == text.len(),
        None => text.is_empty(),
    };
    let starts = std::iter::once(0).chain(cuts.iter().map(|(_, end)| *end));
    let ends = cuts.iter().map(|(start, _)| *start).chain((!is_over).then_some(text.len()));
    let parts = starts.zip(ends).map(|(start, end)| part(start, end)).collect();
    Ok(machine.heap.texts(parts))
}
