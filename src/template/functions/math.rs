//! Numbers.

use super::super::machine::{Failure, Machine, Outcome};
use super::super::rendered::UnknownKind;
use super::super::value::{Data, List, Of, Value};
use super::Function;
use super::convert::{to_float, to_int};

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("int", "a", |_, args| Ok(Value::int(to_int(&args[0])))),
    Function::new("int64", "a", |_, args| Ok(Value::int64(to_int(&args[0])))),
    Function::new("float64", "a", |_, args| Ok(Value::float(to_float(&args[0])))),
    Function::new("add1", "a", |_, args| Ok(Value::int64(to_int(&args[0]).wrapping_add(1)))),
    Function::new("add", "*a", |_, args| Ok(fold(0, args, i64::wrapping_add))),
    Function::new("sub", "aa", |_, args| {
        Ok(Value::int64(to_int(&args[0]).wrapping_sub(to_int(&args[1]))))
    }),
    Function::new("mul", "a*a", |_, args| {
        Ok(fold(to_int(&args[0]), &args[1..], i64::wrapping_mul))
    }),
    Function::new("div", "aa", |_, args| divided(args, i64::wrapping_div)),
    Function::new("mod", "aa", |_, args| divided(args, i64::wrapping_rem)),
    Function::new("max", "a*a", |_, args| Ok(fold(to_int(&args[0]), &args[1..], i64::max))),
    Function::new("biggest", "a*a", |_, args| Ok(fold(to_int(&args[0]), &args[1..], i64::max))),
    Function::new("min", "a*a", |_, args| Ok(fold(to_int(&args[0]), &args[1..], i64::min))),
    Function::new("maxf", "a*a", |_, args| {
        Ok(fold_float(args, |a, b| if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }))
    }),
    Function::new("minf", "a*a", |_, args| {
        Ok(fold_float(args, |a, b| if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }))
    }),
    Function::new("floor", "a", |_, args| Ok(Value::float(to_float(&args[0]).floor()))),
    Function::new("ceil", "a", |_, args| Ok(Value::float(to_float(&args[0]).ceil()))),
    Function::new("round", "ai*f", round),
    Function::new("add1f", "a", |machine, args| {
        decimal(machine, "add1f", &[Value::int(1), args[0].clone()], Decimal::add)
    }),
    Function::new("addf", "*a", |machine, args| {
        let args = [&[Value::int(0)], args].concat();
        decimal(machine, "addf", &args, Decimal::add)
    }),
    Function::new("subf", "a*a", |machine, args| decimal(machine, "subf", args, Decimal::sub)),
    Function::new("mulf", "a*a", |machine, args| decimal(machine, "mulf", args, Decimal::mul)),
    Function::new("divf", "a*a", |machine, args| {
        if args[1..].iter().any(|arg| to_float(arg) == 0.0) {
            return Err("a number cannot be divided by 0".into());
        }
        decimal(machine, "divf", args, Decimal::div)
    }),
    Function::new("toDecimal", "a", |machine, args| {
        let text = machine.print(|printer| printer.print(args))?;
        let text = String::from_utf8(text).unwrap_or_default();
        Ok(Value::int64(i64::from_str_radix(&text, 8).unwrap_or(0)))
    }),
    Function::new("until", "i", |machine, args| {
        let end = args[0].integer();
        let numbers = range(machine, 0, end, if end < 0 { -1 } else { 1 })?;
        Ok(ints(machine, &numbers))
    }),
    Function::new("untilStep", "iii", |machine, args| {
        let numbers = range(machine, args[0].integer(), args[1].integer(), args[2].integer())?;
        Ok(ints(machine, &numbers))
    }),
    Function::new("seq", "*i", seq),
];

fn fold(start: i64, args: &[Value], combine: fn(i64, i64) -> i64) -> Value {
    Value::int64(args.iter().map(to_int).fold(start, combine))
}

fn fold_float(args: &[Value], combine: fn(f64, f64) -> f64) -> Value {
    Value::float(args[1..].iter().map(to_float).fold(to_float(&args[0]), combine))
}

fn divided(args: &[Value], divide: fn(i64, i64) -> i64) -> Outcome {
    match to_int(&args[1]) {
        0 => Err("a number cannot be divided by 0".into()),
        divisor => Ok(Value::int64(divide(to_int(&args[0]), divisor))),
    }
}

