//! What a rule is: a value that carries its own documentation, examples and check.

use crate::finding::Severity;
use crate::target::{Edition, Target, Version, v};
