//! From bytes to a document: the readers of JSON, YAML and TOML, templates, and configurations inside
//! other files.

mod carriers;
mod constructs;
mod flexible;
mod formats;
mod formats_toml;
mod fragments;
mod json;
mod rendering;
mod suites;
mod templates;
mod toml;
mod yaml;
mod yaml_facts;
