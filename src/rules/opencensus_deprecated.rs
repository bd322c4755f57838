use crate::effective::components::{INFLUX, OPENCENSUS};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Declares [`MIGRATION`] and the page of the rule, of which it is a part.
macro_rules! migration {
    ($before:literal, [$($old:literal => $new:literal,)+], $after:literal) => {
        /// Settings of OpenCensus in lower case, and what OpenTelemetry has in their place.
        pub(crate) const MIGRATION: &[(&str, &str)] = &[$(($old, $new),)+];

        const PAGE: &str = concat!($before, $("- `", $old, "`: ", $new, "\n",)+ $after);
    };
}

/// A telemetry system that nobody maintains any more.
pub static RULE: Rule = Rule {
    id: "opencensus-deprecated",
    summary: "OpenCensus and other old telemetry systems are deprecated and will be removed",
    group: Group::Versions,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: PAGE,
    evidence: &[
        "krakend-documentation telemetry/opencensus.md",
        "krakend-ce pull request 1088",
        "krakend-audit rules.go (7.2.1 to 7.2.4)",
    ],
    check: Check::Semantic(check),
};

migration! {
    r#"
OpenCensus was archived in 2023 in favour of OpenTelemetry, and the gateway's next major release has
neither it nor the native InfluxDB client. Instana and Google Analytics were supported through old
libraries as well; the vendor's audit calls all four deprecated. They still work up to 2.13.

`telemetry/opentelemetry` takes their place. Most vendors take OTLP; for the others there is the
OpenTelemetry Collector. Settings of OpenCensus have these counterparts:

"#,
    [
    "sample_rate" => "The gateway calls it `trace_sample_rate`: a fraction between 0 and 1, such as 0.05 for 5 %; 0 traces every request.",
    "reporting_period" => "The gateway calls it `metric_reporting_period`, in seconds. Prometheus exporters need none.",
    "enabled_layers" => "There is no such setting: all layers report. Switch one off with `disable_metrics` and `disable_traces` in `layers.global` and `layers.proxy`, or with `disable_stage` in `metrics` and `traces` of `layers.backend`.",
    "router" => "OpenTelemetry calls this layer `global`.",
    "pipe" => "OpenTelemetry calls this layer `proxy`.",
    "jaeger" => "Jaeger takes OTLP: write an exporter under `otlp`, with port 4317 and `\"disable_metrics\": true`.",
    "zipkin" => "There is no Zipkin exporter: write an exporter under `otlp`, to a collector that forwards to Zipkin.",
    "ocagent" => "Write an exporter under `otlp`, to the OTLP port of the same collector: 4317.",
    "datadog" => "Write an exporter under `otlp`, to a Datadog agent with its OTLP receiver on: port 4317.",
    "stackdriver" => "Write an exporter under `otlp`, to a collector that forwards to Google Cloud.",
    "xray" => "Write an exporter under `otlp`, to a collector that forwards to AWS X-Ray.",
    "influxdb" => "Write an exporter under `otlp`, to a collector that forwards to InfluxDB.",
    "logger" => "There is no exporter to the log: the collector's `debug` exporter prints what it gets.",
    "agent_endpoint" => "Split it into `host` and `port`: Jaeger takes OTLP on port 4317.",
    "collector_url" => "Split it into `host` and `port`.",
    "trace_address" => "Split it into `host` and `port`: the Datadog agent takes OTLP on port 4317.",
    "stats_address" => "Split it into `host` and `port`: the Datadog agent takes OTLP on port 4317.",
    "buffer_max_count" => "There is no such setting: the environment variable OTEL_BSP_MAX_QUEUE_SIZE sets the size of the queue.",
    "namespace" => "There is no such setting: metrics keep the names of OpenTelemetry. To tell gateways apart, use `service_name`.",
    "tag_host" => "There is no such setting: add attributes with `metrics_static_attributes` of a layer.",
    "tag_path" => "There is no such setting: metrics have the attribute `http.route`.",
    "tag_method" => "There is no such setting: metrics have the attribute for the method already.",
    "tag_statuscode" => "There is no such setting: metrics have the attribute for the status code already.",
    ],
    r#"
```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opencensus": {
      "sample_rate": 100,
      "exporters": {
        "jaeger": { "endpoint": "http://jaeger:14268/api/traces", "service_name": "gateway" }
      }
    }
  }
}
```

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "jaeger", "host": "jaeger", "disable_metrics": true }]
      }
    }
  }
}
```
"#
}

/// Names of the systems in an `extra_config`, and what is to be said about each.
const SYSTEMS: &[(&[&str], &str)] = &[
    (OPENCENSUS, "OpenCensus is deprecated, and the next major release removes it"),
    (INFLUX, "the native InfluxDB client is deprecated, and the next major release removes it"),
    (&["telemetry/instana"], "the native Instana client is deprecated"),
    (&["telemetry/ganalytics"], "the Google Analytics client is deprecated"),
];

fn check(cx: &mut Context<'_>) {
    for (names, message) in SYSTEMS {
        let Some(member) = cx.effective.component(names) else { continue };
        let finding = cx.at(member.key, *message).labelled("no longer maintained").help(
            if *names == OPENCENSUS {
                "Use `telemetry/opentelemetry` in its place: `otel-lint migrate` writes it."
            } else {
                "Use `telemetry/opentelemetry` in its place."
            },
        );
        cx.report(finding);
    }
}
