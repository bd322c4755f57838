//! That the project is as it says: its structure, its dependencies, its generated documentation, and the
//! work that its benchmarks measure.

mod architecture;
mod dependencies;
mod docs;
mod links;
mod work;

#[allow(dead_code, reason = "the generator that the scripts build uses all of it")]
#[path = "../../benches/work/mod.rs"]
mod generator;