fn round(_: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let up_from = args.get(2).map_or(0.5, to_float);
    let scale = 10f64.powi(i32::try_from(args[1].integer()).unwrap_or(i32::MAX));
    let scaled = scale * to_float(&args[0]);
    let fraction = scaled - scaled.trunc();
    let rounded = if fraction >= up_from { scaled.ceil() } else { scaled.floor() };
    Ok(Value::float(rounded / scale))
}

fn ints(machine: &mut Machine<'_>, numbers: &[i64]) -> Value {
    let items = numbers.iter().map(|number| Value::int(*number)).collect();
    machine.heap.add_list(List { of: Of::Ints, is_nil: false, items })
}

/// The numbers from `start` up, or down, to and without `end`.
fn range(machine: &mut Machine<'_>, start: i64, end: i64, step: i64) -> Result<Vec<i64>, Failure> {
    let goes_on = |number: i64| if step > 0 { number < end } else { step < 0 && number > end };
    let mut numbers = Vec::new();
    let mut number = start;
    while goes_on(number) {
        machine.step(1)?;
        machine.charge(16)?;
        numbers.push(number);
        match number.checked_add(step) {
            Some(next) => number = next,
            None => break,
        }
    }
    Ok(numbers)
}

fn seq(machine: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let args: Vec<i64> = args.iter().map(Value::integer).collect();
    let (start, step, end) = match args[..] {
        [end] => (1, if end < 1 { -1 } else { 1 }, end),
        [start, end] => (start, if end < start { -1 } else { 1 }, end),
        [start, step, end] => (start, step, end),
        _ => return Ok(Value::text(&b""[..])),
    };
    let direction = if end < start { -1 } else { 1 };
    if direction < 0 && step > 0 {
        return Ok(Value::text(&b""[..]));
    }
    let numbers = range(machine, start, end.saturating_add(direction), step)?;
    let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
    Ok(Value::text(texts.join(" ").into_bytes()))
}

/// A decimal number, exactly: `digits × 10^-scale`.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    scale: u32,
}

impl Decimal {
    /// The shortest decimal number that is this one; none if it has too many digits for us.
    fn new(value: f64) -> Option<Self> {
        let text = super::super::float::format(value, 'f', None);
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = [whole, fraction].concat().parse().ok()?;
        Some(Self { digits, scale: u32::try_from(fraction.len()).ok()? })
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let to =
            |number: Self| number.digits.checked_mul(10i128.checked_pow(scale - number.scale)?);
        Some((to(self)?, to(other)?, scale))
    }

    fn add(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Self { digits: a.checked_add(b)?, scale })
    }

    fn sub(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Self { digits: a.checked_sub(b)?, scale })
    }

    fn mul(self, other: Self) -> Option<Self> {
        let digits = self.digits.checked_mul(other.digits)?;
        Some(Self { digits, scale: self.scale + other.scale })
    }

    /// With 16 digits after the point, the last one rounded away from zero.
    fn div(self, other: Self) -> Option<Self> {
        const SCALE: u32 = 16;
        let (a, b, _) = self.aligned(other)?;
        let scaled = a.checked_mul(10i128.checked_pow(SCALE)?)?;
        let (quotient, rest) = (scaled.checked_div(b)?, scaled.checked_rem(b)?);
        let up = rest.checked_abs()?.checked_mul(2)? >= b.checked_abs()?;
        let sign = if (a < 0) == (b < 0) { 1 } else { -1 };
        Some(Self { digits: quotient + if up { sign } else { 0 }, scale: SCALE })
    }

    fn value(self) -> Option<f64> {
        format!("{}e-{}", self.digits, self.scale).parse().ok()
    }
}

fn decimal(
    machine: &mut Machine<'_>,
    name: &'static str,
    args: &[Value],
    combine: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Outcome {
    let numbers: Vec<f64> = args.iter().map(to_float).collect();
    if numbers.iter().any(|number| !number.is_finite()) {
        return Err("this is not a finite number".into());
    }
    let mut result = Decimal::new(numbers[0]);
    for number in &numbers[1..] {
        result = result.zip(Decimal::new(*number)).and_then(|(a, b)| combine(a, b));
    }
    match result.and_then(Decimal::value) {
        Some(value) => Ok(Data::Float(value).into()),
        None => Ok(machine.unknown(UnknownKind::Function(name))),
    }
}
