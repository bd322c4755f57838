//! What the reports say.

mod frames;
mod outputs;
mod properties;
