//! What the comparison of rules and evidence cannot do by itself, named with its reason.

/// Why there is no evidence of a rule about templates and settings.
const PROJECTS: &str = "its examples are projects; the renderer has recordings of its own";

/// Rules whose consequence the examples alone cannot show on a gateway of the Community Edition, each
/// with the reason. Rules of the Enterprise Edition alone need not be named.
pub const FROM_THE_SOURCE: &[(&str, &str)] = &[
    ("value-not-allowed", "its examples are of the Enterprise Edition"),
    ("otlp-not-accepted", "what Zipkin and the others answer is in their documentation"),
    ("kubernetes-metrics-port", "it is about what asks the gateway, not about the gateway"),
    ("otlp-host-typo", "no name service of the run knows either host"),
    (
        "template-error",
        "the examples of a rule are single files; the renderer has recordings of its own",
    ),
    ("raw-template-runs", PROJECTS),
    ("unknown-function", PROJECTS),
    ("undefined-template", PROJECTS),
    ("unreadable-settings", PROJECTS),
    ("missing-folder", PROJECTS),
    ("missing-partial", PROJECTS),
    ("no-value", PROJECTS),
    ("variable-not-given", PROJECTS),
    ("http-client-plugin-hides-backend", "the plugin of the example does not exist"),
];

/// Rules about releases of which no executable has been run yet.
pub const NOT_RUN: &[&str] = &[
    "otlp-http-implies-tls",
    "skip-headers-unsupported",
    "field-not-in-version",
    "known-broken-release",
];

/// What an example shows that has no fixed one to compare it with: rule, example, and a part of a
/// fact; `!` before one that is missing. What the next good example shows is the contrary.
pub const SEEN: &[(&str, usize, &str)] = &[
    ("duplicate-key", 2, "exports: traces grpc://old-collector:4317 accepted"),
    ("missing-field", 0, "dial tcp 127.0.0.1:4317: connect: connection refused"),
    ("unrendered-placeholder", 0, "!exports: traces grpc://collector:4317 accepted"),
    ("unrendered-placeholder", 1, "!exports: traces grpc://collector:4317 accepted"),
    ("unrendered-placeholder", 2, "spans internal proxy: team={{ .team }}"),
    ("duplicate-otlp-target", 0, "twice: true"),
    ("duplicate-otlp-target", 1, "twice: true"),
    ("sample-rate-full", 0, "traces unsampled: all"),
    ("sample-rate-full", 1, "traces unsampled: all"),
    ("metric-period-low", 0, "first_metrics: within 8 s"),
    ("metric-period-low", 1, "first_metrics: within 8 s"),
    ("disable-stage-contradiction", 0, "metrics: http.client.duration"),
    ("semantic-convention-value", 2, "metrics: http.server.duration"),
    ("skip-headers-malformed", 2, "credentials: x-api-key in http.request.header.x-api-key"),
    ("static-attribute-shadows-builtin", 0, "metric_attributes: http.route=orders"),
    ("static-attribute-secret", 0, "spans internal proxy: api_key=7f3e9a1c55d2"),
    ("static-attribute-prometheus-label", 0, "team_name=payments;payments"),
    ("static-attribute-prometheus-label", 1, "is not a valid label name for metric"),
    ("prometheus-port-conflict", 0, "!ports: *:9090"),
    ("prometheus-port-conflict", 1, "!ports: *:9091"),
    ("prometheus-listen-ip-ignored", 0, "ports: *:9090"),
    ("otlp-port-443-plaintext", 2, "exports: traces grpc://collector:443 accepted"),
    ("sampling-not-passed-on", 0, "traceparent_to_backends: some"),
    ("opencensus-deprecated", 0, "exports: ? http://jaeger:14268/api/traces"),
    ("telemetry-coexistence", 0, "trace_headers_to_backends: X-B3-Traceid"),
];

/// Examples that did something else than the rule says: rule, example, reason.
pub const OTHERWISE: &[(&str, usize, &str)] = &[
    ("duplicate-key", 0, "the good example has the value that wins"),
    ("unjudged-template", 0, "an unrendered template does not start; the rule is about the linter"),
    (
        "otlp-host-contains-path",
        0,
        "port and path are lost: exports arrive at 443 if that is listened on",
    ),
    (
        "otlp-host-contains-path",
        2,
        "port and path are lost: exports arrive at 443 if that is listened on",
    ),
    ("otlp-host-contains-path", 3, "the slash alone is harmless where the host has its port"),
    ("query-credentials-in-spans", 0, "the requests that are sent have no query strings"),
    ("exporter-does-nothing", 0, "the finding points at the setting that makes it do nothing"),
    (
        "detail-without-round-trip",
        0,
        "the finding points at what is missing, which cannot be removed",
    ),
    ("all-layers-disabled", 0, "off is the signal whose layers are disabled, not the other one"),
    ("read-payload-implies-round-trip", 0, "the good example says what the bad one implies"),
    (
        "prometheus-disabled-still-listens",
        0,
        "the page is empty; what has no effect is the open port",
    ),
];
