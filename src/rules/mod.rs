//! The rules: one file each, and this list of them in the order of the documentation.
//!
//! To add one: its file, its `mod` line, its entry in [`ALL`]. A test compares the directory with
//! the list.

pub mod backend_override_panics;
pub mod custom_period_negative;
pub mod duplicate_exporter_name;
pub mod duplicate_key;
pub mod duplicate_otlp_target;
pub mod exporter_does_nothing;
pub mod exporter_name_missing;
pub mod exporter_not_object;
pub mod field_not_in_version;
pub mod invalid_json;
pub mod key_case;
pub mod loopback_exporter;
pub mod metric_period_low;
pub mod metric_period_not_positive;
pub mod metrics_to_trace_backend;
pub mod missing_field;
pub mod no_active_exporter;
pub mod no_exporters;
pub mod otel_namespace_typo;
pub mod otel_wrong_scope;
pub mod otlp_grpc_https_is_plaintext;
pub mod otlp_host_contains_path;
pub mod otlp_host_contains_port;
pub mod otlp_host_empty;
pub mod otlp_host_invalid;
pub mod otlp_host_ipv6;
pub mod otlp_host_scheme;
pub mod otlp_http_implies_tls;
pub mod otlp_http_without_port;
pub mod otlp_port_protocol_mismatch;
pub mod override_misplaced_key;
pub mod override_wrong_type;
pub mod period_has_no_effect;
pub mod port_range;
pub mod prometheus_host_undocumented;
pub mod saas_endpoint_needs_auth;
pub mod sample_rate_full;
pub mod sample_rate_range;
pub mod sample_rate_zero;
pub mod unknown_field;
pub mod unrendered_placeholder;
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
    &unrendered_placeholder::RULE,
    &exporter_name_missing::RULE,
    &no_exporters::RULE,
    &exporter_not_object::RULE,
    &duplicate_exporter_name::RULE,
    &otlp_http_without_port::RULE,
    &otlp_port_protocol_mismatch::RULE,
    &otlp_host_empty::RULE,
    &otlp_host_invalid::RULE,
    &otlp_host_scheme::RULE,
    &otlp_host_ipv6::RULE,
    &otlp_host_contains_port::RULE,
    &otlp_host_contains_path::RULE,
    &otlp_grpc_https_is_plaintext::RULE,
    &otlp_http_implies_tls::RULE,
    &port_range::RULE,
    &metrics_to_trace_backend::RULE,
    &saas_endpoint_needs_auth::RULE,
    &loopback_exporter::RULE,
    &duplicate_otlp_target::RULE,
    &no_active_exporter::RULE,
    &exporter_does_nothing::RULE,
    &sample_rate_zero::RULE,
    &sample_rate_range::RULE,
    &sample_rate_full::RULE,
    &metric_period_not_positive::RULE,
    &metric_period_low::RULE,
    &custom_period_negative::RULE,
    &period_has_no_effect::RULE,
    &otel_wrong_scope::RULE,
    &otel_namespace_typo::RULE,
    &override_misplaced_key::RULE,
    &override_wrong_type::RULE,
    &backend_override_panics::RULE,
    &prometheus_host_undocumented::RULE,
    &field_not_in_version::RULE,
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
