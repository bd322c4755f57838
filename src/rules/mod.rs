//! The rules: one file each, and this list of them in the order of the documentation.
//!
//! To add one: its file, its `mod` line, its entry in [`ALL`]. A test compares the directory with
//! the list.

pub(crate) mod all_layers_disabled;
pub(crate) mod backend_flags_implicitly_off;
pub(crate) mod backend_override_panics;
pub(crate) mod custom_period_negative;
pub(crate) mod detail_without_round_trip;
pub(crate) mod disable_stage_contradiction;
pub(crate) mod duplicate_exporter_name;
pub(crate) mod duplicate_key;
pub(crate) mod duplicate_otlp_target;
pub(crate) mod ee_only_setting;
pub(crate) mod endpoint_backend_override_ee_only;
pub(crate) mod exporter_does_nothing;
pub(crate) mod exporter_name_missing;
pub(crate) mod exporter_not_object;
pub(crate) mod exporters_override_unknown;
pub(crate) mod field_not_in_version;
pub(crate) mod hardcoded_credential;
pub(crate) mod health_path_not_skipped;
pub(crate) mod http_client_plugin_hides_backend;
pub(crate) mod invalid_json;
pub(crate) mod invalid_suppression;
pub(crate) mod invalid_toml;
pub(crate) mod invalid_yaml;
pub(crate) mod key_case;
pub(crate) mod known_broken_release;
pub(crate) mod loopback_exporter;
pub(crate) mod metric_period_low;
pub(crate) mod metric_period_not_positive;
pub(crate) mod metrics_to_trace_backend;
pub(crate) mod metrics_without_metric_exporter;
pub(crate) mod missing_field;
pub(crate) mod no_active_exporter;
pub(crate) mod no_exporters;
pub(crate) mod opencensus_deprecated;
pub(crate) mod otel_namespace_typo;
pub(crate) mod otel_wrong_scope;
pub(crate) mod otlp_grpc_https_is_plaintext;
pub(crate) mod otlp_host_contains_path;
pub(crate) mod otlp_host_contains_port;
pub(crate) mod otlp_host_empty;
pub(crate) mod otlp_host_invalid;
pub(crate) mod otlp_host_ipv6;
pub(crate) mod otlp_host_scheme;
pub(crate) mod otlp_http_implies_tls;
pub(crate) mod otlp_http_without_port;
pub(crate) mod otlp_port_protocol_mismatch;
pub(crate) mod override_misplaced_key;
pub(crate) mod override_replaces_not_merges;
pub(crate) mod override_without_service_otel;
pub(crate) mod override_wrong_type;
pub(crate) mod period_has_no_effect;
pub(crate) mod port_range;
pub(crate) mod prometheus_disabled_still_listens;
pub(crate) mod prometheus_host_undocumented;
pub(crate) mod prometheus_listen_ip_ignored;
pub(crate) mod prometheus_listen_ip_invalid;
pub(crate) mod prometheus_port_conflict;
pub(crate) mod propagation_to_backends_off;
pub(crate) mod read_payload_implies_round_trip;
pub(crate) mod report_headers_leaks_credentials;
pub(crate) mod saas_endpoint_needs_auth;
pub(crate) mod sample_rate_full;
pub(crate) mod sample_rate_range;
pub(crate) mod sample_rate_zero;
pub(crate) mod schema_version_mismatch;
pub(crate) mod security_headers_invalid;
pub(crate) mod security_requires_http;
pub(crate) mod security_unknown_exporter;
pub(crate) mod semantic_convention_value;
pub(crate) mod skip_headers_inconsistent;
pub(crate) mod skip_headers_malformed;
pub(crate) mod skip_headers_not_canonical;
pub(crate) mod skip_headers_unsupported;
pub(crate) mod skip_headers_without_report;
pub(crate) mod skip_paths_drops_defaults;
pub(crate) mod skip_paths_no_match;
pub(crate) mod skip_paths_placeholder;
pub(crate) mod static_attribute_duplicate;
pub(crate) mod static_attribute_empty;
pub(crate) mod static_attribute_prometheus_label;
pub(crate) mod static_attribute_secret;
pub(crate) mod static_attribute_shadows_builtin;
pub(crate) mod telemetry_coexistence;
pub(crate) mod traces_without_trace_exporter;
pub(crate) mod unjudged_template;
pub(crate) mod unknown_field;
pub(crate) mod unrendered_placeholder;
pub(crate) mod unused_suppression;
pub(crate) mod value_not_allowed;
pub(crate) mod value_out_of_range;
pub(crate) mod wrong_type;

