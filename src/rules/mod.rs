//! The rules: one file each, and this list of them in the order of the documentation.
//!
//! To add one: its file, its `mod` line, its entry in [`ALL`]. A test compares the directory with
//! the list.

pub mod backend_override_panics;
pub mod duplicate_exporter_name;
pub mod duplicate_key;
pub mod ee_only_setting;
pub mod endpoint_backend_override_ee_only;
pub mod exporter_not_object;
pub mod exporters_override_unknown;
pub mod field_not_in_version;
pub mod hardcoded_credential;
pub mod health_path_not_skipped;
pub mod http_client_plugin_hides_backend;
pub mod invalid_json;
pub mod key_case;
pub mod known_broken_release;
pub mod missing_field;
pub mod no_exporters;
pub mod opencensus_deprecated;
pub mod otel_namespace_typo;
pub mod otel_wrong_scope;
pub mod otlp_http_without_port;
pub mod otlp_port_protocol_mismatch;
pub mod override_misplaced_key;
pub mod override_replaces_not_merges;
pub mod override_without_service_otel;
pub mod override_wrong_type;
pub mod port_range;
pub mod prometheus_disabled_still_listens;
pub mod prometheus_host_undocumented;
pub mod prometheus_listen_ip_ignored;
pub mod prometheus_listen_ip_invalid;
pub mod prometheus_port_conflict;
pub mod sample_rate_range;
pub mod sample_rate_zero;
pub mod schema_version_mismatch;
pub mod security_headers_invalid;
pub mod security_requires_http;
pub mod security_unknown_exporter;
pub mod skip_paths_drops_defaults;
pub mod skip_paths_no_match;
pub mod skip_paths_placeholder;
pub mod telemetry_coexistence;
pub mod unknown_field;
pub mod value_not_allowed;
pub mod value_out_of_range;
pub mod wrong_type;

use crate::rule::Rule;
use crate::target::Edition;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &invalid_json::RULE,
    &duplicate_key::RULE,
    &unknown_field::RULE,
    &wrong_type::RULE,
    &missing_field::RULE,
    &value_out_of_range::RULE,
    &value_not_allowed::RULE,
    &key_case::RULE,
    &no_exporters::RULE,
    &exporter_not_object::RULE,
    &duplicate_exporter_name::RULE,
    &otlp_http_without_port::RULE,
    &otlp_port_protocol_mismatch::RULE,
    &port_range::RULE,
    &sample_rate_zero::RULE,
    &sample_rate_range::RULE,
    &otel_wrong_scope::RULE,
    &otel_namespace_typo::RULE,
    &override_misplaced_key::RULE,
    &override_wrong_type::RULE,
    &skip_paths_placeholder::RULE,
    &skip_paths_drops_defaults::RULE,
    &skip_paths_no_match::RULE,
    &health_path_not_skipped::RULE,
    &override_without_service_otel::RULE,
    &override_replaces_not_merges::RULE,
    &endpoint_backend_override_ee_only::RULE,
    &http_client_plugin_hides_backend::RULE,
    &ee_only_setting::RULE,
    &security_unknown_exporter::RULE,
    &security_requires_http::RULE,
    &security_headers_invalid::RULE,
    &hardcoded_credential::RULE,
    &exporters_override_unknown::RULE,
    &backend_override_panics::RULE,
    &prometheus_host_undocumented::RULE,
    &prometheus_port_conflict::RULE,
    &prometheus_listen_ip_ignored::RULE,
    &prometheus_listen_ip_invalid::RULE,
    &prometheus_disabled_still_listens::RULE,
    &field_not_in_version::RULE,
    &opencensus_deprecated::RULE,
    &telemetry_coexistence::RULE,
    &known_broken_release::RULE,
    &schema_version_mismatch::RULE,
];

/// The rule called `id`.
#[must_use]
pub fn get(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// An executable example in the documentation of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Example<'r> {
    /// What it shows.
    pub kind: ExampleKind,
    /// A whole configuration.
    pub text: &'r str,
    /// The release it is judged for, as `--krakend-version` takes it; `None` for the newest.
    pub version: Option<&'r str>,
    /// The edition it is judged for.
    pub edition: Edition,
}

/// What an [`Example`] shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleKind {
    /// The rule has exactly one finding.
    Bad,
    /// What the fix makes of the bad example before it.
    Fixed,
    /// The rule has nothing to say.
    Good,
}

/// The examples in the documentation of `rule`, in their order.
#[must_use]
pub fn examples(rule: &Rule) -> Vec<Example<'_>> {
    let mut examples = Vec::new();
    let mut rest = rule.docs;
    while let Some((_, after)) = rest.split_once("```json ") {
        let Some((info, after)) = after.split_once('\n') else { break };
        let Some((text, after)) = after.split_once("```") else { break };
        rest = after;
        let mut words = info.split_whitespace();
        let kind = match words.next() {
            Some("bad") => ExampleKind::Bad,
            Some("fixed") => ExampleKind::Fixed,
            _ => ExampleKind::Good,
        };
        let mut example = Example { kind, text, version: None, edition: Edition::Community };
        for word in words {
            match word.split_once('=') {
                Some(("version", version)) => example.version = Some(version),
                Some(("edition", "ee")) => example.edition = Edition::Enterprise,
                _ => {}
            }
        }
        examples.push(example);
    }
    examples
}
