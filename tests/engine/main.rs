//! What holds for every check: places, fixes, settings, suppressions and baselines.

mod baseline;
mod fix_formats;
mod fix_properties;
mod fix_tables;
mod fixes;
mod host;
mod moves;
mod positions;
mod robust;
mod settings;
mod suppress;

#[path = "../support/edits.rs"]
mod edits;
#[allow(dead_code, reason = "the tests of the command line use all of it")]
#[path = "../support/program.rs"]
mod program;
#[path = "../support/written.rs"]
mod written;
