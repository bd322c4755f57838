use super::Scope;
use crate::target::{Edition, Version};
pub struct Known {
    pub name: &'static str,
    pub since: Option<Version>,
    pub works_since: Option<Version>,
    pub edition: Option<Edition>,
}
pub fn keys(_: Scope, _: &[&str]) -> &'static [Known] {
    &[]
}
pub fn homes(_: &str, _: Scope) -> Vec<String> {
    vec![]
}
