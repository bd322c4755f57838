//! Parts of URLs.

use super::super::machine::{Machine, Outcome};
use super::super::rendered::UnknownKind;
use super::super::value::{Data, Map, Member, Value};
use super::Function;

/// These functions, and those that read the environment.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("urlParse", "s", parse),
    Function::new("urlJoin", "m", join),
    Function::new("env", "s", |machine, args| Ok(machine.variable(args[0].bytes()))),
    Function::new("expandenv", "s", expand),
];

/// Characters that need no escape anywhere in a URL; with others we do not know what Go makes of it.
fn is_plain(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~:/?#@!$&'*+,;=[]".contains(byte))
}

fn parse(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let unknown =
        |machine: &mut Machine<'_>| Ok(machine.unknown(UnknownKind::Function("urlParse")));
    let text = args[0].bytes();
    let Some(text) = std::str::from_utf8(text).ok().filter(|text| is_plain(text.as_bytes())) else {
        return unknown(machine);
    };
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    let colon = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
    let (scheme, rest) = match colon {
        Some(0) if rest.starts_with(':') => {
            return Err("this URL has no scheme before its colon".into());
        }
        Some(at)
            if at > 0
                && rest[at..].starts_with(':')
                && rest.starts_with(|c: char| c.is_ascii_alphabetic()) =>
        {
            (rest[..at].to_ascii_lowercase(), &rest[at + 1..])
        }
        _ => (String::new(), rest),
    };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut opaque = "";
    let (mut user, mut host, mut path) = ("", "", rest);
    if !scheme.is_empty() && !rest.starts_with('/') {
        opaque = rest;
        path = "";
    } else if let Some(authority) = rest.strip_prefix("//") {
        let end = authority.find('/').unwrap_or(authority.len());
        path = &authority[end..];
        (user, host) = authority[..end].rsplit_once('@').unwrap_or(("", &authority[..end]));
    } else if rest.split('/').next().is_some_and(|first| first.contains(':')) {
        return Err("the first part of this URL has a colon".into());
    }
    let (name, port) = match host.rfind(':') {
        Some(at) if !host.ends_with(']') => (&host[..at], &host[at + 1..]),
        _ => (host, ""),
    };
    let odd = host.contains(['[', ']']) != (host.starts_with('[') && name.ends_with(']'))
        || user.contains(['[', ']', '@', '/', '?', '#'])
        || (name.contains(':') && !name.starts_with('['));
    if odd {
        return unknown(machine);
    }
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("the port of this URL is not a number".into());
    }
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let parts = [
        ("scheme", scheme.as_str()),
        ("host", host),
        ("hostname", name),
        ("path", path),
        ("query", query),
        ("opaque", opaque),
        ("fragment", fragment),
        ("userinfo", user),
    ];
    let mut map = Map::default();
    for (key, value) in parts {
        let value = Value::text(value.as_bytes()).with_origin(args[0].origin);
        map.members.insert(key.as_bytes().into(), Member { key: args[0].origin, value });
    }
    Ok(machine.heap.add_map(map))
}

fn join(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut part = |name: &str| {
        let member = machine.map(&args[0].data).and_then(|map| map.members.get(name.as_bytes()));
        let value = member.map(|member| member.value.clone());
        match value {
            None => Ok(Vec::new()),
            Some(Value { data: Data::Text(text), origin }) => {
                if machine.entries.is_unknown(origin) {
                    machine.touched = origin;
                }
                Ok(text.bytes.to_vec())
            }
            Some(_) => Err(format!("`{name}` of a URL is a string")),
        }
    };
    let (scheme, host, path) = (part("scheme")?, part("host")?, part("path")?);
    let (query, opaque, fragment) = (part("query")?, part("opaque")?, part("fragment")?);
    let user = part("userinfo")?;
    let all = [&scheme[..], &host, &path, &query, &opaque, &fragment, &user];
    let first_has_colon =
        path.split(|byte| *byte == b'/').next().is_some_and(|first| first.contains(&b':'));
    if !all.iter().all(|part| is_plain(part)) || first_has_colon || path.starts_with(b"//") {
        return Ok(machine.unknown(UnknownKind::Function("urlJoin")));
    }
    let mut out = Vec::new();
    if !scheme.is_empty() {
        out.extend([&scheme[..], b":"].concat());
    }
    if opaque.is_empty() {
        if !scheme.is_empty() || !host.is_empty() || !user.is_empty() {
            if !host.is_empty() || !path.is_empty() || !user.is_empty() {
                out.extend(b"//");
            }
            if !user.is_empty() {
                out.extend([&user[..], b"@"].concat());
            }
            out.extend(&host);
        }
        if !path.is_empty() && !path.starts_with(b"/") && !host.is_empty() {
            out.push(b'/');
        }
        out.extend(&path);
    } else {
        out.extend(&opaque);
    }
    if !query.is_empty() {
        out.extend([b"?", &query[..]].concat());
    }
    if !fragment.is_empty() {
        out.extend([b"#", &fragment[..]].concat());
    }
    Ok(Value::text(out))
}

/// `$NAME` and `${NAME}` as in a shell.
fn expand(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let text = args[0].bytes();
    let mut out = Vec::with_capacity(text.len());
    let mut origin = args[0].origin;
    let mut at = 0;
    while let Some(dollar) = memchr::memchr(b'$', &text[at..]) {
        out.extend(&text[at..at + dollar]);
        at += dollar;
        let (name, length) = shell_name(&text[at + 1..]);
        if name.is_empty() && length == 0 {
            // A dollar with no name after it stays.
            out.push(b'$');
        } else if !name.is_empty() {
            let value = machine.variable(name);
            out.extend(value.bytes());
            origin = machine.entries.join(origin, value.origin);
        }
        at += 1 + length;
    }
    out.extend(&text[at..]);
    Ok(Value::text(out).with_origin(origin))
}

/// The name after a dollar, and how many bytes to pass over. `${}` and `${` are passed over.
fn shell_name(text: &[u8]) -> (&[u8], usize) {
    let special = |byte: &u8| b"*#$@!?-0123456789".contains(byte);
    match text {
        [b'{', rest @ ..] => match rest {
            [first, b'}', ..] if special(first) => (&rest[..1], 3),
            _ => match memchr::memchr(b'}', rest) {
                Some(0) => (b"", 2),
                Some(end) => (&rest[..end], end + 2),
                None => (b"", 1),
            },
        },
        [first, ..] if special(first) => (&text[..1], 1),
        _ => {
            let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            let length = text.iter().take_while(|byte| is_part(byte)).count();
            (&text[..length], length)
        }
    }
}
