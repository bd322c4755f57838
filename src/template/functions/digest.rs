//! Checksums.

use super::super::value::Value;
use super::Function;

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("sha1sum", "s", |_, args| {
        let digest = sha1_smol::Sha1::from(args[0].bytes()).digest();
        Ok(Value::text(digest.to_string().into_bytes()))
    }),
    Function::new("sha256sum", "s", |_, args| {
        let digest = hmac_sha256::Hash::hash(args[0].bytes());
        let text: String = digest
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|half| char::from_digit(half.into(), 16))
            .collect();
        Ok(Value::text(text.into_bytes()))
    }),
    Function::new("adler32sum", "s", |_, args| {
        let (mut low, mut high) = (1u32, 0u32);
        for byte in args[0].bytes() {
            low = (low + u32::from(*byte)) % 65521;
            high = (high + low) % 65521;
        }
        Ok(Value::text((high << 16 | low).to_string().into_bytes()))
    }),
];
