//! `printf`: Go's format strings.

use super::print::{Flags, Printer};
use super::runes::decode;
use super::value::{Data, Value};

/// How far `printf` has come with its arguments.
struct Arguments<'a> {
    values: &'a [Value],
    next: usize,
    /// An index such as `[3]` was used: no complaint about arguments that are left.
    reordered: bool,
    /// The last index was a good one.
    good: bool,
}

/// Prints `values` as `format` says, with Go's marks for what does not fit.
pub(super) fn printf(printer: &mut Printer<'_>, format: &[u8], values: &[Value]) {
    let mut arguments = Arguments { values, next: 0, reordered: false, good: true };
    let mut at = 0;
    while at < format.len() {
        let percent = format[at..].iter().position(|byte| *byte == b'%');
        let end = percent.map_or(format.len(), |percent| at + percent);
        printer.out.extend(&format[at..end]);
        at = end;
        if percent.is_some() {
            at = verb(printer, format, end + 1, &mut arguments);
        }
        if printer.overflow {
            return;
        }
    }
    if arguments.reordered || arguments.next >= values.len() {
        return;
    }
    printer.out.extend(b"%!(EXTRA ");
    for (index, value) in values[arguments.next..].iter().enumerate() {
        if index > 0 {
            printer.out.extend(b", ");
        }
        if value.is_nil() {
            printer.out.extend(b"<nil>");
        } else {
            let name = printer.heap.type_name(&value.data);
            printer.out.extend(name.as_bytes());
            printer.out.push(b'=');
            printer.value(&value.data);
        }
    }
    printer.out.push(b')');
}

/// One verb from the byte after `%`; gives the offset after it.
fn verb(
    printer: &mut Printer<'_>,
    format: &[u8],
    mut at: usize,
    arguments: &mut Arguments<'_>,
) -> usize {
    let mut flags = Flags::default();
    arguments.good = true;
    while let Some(byte) = format.get(at) {
        match byte {
            b'#' => flags.sharp = true,
            b'0' => flags.zero = true,
            b'+' => flags.plus = true,
            b'-' => flags.minus = true,
            b' ' => flags.space = true,
            _ => break,
        }
        at += 1;
    }
    let mut after_index;
    (at, after_index) = arguments.index(format, at);
    if format.get(at) == Some(&b'*') {
        at += 1;
        match arguments.integer() {
            Some(width) => {
                if width < 0 {
                    flags.minus = true;
                    flags.zero = false;
                }
                flags.width = Some(width.unsigned_abs() as usize);
            }
            None => printer.out.extend(b"%!(BADWIDTH)"),
        }
        after_index = false;
    } else {
        (at, flags.width) = digits(format, at);
        if after_index && flags.width.is_some() {
            arguments.good = false;
        }
    }
    if at + 1 < format.len() && format[at] == b'.' {
        at += 1;
        if after_index {
            arguments.good = false;
        }
        (at, after_index) = arguments.index(format, at);
        if format.get(at) == Some(&b'*') {
            at += 1;
            match arguments.integer() {
                Some(precision) => flags.precision = usize::try_from(precision).ok(),
                None => flags.precision = None,
            }
            if flags.precision.is_none() {
                printer.out.extend(b"%!(BADPREC)");
            }
            after_index = false;
        } else {
            (at, flags.precision) = digits(format, at);
            flags.precision = flags.precision.or(Some(0));
        }
    }
    if !after_index {
        (at, _) = arguments.index(format, at);
    }
    if at >= format.len() {
        printer.out.extend(b"%!(NOVERB)");
        return format.len();
    }
    let (verb, width) = decode(&format[at..]);
    at += width;
    apply(printer, verb, flags, arguments);
    at
}

fn apply(printer: &mut Printer<'_>, verb: char, mut flags: Flags, arguments: &mut Arguments<'_>) {
    let mark = |printer: &mut Printer<'_>, what: &str| {
        printer.out.extend(format!("%!{verb}({what})").as_bytes());
    };
    if verb == '%' {
        printer.out.push(b'%');
    } else if !arguments.good {
        mark(printer, "BADINDEX");
    } else if let Some(value) = arguments.values.get(arguments.next) {
        if matches!(verb, 'v' | 'w') {
            flags.sharp_v = flags.sharp;
            flags.sharp = false;
            flags.plus = false;
        }
        arguments.next += 1;
        printer.verb(&value.data, verb, &flags);
    } else {
        mark(printer, "MISSING");
    }
}

/// A width or precision; none at all for one above a million, as in Go.
fn digits(format: &[u8], mut at: usize) -> (usize, Option<usize>) {
    let mut number = None;
    while let Some(digit) = format.get(at).filter(|byte| byte.is_ascii_digit()) {
        if number.unwrap_or(0) > 1_000_000 {
            return (format.len(), None);
        }
        number = Some(number.unwrap_or(0) * 10 + usize::from(digit - b'0'));
        at += 1;
    }
    (at, number)
}

impl Arguments<'_> {
    /// The value of `*`.
    fn integer(&mut self) -> Option<i64> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        match value.data {
            Data::Int(value, _) if value.abs() <= 1_000_000 => Some(value),
            _ => None,
        }
    }

    /// `[n]`, if there is one; gives the offset after it and whether there was a good one.
    fn index(&mut self, format: &[u8], at: usize) -> (usize, bool) {
        if format.get(at) != Some(&b'[') {
            return (at, false);
        }
        self.reordered = true;
        let Some(end) = format[at..].iter().position(|byte| *byte == b']') else {
            self.good = false;
            return (at + 1, false);
        };
        let (after, number) = digits(&format[..at + end], at + 1);
        let index = number.filter(|_| after == at + end).and_then(|number| number.checked_sub(1));
        match index {
            Some(index) if index < self.values.len() => {
                self.next = index;
                (at + end + 1, true)
            }
            _ => {
                self.good = false;
                // With digits but out of range, Go has seen an index; otherwise not.
                (at + end + 1, index.is_some())
            }
        }
    }
}
