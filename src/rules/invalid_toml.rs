use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// The file is not TOML.
pub static RULE: Rule = Rule {
    id: "invalid-toml",
    summary: "the file is not valid TOML, so the gateway does not start",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The gateway reads TOML with go-toml 1.9. It refuses the whole file for a broken line, for a key or
table that is there twice, for text without quotes, and for a comma after the last member of an
inline table (in an array it is allowed).

Bytes that are not UTF-8, which it reads as U+FFFD, and `inf` or `nan`, which it reads but cannot hand
on, are a warning.

```toml bad
version = 3

[extra_config."telemetry/opentelemetry"]
service_name = "gateway"

[[extra_config."telemetry/opentelemetry".exporters.otlp]]
name = collector
host = "collector"
```

```toml good
version = 3

[extra_config."telemetry/opentelemetry"]
service_name = "gateway"

[[extra_config."telemetry/opentelemetry".exporters.otlp]]
name = "collector"
host = "collector"
```

```toml bad
version = 3

[extra_config."telemetry/opentelemetry".exporters]
otlp = [{ name = "collector", host = "collector" }]

[extra_config."telemetry/opentelemetry".exporters]
prometheus = [{ name = "metrics" }]
```

```toml good
version = 3

[extra_config."telemetry/opentelemetry".exporters]
otlp = [{ name = "collector", host = "collector" }]
prometheus = [{ name = "metrics" }]
```

```toml bad
version = 3

[extra_config."telemetry/opentelemetry".exporters]
otlp = [{ name = "collector", host = "collector", }]
```

```toml fixed
version = 3

[extra_config."telemetry/opentelemetry".exporters]
otlp = [{ name = "collector", host = "collector" }]
```
"#,
    evidence: &["go-toml v1.9.5 lexer.go, parser.go", "krakend-koanf parser.go, go.mod"],
    check: Check::Reader,
};
