//! Base64 and Base32.

use data_encoding::{BASE32, BASE64, Encoding};

use super::super::machine::{Machine, Outcome};
use super::super::rendered::UnknownKind;
use super::super::value::Value;
use super::Function;

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("b64enc", "s", |_, args| Ok(Value::text(encode(&BASE64, args)))),
    Function::new("b32enc", "s", |_, args| Ok(Value::text(encode(&BASE32, args)))),
    Function::new("b64dec", "s", |machine, args| decode(machine, "b64dec", &BASE64, args)),
    Function::new("b32dec", "s", |machine, args| decode(machine, "b32dec", &BASE32, args)),
];

fn encode(encoding: &Encoding, args: &[Value]) -> Vec<u8> {
    encoding.encode(args[0].bytes()).into_bytes()
}

/// sprig gives the words of Go's error as the text; nobody wants that, and so we do not know it.
fn decode(
    machine: &mut Machine<'_>,
    name: &'static str,
    encoding: &Encoding,
    args: &[Value],
) -> Outcome {
    // Go passes over line ends.
    let text: Vec<u8> =
        args[0].bytes().iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let mut encoding = encoding.specification();
    encoding.check_trailing_bits = false;
    let encoding = encoding.encoding().expect("the specification was a valid one before");
    match encoding.decode(&text) {
        Ok(text) => Ok(Value::text(text)),
        Err(_) => Ok(machine.unknown(UnknownKind::Function(name))),
    }
}
