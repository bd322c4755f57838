use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// The file is not YAML that the gateway takes.
pub static RULE: Rule = Rule {
    id: "invalid-yaml",
    summary: "the file is not YAML as the gateway reads it, so the gateway does not start",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r"
The gateway reads a file called `.yaml` or `.yml` with `go.yaml.in/yaml/v3`, and exits if that
library refuses it: for a fault in the syntax, for a key that stands twice in one mapping, for an
alias without its anchor, and for a root that is not a mapping.

A warning is what it reads, but hardly as it was meant: a second document in the file, which is
ignored, or `.inf` and `.nan`, which cannot be handed on as JSON.

```yaml bad
version: 3
extra_config:
  telemetry/opentelemetry:
    exporters:
      otlp:
        - name: collector
          host: old-collector
          host: collector
```

```yaml bad
version: 3
extra_config:
  telemetry/opentelemetry:
    exporters:
      otlp:
        - name: collector
          host:collector
          port: 4317
```

```yaml good
version: 3
extra_config:
  telemetry/opentelemetry:
    exporters:
      otlp:
        - name: collector
          host: collector
```
",
    evidence: &[
        "krakend-koanf parser.go:56-69",
        "go.yaml.in/yaml/v3 decode.go (mapping, alias), scannerc.go, parserc.go",
    ],
    check: Check::Reader,
};
