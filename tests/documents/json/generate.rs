//! Documents to read: valid ones of every shape, and what becomes of them when bytes go wrong.

/// A small generator of pseudo-random numbers (xorshift64*), so that every run tests the same.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        mixed as usize % bound
    }

    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Where a generated document has blanks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Layout {
    /// Nowhere.
    Minified,
    /// One member or item a line, indented, with this line end.
    Pretty(&'static str, &'static str),
    /// Anywhere, at random.
    Scattered,
}

pub(crate) const LAYOUTS: [Layout; 5] = [
    Layout::Minified,
    Layout::Pretty("\n", "  "),
    Layout::Pretty("\r\n", "    "),
    Layout::Pretty("\n", "\t"),
    Layout::Scattered,
];

const STRINGS: [&str; 18] = [
    "",
    "a",
    "name",
    "telemetry/opentelemetry",
    "größer",
    "日本語",
    "😀 emoji",
    "e\u{301}",
    "\u{7F}",
    r"a\nb",
    r#"say \"hi\""#,
    r"C:\\dir\\",
    r"\/\b\f\r\t",
    r"\u0041\u00e9\u65E5",
    r"\ud83d\ude00",
    "{not} [a] bracket, or: a comma",
    "exactly sixteen.",
    "a text that is longer than two registers",
];

const SCALARS: [&str; 16] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "7",
    "-12",
    "4317",
    "1.5",
    "-0.25",
    "1e3",
    "2E-3",
    "1.25e+2",
    "18446744073709551615",
    "-9223372036854775808",
    "0.1234567890123456789",
];

/// A valid document: an object, at most `depth` levels deep.
pub(crate) fn document(random: &mut Random, layout: Layout, depth: usize) -> String {
    let mut text = String::new();
    Writer { random, layout, text: &mut text }.object(0, depth);
    text
}

struct Writer<'a> {
    random: &'a mut Random,
    layout: Layout,
    text: &'a mut String,
}

impl Writer<'_> {
    fn value(&mut self, level: usize, depth: usize) {
        match self.random.below(if depth == 0 { 5 } else { 9 }) {
            0..=2 => self.text.push_str(self.random.one_of(&SCALARS)),
            3 | 4 => self.string(),
            5 | 6 => self.array(level, depth),
            _ => self.object(level, depth),
        }
    }

    fn string(&mut self) {
        self.text.push('"');
        self.text.push_str(self.random.one_of(&STRINGS));
        self.text.push('"');
    }

    fn array(&mut self, level: usize, depth: usize) {
        self.children(level, *b"[]", |writer| writer.value(level + 1, depth - 1));
    }

    fn object(&mut self, level: usize, depth: usize) {
        self.children(level, *b"{}", |writer| {
            writer.string();
            writer.gap(None);
            writer.text.push(':');
            writer.gap(Some(" "));
            writer.value(level + 1, depth.saturating_sub(1));
        });
    }

    fn children(&mut self, level: usize, brackets: [u8; 2], child: impl Fn(&mut Self)) {
        let count = self.random.below(5);
        self.text.push(char::from(brackets[0]));
        for index in 0..count {
            if index > 0 {
                self.gap(None);
                self.text.push(',');
            }
            self.line(level + 1);
            child(self);
        }
        if count > 0 {
            self.line(level);
        } else {
            self.gap(None);
        }
        self.text.push(char::from(brackets[1]));
    }

    fn line(&mut self, level: usize) {
        if let Layout::Pretty(end, indentation) = self.layout {
            self.text.push_str(end);
            self.text.push_str(&indentation.repeat(level));
        } else {
            self.gap(None);
        }
    }

    fn gap(&mut self, pretty: Option<&str>) {
        match self.layout {
            Layout::Minified => {}
            Layout::Pretty(..) => self.text.push_str(pretty.unwrap_or_default()),
            Layout::Scattered => {
                for _ in 0..self.random.below(4).saturating_sub(1) {
                    self.text.push_str(self.random.one_of(&[
                        " ",
                        "\t",
                        "\n",
                        "\r",
                        "\r\n",
                        "          ",
                    ]));
                }
            }
        }
    }
}

/// What is worth putting into a document to break it, or to find out whether it does.
const TOKENS: [&[u8]; 56] = [
    b",",
    b":",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b"'",
    b"`",
    b"0",
    b"1",
    b"-",
    b"+",
    b".",
    b"e",
    b" ",
    b"\t",
    b"\n",
    b"\r\n",
    b"\0",
    b"\x0C",
    b"\x7F",
    b"\xFF",
    b"\xC3",
    b"\xE2\x82",
    b"\xED\xA0\x80",
    b"\xC2\xA0",
    b"\xEF\xBB\xBF",
    b"//",
    b"/*",
    b"*/",
    b"#",
    b"\\u",
    b"\\ud800",
    b"\\udc00",
    b"\\ud83d\\ude00",
    b"\\u00",
    b"\\n",
    b"\\x",
    b"null",
    b"true",
    b"NaN",
    b"nul",
    b"1e400",
    b"-1e999",
    b"1e-400",
    b"007",
    b"0x1F",
    b"\"a\":1",
    b"\"x\"",
    b"{}",
    b"[]",
    b"{{ .x }}",
    b"\xE2\x80\x9C",
    b";",
];

/// `text` with one to four faults, corrected perhaps by chance; `other` is spliced in now and then.
pub(crate) fn mutate(random: &mut Random, text: &[u8], other: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..=random.below(4).saturating_sub(1) {
        let at = random.below(text.len() + 1);
        let len = (1 + random.below(4)).min(text.len() - at);
        match random.below(9) {
            0 if at < text.len() => text[at] ^= 1 << random.below(8),
            1 if at < text.len() => text[at] = random.below(256) as u8,
            2 => drop(text.drain(at..at + len)),
            3 => drop(text.splice(at..at, random.one_of(&TOKENS).iter().copied())),
            4 => drop(text.splice(at..at + len, random.one_of(&TOKENS).iter().copied())),
            5 => {
                let copy = text[at..at + len].to_vec();
                text.splice(at..at, copy);
            }
            6 => {
                let from = random.below(other.len() + 1);
                let piece = &other[from..other.len().min(from + random.below(24))];
                text.splice(at..at, piece.iter().copied());
            }
            7 if random.below(8) == 0 => text.truncate(at),
            8 if random.below(64) == 0 => nest(random, &mut text),
            _ => {}
        }
    }
    text
}

/// Wraps `text` into more arrays than a recursive parser allows, or almost.
fn nest(random: &mut Random, text: &mut Vec<u8>) {
    let levels = 120 + random.below(16);
    text.splice(0..0, std::iter::repeat_n(b'[', levels));
    text.extend(std::iter::repeat_n(b']', levels));
}