use crate::document::{Fault, Pointer};
use crate::finding::{Edit, Finding, Label, Severity};
use crate::rule::Rule;
use crate::source::Format;
use crate::target::Edition;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &invalid_json::RULE,
    &invalid_toml::RULE,
    &invalid_yaml::RULE,
    &duplicate_key::RULE,
    &unjudged_template::RULE,
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
    &backend_flags_implicitly_off::RULE,
    &propagation_to_backends_off::RULE,
    &disable_stage_contradiction::RULE,
    &detail_without_round_trip::RULE,
    &all_layers_disabled::RULE,
    &traces_without_trace_exporter::RULE,
    &metrics_without_metric_exporter::RULE,
    &semantic_convention_value::RULE,
    &read_payload_implies_round_trip::RULE,
    &report_headers_leaks_credentials::RULE,
    &skip_headers_unsupported::RULE,
    &skip_headers_not_canonical::RULE,
    &skip_headers_malformed::RULE,
    &skip_headers_without_report::RULE,
    &skip_headers_inconsistent::RULE,
    &static_attribute_empty::RULE,
    &static_attribute_duplicate::RULE,
    &static_attribute_shadows_builtin::RULE,
    &static_attribute_secret::RULE,
    &static_attribute_prometheus_label::RULE,
    &prometheus_host_undocumented::RULE,
    &prometheus_port_conflict::RULE,
    &prometheus_listen_ip_ignored::RULE,
    &prometheus_listen_ip_invalid::RULE,
    &prometheus_disabled_still_listens::RULE,
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
    &backend_override_panics::RULE,
    &ee_only_setting::RULE,
    &security_unknown_exporter::RULE,
    &security_requires_http::RULE,
    &security_headers_invalid::RULE,
    &hardcoded_credential::RULE,
    &exporters_override_unknown::RULE,
    &field_not_in_version::RULE,
    &opencensus_deprecated::RULE,
    &telemetry_coexistence::RULE,
    &known_broken_release::RULE,
    &schema_version_mismatch::RULE,
    &invalid_suppression::RULE,
    &unused_suppression::RULE,
];

/// Rules about what is missing, or about how two parts of a configuration go together: of a fragment
/// they can say nothing, for what is not in it may well be elsewhere.
pub const OF_THE_WHOLE: &[&Rule] = &[
    &no_exporters::RULE,
    &no_active_exporter::RULE,
    &exporter_does_nothing::RULE,
    &traces_without_trace_exporter::RULE,
    &metrics_without_metric_exporter::RULE,
    &prometheus_port_conflict::RULE,
    &otel_wrong_scope::RULE,
    &otel_namespace_typo::RULE,
    &skip_paths_drops_defaults::RULE,
    &skip_paths_no_match::RULE,
    &health_path_not_skipped::RULE,
    &override_without_service_otel::RULE,
    &override_replaces_not_merges::RULE,
    &http_client_plugin_hides_backend::RULE,
    &security_unknown_exporter::RULE,
    &saas_endpoint_needs_auth::RULE,
    &exporters_override_unknown::RULE,
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

/// The rule that `id` is nearly the name, or a part of the name, of.
#[must_use]
pub fn nearest(id: &str) -> Option<&'static Rule> {
    let likeness = |rule: &Rule| strsim::normalized_damerau_levenshtein(id, rule.id);
    let all = ALL.iter().map(|rule| (likeness(rule), *rule));
    let near = all.filter(|(likeness, rule)| *likeness > 0.5 || rule.id.contains(id));
    near.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, rule)| rule)
}

/// The rule about the syntax of `format`.
pub(crate) fn syntax(format: Format) -> &'static Rule {
    match format {
        Format::Json => &invalid_json::RULE,
        Format::Yaml => &invalid_yaml::RULE,
        Format::Toml => &invalid_toml::RULE,
    }
}

/// Whether the rule called `id` is about the syntax of a format.
pub(crate) fn is_syntax(id: &str) -> bool {
    [Format::Json, Format::Yaml, Format::Toml].iter().any(|format| syntax(*format).id == id)
}

/// The finding for a fault in the syntax of a file.
pub(crate) fn of_fault(fault: &Fault) -> Finding {
    let rule = syntax(fault.format);
    let mut finding = Finding::new(rule, fault.span, &Pointer::root(), fault.message.clone())
        .help(fault.help.clone());
    if fault.is_warning {
        finding.severity = Severity::Warning;
    }
    finding.related = fault.related.iter().map(|(span, text)| Label::new(*span, text)).collect();
    if let Some(span) = fault.deletion {
        finding = finding.safe_fix("Remove it", vec![Edit::Delete { span }]);
    }
    finding
}

/// An executable example in the documentation of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Example<'r> {
    /// What it shows.
    pub kind: ExampleKind,
    /// The format it is written in.
    pub format: Format,
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
    while let Some((_, after)) = rest.split_once("```") {
        let Some((info, after)) = after.split_once('\n') else { break };
        let Some((text, after)) = after.split_once("```") else { break };
        rest = after;
        let mut words = info.split_whitespace();
        let format = match words.next() {
            Some("json") => Format::Json,
            Some("yaml") => Format::Yaml,
            Some("toml") => Format::Toml,
            _ => continue,
        };
        let kind = match words.next() {
            Some("bad") => ExampleKind::Bad,
            Some("fixed") => ExampleKind::Fixed,
            _ => ExampleKind::Good,
        };
        let mut example =
            Example { kind, format, text, version: None, edition: Edition::Community };
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
