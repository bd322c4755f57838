//! `init` and `migrate`: what they write, say, and leave alone.

use crate::program::{Folder, err, out, status};

/// Each destination, in each format and edition, gives a configuration without a finding.
#[test]
fn what_is_written_has_no_finding() {
    let targets = [
        "jaeger",
        "tempo",
        "collector",
        "alloy",
        "datadog",
        "newrelic",
        "honeycomb",
        "grafana-cloud",
        "dynatrace",
        "zipkin",
        "prometheus",
    ];
    let folder = Folder::new("init-targets");
    for target in targets {
        for name in ["krakend.json", "krakend.yaml", "krakend.toml"] {
            for edition in ["ce", "ee"] {
                for release in ["2.13", "2.10"] {
                    let file = format!("{target}-{edition}-{release}-{name}");
                    let gateway = ["--edition", edition, "--krakend-version", release];
                    let write = ["init", "--target", target, "--write", &file];
                    let run = folder.run(&[&write[..], &gateway].concat());
                    assert_eq!(status(&run), 0, "{file}: {}", err(&run));
                    let check = folder.run(&[&["--pedantic", &file][..], &gateway].concat());
                    // The placeholder of a credential is filled in before the gateway reads it.
                    let is_vendor = edition == "ee" && ["newrelic", "honeycomb"].contains(&target);
                    let said = out(&check);
                    let found: Vec<_> = said.lines().filter(|line| line.contains("]: ")).collect();
                    let only = "warning[unrendered-placeholder]: ";
                    let is_placeholder = found.len() == 1 && found[0].starts_with(only);
                    let expected = if is_vendor { is_placeholder } else { found.is_empty() };
                    assert!(expected, "{file}:\n{}{said}", folder.read(&file));
                    let is_told = err(&run).contains("still to look at");
                    assert_eq!(is_told, is_vendor, "{file}: {}", err(&run));
                }
            }
        }
    }
}

