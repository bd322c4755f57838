//! Generated from `fixtures/evidence/` by `UPDATE_EVIDENCE=1 cargo test --test evidence`.

use super::Shown;

#[rustfmt::skip]
pub(super) static SHOWN: &[Shown] = &[
];
