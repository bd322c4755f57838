//! Texts with a key in the wrong place, and what becomes of them to the byte.

use otel_lint::source::Format;

/// The text before and after the fix of a rule; nothing after it if there must be none.
pub type Text = (Format, &'static str, &'static str, Option<&'static str>);

pub const YAML: &[Text] = &[
    (
        Format::Yaml,
        "unknown-field",
        "\
version: 3
extra_config:
  telemetry/opentelemetry:
    # what is reported
    layers:
      global:
        disable_traces: true # none
        # noise of the
        # load balancer
        skip_paths: [ '/__health' ] # exact
    exporters:
      otlp:
        - name: c
          host: c
",
        Some(
            "\
version: 3
extra_config:
  telemetry/opentelemetry:
    # noise of the
    # load balancer
    skip_paths: [ '/__health' ] # exact
    # what is reported
    layers:
      global:
        disable_traces: true # none
    exporters:
      otlp:
        - name: c
          host: c
",
        ),
    ),
    (
        Format::Yaml,
        "otel-wrong-scope",
        "\
# The gateway of the shop
telemetry/opentelemetry: # ours
    exporters:
        otlp:
        # the collector
        - {name: c, host: c}
version: 3
",
        Some(
            "\
# The gateway of the shop
version: 3
extra_config:
    telemetry/opentelemetry: # ours
        exporters:
            otlp:
            # the collector
            - {name: c, host: c}
",
        ),
    ),
    (
        Format::Yaml,
        "override-misplaced-key",
        "\
version: 3
endpoints:
  - endpoint: /a
    backend:
      - url_pattern: /a
        host: [http://b]
        # for this one
        extra_config:
          telemetry/opentelemetry:
            # too many
            proxy: {disable_metrics: true} # for now
",
        Some(
            "\
version: 3
endpoints:
  - endpoint: /a
    extra_config:
      telemetry/opentelemetry:
        # too many
        proxy: {disable_metrics: true} # for now
    backend:
      - url_pattern: /a
        host: [http://b]
        # for this one
        extra_config: {}
",
        ),
    ),
    // Between brackets comments stay where they are.
    (
        Format::Yaml,
        "otel-wrong-scope",
        "{version: 3,\n  # ours\n  telemetry/opentelemetry: {exporters: {otlp: [{name: c, host: c}]}}}\n",
        None,
    ),
    // What an alias stands for is also elsewhere.
    (
        Format::Yaml,
        "unknown-field",
        "version: 3\nbase: &b {skip_paths: [/x]}\nextra_config:\n  telemetry/opentelemetry:\n    \
             exporters: {otlp: [{name: c, host: c}]}\n    layers: {global: *b}\n",
        None,
    ),
    (
        Format::Yaml,
        "unknown-field",
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    \
             exporters: {otlp: [{name: c, host: c}]}\n    layers: {global: &b {skip_paths: [/x]}}\n\
             other: *b\n",
        None,
    ),
    // What is merged in is written elsewhere.
    (
        Format::Yaml,
        "unknown-field",
        "version: 3\nbase: &b {skip_paths: [/x]}\nextra_config:\n  telemetry/opentelemetry:\n    \
             exporters: {otlp: [{name: c, host: c}]}\n    layers: {global: {<<: *b}}\n",
        None,
    ),
];

pub const TOML: &[Text] = &[
    (
        Format::Toml,
        "unknown-field",
        "\
version = 3

[extra_config.\"telemetry/opentelemetry\"]
  # where it goes
  exporters.otlp = [{ name = \"c\", host = \"c\" }]

[extra_config.\"telemetry/opentelemetry\".layers.global]
  disable_traces = true
  # noise
  skip_paths = ['/__health'] # exact
",
        Some(
            "\
version = 3

[extra_config.\"telemetry/opentelemetry\"]
  # noise
  skip_paths = ['/__health'] # exact
  # where it goes
  exporters.otlp = [{ name = \"c\", host = \"c\" }]

[extra_config.\"telemetry/opentelemetry\".layers.global]
  disable_traces = true
",
        ),
    ),
    (
        Format::Toml,
        "otel-wrong-scope",
        "\
version = 3

[\"telemetry/opentelemetry\"] # ours
trace_sample_rate = 0.5

# the collector
[[ \"telemetry/opentelemetry\".exporters.otlp ]]
name = \"c\"
host = \"c\"
",
        Some(
            "\
version = 3

[extra_config.\"telemetry/opentelemetry\"] # ours
trace_sample_rate = 0.5

# the collector
[[ extra_config.\"telemetry/opentelemetry\".exporters.otlp ]]
name = \"c\"
host = \"c\"
",
        ),
    ),
    (
        Format::Toml,
        "override-misplaced-key",
        "\
version = 3
[[endpoints]]
endpoint = \"/a\"
[[endpoints.backend]]
url_pattern = \"/a\"
host = [\"http://b\"]
[endpoints.backend.extra_config.\"telemetry/opentelemetry\".proxy] # too many
disable_metrics = true
[[endpoints]]
endpoint = \"/b\"
backend = [{ url_pattern = \"/b\", host = [\"http://b\"] }]
",
        Some(
            "\
version = 3
[[endpoints]]
endpoint = \"/a\"
[[endpoints.backend]]
url_pattern = \"/a\"
host = [\"http://b\"]
[endpoints.extra_config.\"telemetry/opentelemetry\".proxy] # too many
disable_metrics = true
[[endpoints]]
endpoint = \"/b\"
backend = [{ url_pattern = \"/b\", host = [\"http://b\"] }]
",
        ),
    ),
    // A table that dotted keys extend cannot be named by a header, and the other way round.
    (
        Format::Toml,
        "otel-wrong-scope",
        "version = 3\n\"telemetry/opentelemetry\".trace_sample_rate = 0.5\n\
             [[\"telemetry/opentelemetry\".exporters.otlp]]\nname = \"c\"\nhost = \"c\"\n",
        None,
    ),
    (
        Format::Toml,
        "otel-wrong-scope",
        "version = 3\nextra_config.x.y = 1\n\
             [[\"telemetry/opentelemetry\".exporters.otlp]]\nname = \"c\"\nhost = \"c\"\n",
        None,
    ),
    (
        Format::Toml,
        "otel-wrong-scope",
        "version = 3\nextra_config = {}\n\
             [[\"telemetry/opentelemetry\".exporters.otlp]]\nname = \"c\"\nhost = \"c\"\n",
        None,
    ),
];

pub const PARTS: &[Text] = &[
    // With an `extra_config` at its root it would be the configuration of a service.
    (
        Format::Json,
        "override-misplaced-key",
        "{\"endpoint\": \"/a\", \"backend\": [{\"url_pattern\": \"/a\", \"host\": [\"http://b\"], \
         \"extra_config\": {\"telemetry/opentelemetry\": {\"proxy\": {\"disable_metrics\": true}}}}]}",
        None,
    ),
    // An action is not moved, text beside one is.
    (
        Format::Json,
        "unknown-field",
        "{\"version\": 3, \"extra_config\": {\"telemetry/opentelemetry\": {\
             \"exporters\": {\"otlp\": [{\"name\": \"c\", \"host\": \"c\"}]}, \
             \"layers\": {\"global\": {\"skip_paths\": [{{ .path }}]}}}}}",
        None,
    ),
    (
        Format::Json,
        "unknown-field",
        "{\"version\": 3, \"port\": {{ .port }}, \"extra_config\": {\"telemetry/opentelemetry\": {\
             \"exporters\": {\"otlp\": [{\"name\": \"c\", \"host\": \"c\"}]}, \
             \"layers\": {\"global\": {\"skip_paths\": [\"/x\"]}}}}}",
        Some(
            "{\"version\": 3, \"port\": {{ .port }}, \"extra_config\": {\"telemetry/opentelemetry\": {\
                 \"skip_paths\": [\"/x\"], \"exporters\": {\"otlp\": [{\"name\": \"c\", \"host\": \"c\"}]}, \
                 \"layers\": {\"global\": {}}}}}",
        ),
    ),
];