#[test]
fn a_short_configuration_gets_a_block_on_lines_of_its_own() {
    let folder = Folder::new("init-short");
    folder.write("krakend.json", r#"{"version": 3}"#);
    let run = folder.run(&["init", "--target", "jaeger", "--service-name", "shop-gateway"]);
    assert_eq!(status(&run), 0, "{}", err(&run));
    assert!(err(&run).contains("not written; --write writes it"), "{}", err(&run));
    // Nothing in it is secret.
    assert!(out(&run).contains("\"X-Api-Key\"") && !out(&run).contains("***"), "{}", out(&run));
    assert_eq!(folder.read("krakend.json"), r#"{"version": 3}"#);
    let run =
        folder.run(&["init", "--target", "jaeger", "--service-name", "shop-gateway", "--write"]);
    assert_eq!(status(&run), 0, "{}", err(&run));
    insta::assert_snapshot!("init_jaeger", folder.read("krakend.json"));
    insta::assert_snapshot!("init_jaeger_said", err(&run));
    // A second one is not written.
    let again = folder.run(&["init", "--target", "tempo", "--write"]);
    assert_eq!(status(&again), 2);
    assert!(
        err(&again).contains("it has `telemetry/opentelemetry` already, in line 4"),
        "{}",
        err(&again)
    );
}

#[test]
fn the_style_of_the_file_is_kept() {
    let folder = Folder::new("init-style");
    folder
        .write("tabs.json", "{\r\n\t\"version\": 3,\r\n\t\"name\": \"edge\",\r\n\t\"extra_config\": {\r\n\t\t\"router\": {}\r\n\t}\r\n}\r\n")
        .write("part.json", "{\n    \"router\": {},\n    \"telemetry/logging\": { \"level\": \"INFO\" }\n}\n")
        .write("edge.yaml", "# ours\nversion: 3\nextra_config:\n    router: {} # keep\n");
    for name in ["tabs.json", "part.json", "edge.yaml"] {
        let run = folder.run(&["init", "--target", "prometheus", "--write", name]);
        assert_eq!(status(&run), 0, "{name}: {}", err(&run));
    }
    insta::assert_snapshot!(
        "init_tabs",
        folder.read("tabs.json").replace('\t', "→").replace('\r', "␍")
    );
    insta::assert_snapshot!("init_part", folder.read("part.json"));
    insta::assert_snapshot!("init_yaml", folder.read("edge.yaml"));
}

#[test]
fn what_cannot_be_written_is_said() {
    let folder = Folder::new("init-refused");
    folder
        .write("broken.json", "{\"version\": 3,,}")
        .write("other.json", "{\"dependencies\": {}}")
        .write("list.json", "{\"version\": 3, \"extra_config\": []}")
        .write("base.tmpl", "{\"version\": {{ .version }}}")
        .write("part.tmpl", "{{ include \"a\" }},\n\"telemetry/logging\": {}\n")
        .write("edge.yaml.tmpl", "version: 3\nport: {{ .port }}\n")
        .write("endpoint.tmpl", "\"endpoint\": \"/a\"\n");
    for (name, why) in [
        ("broken.json", "correct its syntax first"),
        ("other.json", "neither a KrakenD configuration nor the content"),
        ("list.json", "the value in line 1 is not an object"),
        ("base.tmpl", "take the block from `otel-lint init --print`"),
        ("part.tmpl", "take the block from `otel-lint init --print`"),
        ("edge.yaml.tmpl", "take the block from `otel-lint init --print`"),
        ("endpoint.tmpl", "neither a KrakenD configuration nor the content"),
        (".", "is a directory"),
        ("no/folder.json", "no such file"),
    ] {
        let run = folder.run(&["init", "--target", "jaeger", "--write", name]);
        assert_eq!(status(&run), 2, "{name}: {}", err(&run));
        assert!(err(&run).contains(why), "{name}: {}", err(&run));
    }
    for (args, why) in [
        (&["init"][..], "where does telemetry go? Known are jaeger, tempo"),
        (&["init", "--target", "jeager"], "did you mean `jaeger`?"),
        (&["init", "--target", "jaeger", "--sample-rate", "0"], "above 0 and at most 1"),
        (&["init", "--target", "jaeger", "--port", "0"], "0 is not in 1..=65535"),
    ] {
        let run = folder.run(args);
        assert_eq!(status(&run), 2, "{args:?}");
        assert!(err(&run).contains(why), "{args:?}: {}", err(&run));
    }
}

/// A base with its partials, in which nothing is found but what belongs to the base.
#[test]
fn a_partial_is_members_for_the_base_to_take_in() {
    let folder = Folder::new("init-partial");
    folder.write(
        "krakend.tmpl",
        "{\n  \"version\": 3,\n  \"extra_config\": {\n    {{ include \"telemetry.tmpl\" }},\n    \
         {{ include \"more/logging.tmpl\" }},\n    {{ template \"object.tmpl\" . }}\n  }\n}\n",
    );
    let old = "\"telemetry/logging\": {\n    \"level\": \"INFO\"\n}\n";
    folder
        .write("partials/more/logging.tmpl", old)
        .write("templates/object.tmpl", "\"router\": {}\n");
    let init = |name: &str| {
        let run = folder.run(&["init", "--target", "jaeger", "--write", name]);
        assert_eq!(status(&run), 0, "{name}: {}", err(&run));
        err(&run)
    };
    let said = init("partials/telemetry.tmpl");
    let action =
        "{{ include \"telemetry.tmpl\" }}: belongs into the `extra_config` at the root of the base";
    assert!(said.contains(action), "{said}");
    let text = folder.read("partials/telemetry.tmpl");
    assert!(text.starts_with("\"telemetry/opentelemetry\": {\n  \"service_name\": "), "{text}");
    let check = folder.run(&["--pedantic", "krakend.tmpl"]);
    assert_eq!(status(&check), 0, "{}{}", out(&check), err(&check));
    let rendered = out(&folder.run(&["render", "krakend.tmpl"]));
    let rendered: serde_json::Value = serde_json::from_str(&rendered).expect("JSON");
    let blocks = rendered["extra_config"].as_object().expect("an object");
    let names: Vec<_> = blocks.keys().collect();
    assert_eq!(names, ["telemetry/opentelemetry", "telemetry/logging", "router"]);
    let exporter = &blocks["telemetry/opentelemetry"]["exporters"]["otlp"][0];
    assert_eq!(exporter["host"], "jaeger");
    // The same again is refused, at its line.
    let again = folder.run(&["init", "--target", "jaeger", "--write", "partials/telemetry.tmpl"]);
    assert!(
        err(&again).contains("`telemetry/opentelemetry` already, in line 1"),
        "{}",
        err(&again)
    );
    // Into a partial that has something else already, and by a template.
    std::fs::remove_file(folder.path("partials/telemetry.tmpl")).expect("it was written");
    folder.write("partials/telemetry.tmpl", "\"proxy\": {}\n");
    let said = init("partials/more/logging.tmpl");
    assert!(said.contains("{{ include \"more/logging.tmpl\" }}"), "{said}");
    assert!(
        folder
            .read("partials/more/logging.tmpl")
            .starts_with(&old.replace("}\n", "},\n\"telemetry/open"))
    );
    let check = folder.run(&["--pedantic", "krakend.tmpl"]);
    assert_eq!(status(&check), 0, "{}{}", out(&check), err(&check));
    assert!(init("templates/new.tmpl").contains("{{ template \"new.tmpl\" . }}"));
    // A base is a whole configuration, also if it is one without actions yet.
    init("krakend.json.tmpl");
    let text = folder.read("krakend.json.tmpl");
    assert!(text.starts_with("{\n  \"$schema\""), "{text}");
    folder.write("plain.tmpl", "{\n  \"version\": 3\n}\n");
    init("plain.tmpl");
    assert!(folder.read("plain.tmpl").contains("\"version\": 3,\n  \"extra_config\": {"));
}

#[test]
fn the_block_alone_is_json() {
    let folder = Folder::new("init-print");
    let run = folder.run(&["init", "--target", "honeycomb", "--edition", "ee", "--print"]);
    let block: serde_json::Value = serde_json::from_str(&out(&run)).expect("JSON");
    assert_eq!(block["telemetry/opentelemetry"]["exporters"]["otlp"][0]["port"], 443);
    let headers = &block["telemetry/opentelemetry-security"]["otlp"][0]["headers"];
    assert_eq!(headers["x-honeycomb-team"], "${HONEYCOMB_API_KEY}");
    assert!(!folder.path("krakend.json").exists());
}

const OLD: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opencensus": {
      "sample_rate": 25,
      "reporting_period": 5,
      "enabled_layers": { "router": true, "backend": true },
      "exporters": {
        "jaeger": { "endpoint": "http://me:hunter2@tracing:14268/api/traces", "service_name": "shop" },
        "prometheus": { "port": 9091, "namespace": "krakend" },
        "zipkin": { "collector_url": "http://zipkin:9411/api/v2/spans" },
        "logger": {}
      }
    },
    "router": {}
  }
}
"#;

