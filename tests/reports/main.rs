//! What the reports say.

mod canaries;
mod frames;
mod outputs;
mod properties;
