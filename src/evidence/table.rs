//! Generated from `fixtures/evidence/` by `UPDATE_EVIDENCE=1 cargo test --test evidence`.

use super::Shown;

#[rustfmt::skip]
pub(super) static SHOWN: &[Shown] = &[
    Shown {
        rule: "backend-flags-implicitly-off",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "backend-host-invalid",
        releases: &["2.12.1"],
        log: &[
            "ERROR parsing the configuration file: 'krakend.json': host http://orders/v1 not valid: invalid host",
        ],
    },
    Shown {
        rule: "backend-override-panics",
        releases: &["2.12.1"],
        log: &[
            "panic: runtime error: invalid memory address or nil pointer dereference",
        ],
    },
    Shown {
        rule: "config-version",
        releases: &["2.12.1"],
        log: &[
            "ERROR parsing the configuration file: 'krakend.json': unsupported version: 0 (want: 3)",
            "ERROR parsing the configuration file: 'krakend.json': unsupported version: 2 (want: 3)",
        ],
    },
    Shown {
        rule: "config-wrong-type",
        releases: &["2.12.1"],
        log: &[
            "ERROR parsing the configuration file: 'krakend.json': decoding failed due to the following error(s):",
        ],
    },
    Shown {
        rule: "custom-period-negative",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] cannot register exporters: json: cannot unmarshal number -1 into Go struct field OTLPExporter.exporters.otlp.custom_metric_reporting_period of type uint",
        ],
    },
    Shown {
        rule: "disable-stage-contradiction",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "duplicate-exporter-name",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] cannot register exporters: prometheus with duplicate name: metrics (at idx 0)",
        ],
    },
    Shown {
        rule: "duplicate-key",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "duplicate-otlp-target",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "ee-only-setting",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "endpoint-backend-override-ee-only",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "endpoint-without-backend",
        releases: &["2.12.1"],
        log: &[
            "ERROR parsing the configuration file: 'krakend.json': ignoring the ' /orders' endpoint, since it has 0 backends defined!",
        ],
    },
    Shown {
        rule: "exporter-name-missing",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "exporter-not-object",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] cannot register exporters: json: cannot unmarshal string into Go struct field Exporters.exporters.otlp of type config.OTLPExporter",
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:4317: connect: connection refused\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:4317: connect: connection refused\"",
        ],
    },
    Shown {
        rule: "health-path-not-skipped",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "invalid-json",
        releases: &["2.12.1"],
        log: &[
            "ERROR parsing the configuration file: 'krakend.json': invalid character '/' looking for beginning of object key string",
            "ERROR parsing the configuration file: 'krakend.json': invalid character '}' looking for beginning of object key string",
        ],
    },
    Shown {
        rule: "invalid-suppression",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "invalid-toml",
        releases: &["2.12.1"],
        log: &[
            "ERROR parsing the configuration file: 'krakend.toml': (4, 49): trailing comma at the end of inline table",
            "ERROR parsing the configuration file: 'krakend.toml': (6, 2): duplicated tables",
            "ERROR parsing the configuration file: 'krakend.toml': (7, 8): no value can start with c",
        ],
    },
    Shown {
        rule: "invalid-yaml",
        releases: &["2.12.1"],
        log: &[
            "ERROR parsing the configuration file: 'krakend.yaml': yaml: line 7: could not find expected ':'",
            "ERROR parsing the configuration file: 'krakend.yaml': yaml: unmarshal errors: line 8: mapping key \"host\" already defined at line 7",
        ],
    },
    Shown {
        rule: "key-case",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "log-level-hides-telemetry",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "loopback-exporter",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:4317: connect: connection refused\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 0.0.0.0:4317: connect: connection refused\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:4317: connect: connection refused\"",
        ],
    },
    Shown {
        rule: "metric-period-low",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "metric-period-not-positive",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "metrics-to-trace-backend",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: rpc error: code = Unimplemented desc = unknown service opentelemetry.proto.collector.metrics.v1.MetricsService",
        ],
    },
    Shown {
        rule: "metrics-without-metric-exporter",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "missing-field",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:4317: connect: connection refused\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:4317: connect: connection refused\"",
        ],
    },
    Shown {
        rule: "no-active-exporter",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] reader is not registered",
        ],
    },
    Shown {
        rule: "no-exporters",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "opencensus-deprecated",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "otel-namespace-typo",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "otel-wrong-scope",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "otlp-exporter-refused",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] cannot register exporters: OTLP Exporter collector (at idx 0) failed: cannot create http metric exporter:parse \"http://$%7BHOST%7D:4318/v1/metrics\": invalid URL escape \"%7B\"",
            "ERROR: [SERVICE: OpenTelemetry] cannot register exporters: OTLP Exporter collector (at idx 0) failed: cannot create http metric exporter:parse \"http://HTTPS:%2F%2Fcollector:4318/v1/metrics\": invalid URL escape \"%2F\"",
            "ERROR: [SERVICE: OpenTelemetry] cannot register exporters: OTLP Exporter collector (at idx 0) failed: cannot create http metric exporter:parse \"http://collector%2F:4318/v1/metrics\": invalid URL escape \"%2F\"",
        ],
    },
    Shown {
        rule: "otlp-grpc-https-is-plaintext",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "otlp-host-contains-port",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] traces export: Post \"http://collector:4318:4318/v1/traces\": dial tcp: lookup collector:4318: no such host",
            "ERROR: [SERVICE: OpenTelemetry] traces export: failed to exit idle mode: invalid target address collector:4317:4317, error info: address collector:4317:4317:443: too many colons in address",
            "ERROR: [SERVICE: OpenTelemetry] traces export: failed to exit idle mode: invalid target address collector:99999:4317, error info: address collector:99999:4317:443: too many colons in address",
        ],
    },
    Shown {
        rule: "otlp-host-credentials",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "otlp-host-empty",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:4317: connect: connection refused\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:4317: connect: connection refused\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = name resolver error: produced zero addresses",
        ],
    },
    Shown {
        rule: "otlp-host-invalid",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: context deadline exceeded: rpc error: code = Unavailable desc = name resolver error: produced zero addresses",
            "ERROR: [SERVICE: OpenTelemetry] traces export: Post \"http://:4318/v1/traces\": dial tcp :4318: connect: connection refused",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = name resolver error: produced zero addresses",
        ],
    },
    Shown {
        rule: "otlp-host-ipv6",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp [2001:db8::7:4317]:443: connect: network is unreachable\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp [2001:db8::7:4317:4317]:443: connect: network is unreachable\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp [2001:db8::7:4317]:443: connect: network is unreachable\"",
        ],
    },
    Shown {
        rule: "otlp-host-scheme",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: failed to exit idle mode: invalid target address grpc://collector:4317, error info: address grpc://collector:4317:443: too many colons in address",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix /run/collector.sock:4317: connect: no such file or directory\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: failed to exit idle mode: invalid target address grpc://collector:4317, error info: address grpc://collector:4317:443: too many colons in address",
        ],
    },
    Shown {
        rule: "otlp-http-without-port",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: Post \"http://collector:4317/v1/metrics\": net/http: HTTP/1.x transport connection broken: malformed HTTP response \"\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x05\\x00\\x00@\\x00\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: Post \"http://collector:4317/v1/traces\": net/http: HTTP/1.x transport connection broken: malformed HTTP response \"\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x05\\x00\\x00@\\x00\"",
        ],
    },
    Shown {
        rule: "otlp-port-443-plaintext",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "otlp-port-protocol-mismatch",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"error reading server preface: http2: failed reading the frame payload: http2: frame too large, note that the frame header looked like an HTTP/1.1 header\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: Post \"http://collector:4317/v1/traces\": net/http: HTTP/1.x transport connection broken: malformed HTTP response \"\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x05\\x00\\x00@\\x00\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"error reading server preface: http2: failed reading the frame payload: http2: frame too large, note that the frame header looked like an HTTP/1.1 header\"",
        ],
    },
    Shown {
        rule: "override-misplaced-key",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "override-replaces-not-merges",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "override-without-service-otel",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "override-wrong-type",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "period-has-no-effect",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "port-range",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp: address 431700: invalid port\"",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp: address 431700: invalid port\"",
        ],
    },
    Shown {
        rule: "prometheus-host-undocumented",
        releases: &["2.12.1"],
        log: &[
            "[SERVICE: kotel] The Prometheus exporter failed to listen and serve: listen tcp: address ::1:9090: too many colons in address",
        ],
    },
    Shown {
        rule: "prometheus-listen-ip-ignored",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "prometheus-port-conflict",
        releases: &["2.12.1"],
        log: &[
            "[SERVICE: kotel] The Prometheus exporter failed to listen and serve: listen tcp :8080: bind: address already in use",
            "[SERVICE: kotel] The Prometheus exporter failed to listen and serve: listen tcp :9090: bind: address already in use",
        ],
    },
    Shown {
        rule: "propagation-to-backends-off",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "report-headers-leaks-credentials",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "saas-endpoint-needs-auth",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: failed to send metrics to https://otlp.nr-data.net:4318/v1/metrics: 403 Forbidden",
            "ERROR: [SERVICE: OpenTelemetry] traces export: failed to send to https://otlp.nr-data.net:4318/v1/traces: 403 Forbidden",
        ],
    },
    Shown {
        rule: "sample-rate-full",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "sample-rate-range",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "sample-rate-zero",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "sampling-not-passed-on",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "schema-version-mismatch",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "semantic-convention-value",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] cannot register exporters: json: cannot unmarshal number into Go struct field GlobalOpts.layers.global.semantic_convention of type string",
        ],
    },
    Shown {
        rule: "skip-headers-inconsistent",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "skip-headers-malformed",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "skip-headers-not-canonical",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "skip-headers-without-report",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "skip-paths-drops-defaults",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "skip-paths-no-match",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "skip-paths-placeholder",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "static-attribute-duplicate",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "static-attribute-empty",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "static-attribute-prometheus-label",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] \"2nd_team\" is not a valid label name for metric \"krakend_proxy_duration\"",
        ],
    },
    Shown {
        rule: "static-attribute-secret",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "static-attribute-shadows-builtin",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "telemetry-coexistence",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "traces-without-trace-exporter",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "unknown-field",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "unrendered-placeholder",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] failed to upload metrics: context deadline exceeded: rpc error: code = Unavailable desc = name resolver error: produced zero addresses",
            "ERROR: [SERVICE: OpenTelemetry] traces export: context deadline exceeded: rpc error: code = Unavailable desc = name resolver error: produced zero addresses",
        ],
    },
    Shown {
        rule: "unused-suppression",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "value-out-of-range",
        releases: &["2.12.1"],
        log: &[],
    },
    Shown {
        rule: "wrong-type",
        releases: &["2.12.1"],
        log: &[
            "ERROR: [SERVICE: OpenTelemetry] cannot register exporters: json: cannot unmarshal string into Go struct field OTLPExporter.exporters.otlp.port of type int",
        ],
    },
];