#[test]
fn opencensus_becomes_opentelemetry() {
    let folder = Folder::new("migrate");
    folder.write("krakend.json", OLD);
    let run = folder.run(&["migrate"]);
    assert_eq!((status(&run), folder.read("krakend.json").as_str()), (0, OLD), "{}", err(&run));
    assert!(!out(&run).contains("hunter2") && !err(&run).contains("hunter2"));
    let run = folder.run(&["migrate", "--remove", "--write"]);
    assert_eq!(status(&run), 0, "{}", err(&run));
    assert!(!out(&run).contains("hunter2"), "{}", out(&run));
    insta::assert_snapshot!("migrate", folder.read("krakend.json"));
    insta::assert_snapshot!("migrate_said", err(&run));
    let again = folder.run(&["migrate"]);
    assert_eq!(status(&again), 2);
    assert!(err(&again).contains("it has no `telemetry/opencensus`"), "{}", err(&again));
}

/// OpenCensus traces nothing at 0 %, OpenTelemetry everything.
#[test]
fn a_rate_of_zero_stays_no_traces() {
    let folder = Folder::new("migrate-zero");
    folder
        .write("k.json", OLD.replace("\"sample_rate\": 25,", ""))
        .run(&["migrate", "--write", "k.json"]);
    let text: serde_json::Value = serde_json::from_str(&folder.read("k.json")).expect("JSON");
    let block = &text["extra_config"]["telemetry/opentelemetry"];
    assert_eq!(block["exporters"]["otlp"][0]["disable_traces"], true);
    assert_eq!(block.get("trace_sample_rate"), None);
    assert!(text["extra_config"].get("telemetry/opencensus").is_some());
}
