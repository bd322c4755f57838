//! The rules: one file each, and this list of them in the order of the documentation.
//!
//! To add one: its file, and its line in the list below. A test compares the directory with the list.

use crate::document::{Fault, Pointer};
use crate::finding::{Edit, Finding, Label, Severity};
use crate::rule::Rule;
use crate::source::Format;
use crate::target::Edition;

/// Declares the modules of the rules, and the list of them.
macro_rules! rules {
    ($($module:ident,)+) => {
        $(pub(crate) mod $module;)+

        /// Every rule, in the order of the documentation.
        pub static ALL: &[&Rule] = &[$(&$module::RULE,)+];
    };
}

rules! {
    invalid_json,
    invalid_toml,
    invalid_yaml,
    duplicate_key,
    unjudged_template,
    template_error,
    raw_template_runs,
    unknown_function,
    undefined_template,
    unreadable_settings,
    missing_folder,
    missing_partial,
    no_value,
    variable_not_given,
    unknown_field,
    wrong_type,
    missing_field,
    value_out_of_range,
    value_not_allowed,
    key_case,
    config_version,
    config_wrong_type,
    endpoint_without_backend,
    backend_host_invalid,
    unrendered_placeholder,
    exporter_name_missing,
    no_exporters,
    exporter_not_object,
    duplicate_exporter_name,
    otlp_http_without_port,
    otlp_port_protocol_mismatch,
    otlp_exporter_refused,
    otlp_host_empty,
    otlp_host_invalid,
    otlp_host_credentials,
    otlp_not_accepted,
    otlp_host_typo,
    otlp_host_scheme,
    otlp_host_ipv6,
    otlp_host_contains_port,
    otlp_host_contains_path,
    otlp_grpc_https_is_plaintext,
    otlp_http_implies_tls,
    otlp_port_443_plaintext,
    port_range,
    metrics_to_trace_backend,
    saas_endpoint_needs_auth,
    loopback_exporter,
    duplicate_otlp_target,
    log_level_hides_telemetry,
    no_active_exporter,
    exporter_does_nothing,
    sample_rate_zero,
    sample_rate_range,
    sample_rate_full,
    sampling_not_passed_on,
    metric_period_not_positive,
    metric_period_low,
    custom_period_negative,
    period_has_no_effect,
    backend_flags_implicitly_off,
    propagation_to_backends_off,
    disable_stage_contradiction,
    detail_without_round_trip,
    all_layers_disabled,
    traces_without_trace_exporter,
    metrics_without_metric_exporter,
    semantic_convention_value,
    read_payload_implies_round_trip,
    report_headers_leaks_credentials,
    skip_headers_unsupported,
    skip_headers_not_canonical,
    skip_headers_malformed,
    skip_headers_without_report,
    skip_headers_inconsistent,
    query_credentials_in_spans,
    static_attribute_empty,
    static_attribute_duplicate,
    static_attribute_shadows_builtin,
    static_attribute_secret,
    static_attribute_prometheus_label,
    prometheus_host_undocumented,
    prometheus_port_conflict,
    prometheus_listen_ip_ignored,
    prometheus_listen_ip_invalid,
    prometheus_disabled_still_listens,
    kubernetes_metrics_port,
    otel_wrong_scope,
    otel_namespace_typo,
    override_misplaced_key,
    override_wrong_type,
    skip_paths_placeholder,
    skip_paths_drops_defaults,
    skip_paths_no_match,
    health_path_not_skipped,
    override_without_service_otel,
    override_replaces_not_merges,
    endpoint_backend_override_ee_only,
    http_client_plugin_hides_backend,
    backend_override_panics,
    ee_only_setting,
    security_unknown_exporter,
    security_requires_http,
    security_headers_invalid,
    security_header_empty,
    hardcoded_credential,
    exporters_override_unknown,
    field_not_in_version,
    opencensus_deprecated,
    telemetry_coexistence,
    known_broken_release,
    schema_version_mismatch,
    invalid_suppression,
    unused_suppression,
}

/// The rule called `id`.
#[must_use]
pub fn get(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// The ids of all rules.
pub fn ids() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|rule| rule.id)
}

/// Whether a file can say that findings of `rule` are to be ignored in it.
#[must_use]
pub fn can_be_ignored(rule: &Rule) -> bool {
    invalid_suppression::can_be_ignored(rule)
}

/// Whether the rule called `id` is about a whole configuration: about what is missing, or about how
/// two parts go together. Of a fragment it says nothing, for what is not in it may well be elsewhere.
pub(crate) fn is_about_the_whole(id: &str) -> bool {
    get(id).is_some_and(|rule| rule.needs_whole)
}

/// Whether the rule called `id` is about the type of a value and nothing else of it.
pub(crate) fn is_about_types(id: &str) -> bool {
    [wrong_type::RULE.id, override_wrong_type::RULE.id].contains(&id)
}

/// Whether the rule called `id` is about the syntax of a format.
#[must_use]
pub fn is_syntax(id: &str) -> bool {
    Format::ALL.iter().any(|format| format.syntax_rule() == id)
}

/// The finding for a fault in the syntax of a file.
pub(crate) fn of_fault(fault: &Fault) -> Finding {
    let rule = get(fault.format.syntax_rule()).expect("the table of formats names rules");
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
    /// The release it is checked against, as `--krakend-version` takes it; `None` for the newest.
    pub version: Option<&'r str>,
    /// The edition it is checked against.
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
        let word = words.next();
        let Some(format) = Format::ALL.into_iter().find(|format| Some(format.word()) == word)
        else {
            continue;
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

/// An example that is a flexible configuration, in a fence whose info string begins with `project`.
#[derive(Clone, Debug)]
pub struct ProjectExample<'r> {
    /// What it shows.
    pub kind: ExampleKind,
    /// The path and the text of each file, the base first. Folders have the usual names: `settings`,
    /// `partials`, `templates`.
    pub files: Vec<(&'r str, &'r str)>,
}

/// The examples of `rule` that are flexible configurations, in their order.
#[must_use]
pub fn project_examples(rule: &Rule) -> Vec<ProjectExample<'_>> {
    let mut examples = Vec::new();
    let mut rest = rule.docs;
    while let Some((_, after)) = rest.split_once("```") {
        let Some((info, after)) = after.split_once('\n') else { break };
        let Some((text, after)) = after.split_once("```") else { break };
        rest = after;
        let kind = match info.trim() {
            "project bad" => ExampleKind::Bad,
            "project good" => ExampleKind::Good,
            _ => continue,
        };
        let files = text.split("--- ").skip(1).filter_map(|file| file.split_once('\n'));
        examples.push(ProjectExample { kind, files: files.collect() });
    }
    examples
}
