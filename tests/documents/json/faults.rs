//! Every kind of fault, and where exactly it is: one fault, one error.

use std::collections::BTreeSet;

use otel_lint::document::json::ErrorKind::{self, *};
use otel_lint::document::json::Parsed;

use super::tape;

/// A text with one fault, and its error.
type Fault<'a> = (&'a [u8], ErrorKind, u32, u32, &'a [u8]);

/// An error: its kind, line and column, and the text of its span.
type Expected<'a> = (ErrorKind, u32, u32, &'a [u8]);

/// Texts with one fault each.
#[rustfmt::skip]
const FAULTS: &[Fault<'_>] = &[
    (b"", Empty, 1, 1, b""),
    (b"  \n", Empty, 1, 1, b""),
    (b"\xFF\xFE{\x00", Encoding, 1, 1, b"\xFF\xFE"),
    (b"\x00{", Encoding, 1, 1, b"\x00{"),
    (b"@", NotJson, 1, 1, b"@"),
    (b"version: 3\nname: x", NotJson, 1, 1, b"version"),
    (br#"{"a":"{{ env "X" }}","b":1}"#, Template, 1, 7, br#"{{ env "X" }}"#),
    (br#"{{ define "x" }}"#, Template, 1, 1, br#"{{ define "x" }}"#),
    (br#"{"a": {{ .x }}, "b": 1}"#, Template, 1, 7, b"{{ .x }}"),
    (b"{\"a\":1,\n<<<<<<< HEAD\n\"b\":1\n=======\n\"b\":2\n>>>>>>> x\n}", MergeConflict, 2, 1, b"<<<<<<< HEAD"),
    (b"{\"a\":1,\n||||||| base\n}", MergeConflict, 2, 1, b"||||||| base"),
    (br#""abc""#, NotAnObject, 1, 1, br#""abc""#),
    (b"null", NotAnObject, 1, 1, b"null"),
    (b"42", NotAnObject, 1, 1, b"42"),
    (b"[1]", NotAnObject, 1, 1, b"[1]"),
    (br#""abc":1"#, NoBraces, 1, 1, br#""abc""#),
    (br#""a":{"b":1},"c":[1]"#, NoBraces, 1, 1, br#""a""#),
    (br#""a":1}"#, NoBraces, 1, 1, br#""a""#),
    (br#"{"a":"abc"#, Truncated, 1, 10, b""),
    (br#"{"a":[1,2"#, Truncated, 1, 10, b""),
    (br#"{"a":"#, Truncated, 1, 6, b""),
    (br#"{"a""#, Truncated, 1, 5, b""),
    (br#"{"a":1,"#, Truncated, 1, 8, b""),
    (b"{", Truncated, 1, 2, b""),
    (b"[", Truncated, 1, 2, b""),
    (br#""abc"#, Truncated, 1, 5, b""),
    (b"{\n  \"a\": {\n    \"b\": 1,\n  \"c\": 2\n}", Truncated, 5, 2, b""),
    (br#"{"a":tr"#, Truncated, 1, 8, b""),
    (br#"{"a":1},"b":2}"#, AfterRoot, 1, 8, b","),
    (br#"{"a":1} {"b":2}"#, AfterRoot, 1, 9, b"{"),
    (b"{\"a\":1}\x00", AfterRoot, 1, 8, b"\x00"),
    (b"{\n  \"a\": {\n    \"b\": 1\n  }},\n  \"c\": 2\n}", AfterRoot, 4, 5, b","),
    (br#"{"a":1}}"#, Unopened, 1, 8, b"}"),
    (b"]", Unopened, 1, 1, b"]"),
    (b"}", Unopened, 1, 1, b"}"),
    (br#"{"a":[1,2}"#, Mismatched, 1, 10, b"}"),
    (br#"{"a":[1,2},"b":1}"#, Mismatched, 1, 10, b"}"),
    (br#"{"a":{"b":1]}"#, Mismatched, 1, 12, b"]"),
    (br#"{"a":{"b":1],"c":2}}"#, Mismatched, 1, 12, b"]"),
    (br#"{"a":1]}"#, Mismatched, 1, 7, b"]"),
    (br#"{"a":1,]}"#, Mismatched, 1, 8, b"]"),
    (b"[1,2}", Mismatched, 1, 5, b"}"),
    (br#"{"a":[1,2,"b":3}"#, Unclosed, 1, 11, br#""b""#),
    (b"{\"a\":[1,2\n\"b\":3}", Unclosed, 2, 1, br#""b""#),
    (br#"[{"a":1,{"b":2}]"#, Unclosed, 1, 9, b"{"),
    (br#"{"x":[{"a":1,{"b":2}]}"#, Unclosed, 1, 14, b"{"),
    (br#"{"a": "b": 1, "c": 2}}"#, MissingOpening, 1, 7, br#""b""#),
    (br#"{"a": 1, 2, 3]}"#, MissingOpening, 1, 7, b""),
    (br#"{"a": {"x":1}, {"x":2}]}"#, MissingOpening, 1, 7, b""),
    (br#"{"a": "x", "y"], "b": 1}"#, MissingOpening, 1, 7, b""),
    (br#"{"x": ["a": 1}, {"b": 2}]}"#, MissingOpening, 1, 8, br#""a""#),
    (b"\xEF\xBB\xBF{\"a\":1}", ByteOrderMark, 1, 1, b"\xEF\xBB\xBF"),
    (b"{\"a\":1\xC2\xA0}", Invisible, 1, 7, b"\xC2\xA0"),
    (b"{\"a\":1\xE2\x80\x8B}", Invisible, 1, 7, b"\xE2\x80\x8B"),
    (b"{\"a\":1\xE2\x80\x89}", Invisible, 1, 7, b"\xE2\x80\x89"),
    (b"{\"a\":1\x0B}", Invisible, 1, 7, b"\x0B"),
    (b"// c\n{\"a\":1}", Comment, 1, 1, b"// c"),
    (br#"{"a":1} // end"#, Comment, 1, 9, b"// end"),
    (br#"{"a":1/*x"#, Comment, 1, 7, b"/*x"),
    (br#"{"a":1,}"#, TrailingComma, 1, 7, b","),
    (br#"{"a":[1,2,]}"#, TrailingComma, 1, 10, b","),
    (br#"{"a":1,,"b":2}"#, ExtraComma, 1, 8, b","),
    (br#"{"a":{,"b":1}}"#, ExtraComma, 1, 7, b","),
    (br#"{"a":1 "b":2}"#, MissingComma, 1, 8, b""),
    (br#"{"a":[1 2]}"#, MissingComma, 1, 9, b""),
    (br#"{"a":"b""c":1}"#, MissingComma, 1, 9, b""),
    (br#"{"a":["b""c"]}"#, MissingComma, 1, 10, b""),
    (br#"{"a" 1}"#, MissingColon, 1, 6, b""),
    (br#"{"a"= 1}"#, Separator, 1, 5, b"="),
    (br#"{"a"=>1}"#, Separator, 1, 5, b"=>"),
    (br#"{"a":1;"b":2}"#, Separator, 1, 7, b";"),
    (br#"{"a":1;}"#, Separator, 1, 7, b";"),
    (br#"{"a":[1;2]}"#, Separator, 1, 8, b";"),
    (br#"{"a"}"#, MissingValue, 1, 2, br#""a""#),
    (br#"{"a":}"#, MissingValue, 1, 2, br#""a""#),
    (br#"{"a":,"b":1}"#, MissingValue, 1, 2, br#""a""#),
    (br#"{"a","b":1}"#, MissingValue, 1, 2, br#""a""#),
    (b"{'a':1}", Quotes, 1, 2, b"'a'"),
    (br#"{"a":'it's'}"#, Quotes, 1, 6, b"'it's'"),
    (br#"{"a":`x`}"#, Quotes, 1, 6, b"`x`"),
    (b"{\"a\":\xE2\x80\x98x\xE2\x80\x99}", Quotes, 1, 6, b"\xE2\x80\x98x\xE2\x80\x99"),
    (b"{a:1}", UnquotedKey, 1, 2, b"a"),
    (br#"{a":1}"#, UnquotedKey, 1, 2, br#"a""#),
    (br#"{@,"b":1}"#, UnquotedKey, 1, 2, b"@"),
    (br#"{"a":1,@}"#, UnquotedKey, 1, 8, b"@"),
    (b"{1:2}", UnquotedKey, 1, 2, b"1"),
    (b"{true:2}", UnquotedKey, 1, 2, b"true"),
    (b"{null}", UnquotedKey, 1, 2, b"null"),
    (br#"{a b": 1}"#, UnquotedKey, 1, 2, br#"a b""#),
    (br#"{"a":b"}"#, Word, 1, 6, br#"b""#),
    (br#"{"a":localhost:4317}"#, Word, 1, 6, b"localhost:4317"),
    (br#"{"a":http://x:80/y}"#, Word, 1, 6, b"http://x:80/y"),
    (br#"{"a":hello world,"b":1}"#, Word, 1, 6, b"hello world"),
    (br#"{"a":5s}"#, Word, 1, 6, b"5s"),
    (br#"{"a":10.0.0.1}"#, Word, 1, 6, b"10.0.0.1"),
    (br#"{"a":@,"b":1}"#, Word, 1, 6, b"@"),
    (br#"{"a":1@,"b":1}"#, Word, 1, 6, b"1@"),
    (br#"{"a":${PORT},"b":1}"#, Word, 1, 6, b"${PORT}"),
    (br#"{"a":ObjectId("x"),"b":1}"#, Word, 1, 6, br#"ObjectId("x")"#),
    (br#"{"a":[...]}"#, Word, 1, 7, b"..."),
    (br#"{"a": b c", "d": 1}"#, Word, 1, 7, br#"b c""#),
    (br#"{"a":01}"#, NumberForm, 1, 6, b"01"),
    (br#"{"a":+1}"#, NumberForm, 1, 6, b"+1"),
    (br#"{"a":.5}"#, NumberForm, 1, 6, b".5"),
    (br#"{"a":1.}"#, NumberForm, 1, 6, b"1."),
    (br#"{"a":0x1F}"#, NumberForm, 1, 6, b"0x1F"),
    (br#"{"a":1e}"#, NumberForm, 1, 6, b"1e"),
    (br#"{"a":-}"#, NumberForm, 1, 6, b"-"),
    (br#"{"a":1_000}"#, NumberForm, 1, 6, b"1_000"),
    (br#"{"a":1e400}"#, NumberRange, 1, 6, b"1e400"),
    (br#"{"a":1.7976931348623157e308,"b":-1.7976931348623159e308}"#, NumberRange, 1, 33, b"-1.7976931348623159e308"),
    (b"{\"a\":\"x\ty\"}", ControlCharacter, 1, 8, b"\t"),
    (b"{\"a\":\"x\x01y\x02\"}", ControlCharacter, 1, 8, b"\x01"),
    (b"{\"a\":\"abc\ndef\",\"b\":1}", ControlCharacter, 1, 10, b"\n"),
    (b"{\"a\":\"abc\n\",\"b\":1}", ControlCharacter, 1, 10, b"\n"),
    (b"{\"a\":\"x\\\ny\",\"b\":1}", ControlCharacter, 1, 8, b"\\\n"),
    (b"{\"a\":\"x\r\ny\",\"b\":1}", ControlCharacter, 1, 8, b"\r\n"),
    (br#"{"a":"x\qy"}"#, BadEscape, 1, 8, br"\q"),
    (br#"{"a":"C:\\dir\new\x"}"#, BadEscape, 1, 18, br"\x"),
    (br#"{"a":"\u12G4"}"#, BadEscape, 1, 7, br"\u12"),
    (br#"{"a":"\u"}"#, BadEscape, 1, 7, br"\u"),
    (br#"{"a":"\ud8"}"#, BadEscape, 1, 7, br"\ud8"),
    (b"{\"a\":\"abc\n}", Unterminated, 1, 6, br#""abc"#),
    (b"{\"a\":\"abc,\n\"b\":1}", Unterminated, 1, 6, br#""abc"#),
    (b"{\"a\":{\"b\":\"abc},\n\"c\":1}", Unterminated, 1, 11, br#""abc"#),
    (b"{\"a\":\"/x/{id},\n\"c\":1}", Unterminated, 1, 6, br#""/x/{id}"#),
    (b"{\"a: 1,\n\"c\":1}", Unterminated, 1, 2, br#""a"#),
    (br#"{"host: "x","b":1}"#, Unterminated, 1, 2, br#""host"#),
    (br#"{"a":"b, "c":1}"#, Unterminated, 1, 6, br#""b"#),
    (br#"{"a":'x}"#, Unterminated, 1, 6, b"'x"),
    (br#"{"a":"say "hi" now","b":1}"#, InnerQuote, 1, 11, br#"""#),
    (br#"{"a":"say "hi"","b":1}"#, InnerQuote, 1, 11, br#"""#),
    (br#"{"a":"x"+"y","b":1}"#, InnerQuote, 1, 8, br#"""#),
    (b"{\"a\":\"\xFF\xFEb\"}", InvalidUtf8, 1, 7, b"\xFF\xFE"),
    (b",", Unexpected, 1, 1, b","),
    (b"{\"a\":\xFF}", Unexpected, 1, 6, b"\xFF"),
    (br#"{"a":1,{"b":2}}"#, Unexpected, 1, 8, b"{"),
    (br#"{"a":1,[1],"c":1}"#, Unexpected, 1, 8, b"["),
    (br#"{"a":"b":1,"c":2}"#, Unexpected, 1, 9, b":"),
    (br#"{"a":["b":1],"c":2}"#, Unexpected, 1, 10, b":"),
    (b"{:1}", Unexpected, 1, 2, b":"),
    (br#"{"a"::1}"#, Unexpected, 1, 6, b":"),
    (br#"{"a":1 foo,"b":2}"#, Unexpected, 1, 8, b"foo"),
    (br#"{"a":1/2}"#, Unexpected, 1, 7, b"/2"),
    (br#"{"a" @@: 1}"#, Unexpected, 1, 6, b"@@"),
];

/// Texts with several.
#[rustfmt::skip]
const SEVERAL: &[(&[u8], &[Expected<'_>])] = &[
    (b"[1,,2]", &[(NotAnObject, 1, 1, b"[1,,2]"), (ExtraComma, 1, 4, b",")]),
    (b"{\xE2\x80\x9Ca\xE2\x80\x9D:\xE2\x80\x9Cb\xE2\x80\x9D}", &[(Quotes, 1, 2, b"\xE2\x80\x9Ca\xE2\x80\x9D"), (Quotes, 1, 6, b"\xE2\x80\x9Cb\xE2\x80\x9D")]),
    (br#"{"a":NaN,"b":-Infinity,"c":True,"d":None,"e":undefined}"#, &[(Word, 1, 6, b"NaN"), (Word, 1, 14, b"-Infinity"), (Word, 1, 28, b"True"), (Word, 1, 37, b"None"), (Word, 1, 46, b"undefined")]),
    (br#"{"a":[1,2},"b":{"c":1]}"#, &[(Mismatched, 1, 10, b"}"), (Mismatched, 1, 22, b"]")]),
    (b"{\"a\":1/*x*/,#y\n\"b\":2}", &[(Comment, 1, 7, b"/*x*/"), (Comment, 1, 13, b"#y")]),
    (b"{\xC2\xA0\"a\":\xC2\xA01}", &[(Invisible, 1, 2, b"\xC2\xA0"), (Invisible, 1, 7, b"\xC2\xA0")]),
    (br#"{"a":1 foo:2}"#, &[(MissingComma, 1, 8, b""), (UnquotedKey, 1, 8, b"foo")]),
    (br#"{"a":("x"),"b":1}"#, &[(Unexpected, 1, 6, b"("), (Unexpected, 1, 10, b")")]),
    (b"{\"a\":\"b\xE2\x82\",\"c\":\"\xC0\"}", &[(InvalidUtf8, 1, 8, b"\xE2\x82"), (InvalidUtf8, 1, 17, b"\xC0")]),
    (b"\xEF\xBB\xBF", &[(ByteOrderMark, 1, 1, b"\xEF\xBB\xBF"), (Empty, 1, 1, b"")]),
    (b"\xEF\xBB\xBF{a:1,}", &[(ByteOrderMark, 1, 1, b"\xEF\xBB\xBF"), (UnquotedKey, 1, 3, b"a"), (TrailingComma, 1, 6, b",")]),
    (b"{'a':+1,// x\n\"b\" NaN \"c\":\"\t\"", &[(Quotes, 1, 2, b"'a'"), (NumberForm, 1, 6, b"+1"), (Comment, 1, 9, b"// x"), (MissingColon, 2, 5, b""), (Word, 2, 5, b"NaN"), (MissingComma, 2, 9, b""), (ControlCharacter, 2, 14, b"\t"), (Truncated, 2, 16, b"")]),
    (b"{\"a\":[1,,],}", &[(TrailingComma, 1, 8, b","), (ExtraComma, 1, 9, b","), (TrailingComma, 1, 11, b",")]),
];

/// Kinds that are not an error of the form only: something is missing, too much, or a guess.
const LOSE_MEANING: &[ErrorKind] = &[
    Empty,
    Encoding,
    NotJson,
    Template,
    MergeConflict,
    NotAnObject,
    NoBraces,
    Truncated,
    AfterRoot,
    Unopened,
    Mismatched,
    Unclosed,
    MissingOpening,
    MissingValue,
    Unterminated,
    InnerQuote,
    Unexpected,
];

/// Texts whose fault would be one of form, but takes something with it: a value, the end.
const ALSO_LOSE: &[&[u8]] = &[b"{\"a\":1/*x", b"{@,\"b\":1}", b"{\"a\":1,@}", b"{null}"];

fn expect(text: &[u8], expected: &[Expected<'_>], parsed: &Parsed<'_>) {
    let source = parsed.document.source();
    let found: Vec<Expected<'_>> = parsed
        .errors
        .iter()
        .map(|error| {
            let place = source.position(error.span.start);
            (error.kind, place.line, place.column, source.slice(error.span))
        })
        .collect();
    assert_eq!(found, expected, "{}", String::from_utf8_lossy(text));
}

#[test]
fn one_fault_is_one_error_at_its_place() {
    for &(text, kind, line, column, place) in FAULTS {
        tape::read(text, |parsed| expect(text, &[(kind, line, column, place)], parsed));
    }
}

#[test]
fn several_faults_are_several_errors() {
    for &(text, expected) in SEVERAL {
        tape::read(text, |parsed| expect(text, expected, parsed));
    }
}

#[test]
fn every_kind_is_in_the_table() {
    let tested: BTreeSet<ErrorKind> = FAULTS.iter().map(|fault| fault.1).collect();
    // `Unexpected` is the last one; the two that are left take long texts, and are tested with limits.
    let kinds = Unexpected as usize + 1;
    assert_eq!(tested.len() + [TooDeep, TooMany].len(), kinds);
}

#[test]
fn only_what_keeps_its_meaning_is_reliable() {
    for &(text, kind, ..) in FAULTS {
        let lost = LOSE_MEANING.contains(&kind) || ALSO_LOSE.contains(&text);
        let shown = String::from_utf8_lossy(text);
        tape::read(text, |parsed| assert_eq!(parsed.reliable, !lost, "{shown}"));
    }
}

#[test]
fn only_invalid_utf8_is_a_warning() {
    for &(text, kind, ..) in FAULTS {
        tape::read(text, |parsed| {
            assert_eq!(parsed.errors[0].is_warning(), kind == InvalidUtf8);
        });
    }
}

#[test]
fn a_deletion_corrects_its_error() {
    let mut kinds = BTreeSet::new();
    for &(text, kind, ..) in FAULTS {
        let deletion = tape::read(text, |parsed| parsed.errors[0].deletion);
        if let Some(span) = deletion {
            let mut text = text.to_vec();
            text.drain(span.range());
            tape::read(&text, |parsed| assert_eq!(parsed.errors, []));
            kinds.insert(kind);
        }
    }
    assert_eq!(kinds, BTreeSet::from([ByteOrderMark, Invisible, TrailingComma, ExtraComma]));
}
