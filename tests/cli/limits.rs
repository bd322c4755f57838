//! Limits: what they are, and that reaching one is said. `docs/limits.md` lists them.

use crate::program::{BAD, Folder, err, out, status};

/// A configuration with `count` keys that no schema knows.
fn unknown_keys(count: usize) -> String {
    let keys: String = (0..count).map(|nth| format!("\"nobody_knows_{nth}\": 1,\n")).collect();
    format!(
        "{{\"version\": 3, \"extra_config\": {{\"telemetry/opentelemetry\": {{{keys}\"exporters\": \
         {{\"otlp\": [{{\"name\": \"a\", \"host\": \"collector\"}}]}}}}}}}}"
    )
}

#[test]
fn people_see_the_first_of_many_findings_and_are_told_of_the_rest() {
    let folder = Folder::new("most-findings");
    folder.write("krakend.json", unknown_keys(250));
    let all = |text: &str| text.matches("[unknown-field]").count();
    for format in ["human", "concise"] {
        for (arguments, shown) in
            [(&[][..], 100), (&["--max-findings", "7"], 7), (&["--max-findings", "0"], 250)]
        {
            let output = folder.run(&[&["krakend.json", "-f", format], arguments].concat());
            let text = out(&output);
            assert_eq!(all(&text), shown, "{format} {arguments:?}");
            let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let remark = format!(
                "krakend.json: {} more findings of unknown-field are not shown: --max-findings 0 shows all",
                250 - shown
            );
            assert_eq!(joined.contains(&remark), shown < 250, "{format} {arguments:?}: {text}");
        }
    }
    // Other rules have their own share, and programs get everything.
    for format in ["json", "sarif", "jsonl", "checkstyle"] {
        let output = folder.run(&["krakend.json", "-f", format, "--max-findings", "7"]);
        assert!(out(&output).matches("unknown-field").count() >= 250, "{format}");
    }
}

#[test]
fn a_file_that_is_too_large_is_not_passed_over_in_silence() {
    let folder = Folder::new("too-large");
    folder.write("krakend.json", format!("{BAD}{}", " ".repeat(2_000_000)));
    folder.write("small.json", BAD);
    let output = folder.run(&["krakend.json", "small.json", "--max-file-size", "1"]);
    assert_eq!(status(&output), 2);
    let said =
        "krakend.json: is larger than 1 MB, and not read: --max-file-size sets another limit";
    assert!(err(&output).contains(said), "{}", err(&output));
    assert!(out(&output).contains("small.json"), "the other one is checked all the same");
    let output = folder.run(&["krakend.json", "--max-file-size", "3"]);
    assert_eq!(status(&output), 1, "{}", err(&output));
    // It holds for standard input, whose length nobody knows before.
    let text = std::fs::File::open(folder.path("krakend.json")).expect("the file");
    let mut command = folder.command(&["-", "--max-file-size", "1"]);
    let output = command.stdin(text).output().expect("it runs");
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("is larger than 1 MB"), "{}", err(&output));
}

#[test]
fn places_of_one_finding_are_bounded_and_counted() {
    let exporters: Vec<String> =
        (0..40).map(|nth| format!("{{\"name\": \"p{nth}\", \"port\": 9090}}")).collect();
    let text = format!(
        "{{\"version\": 3, \"extra_config\": {{\"telemetry/opentelemetry\": {{\"exporters\": \
         {{\"prometheus\": [{}]}}}}}}}}",
        exporters.join(",\n")
    );
    let folder = Folder::new("most-places");
    folder.write("krakend.json", text);
    let report = out(&folder.run(&["krakend.json", "-f", "json"]));
    let report: serde_json::Value = serde_json::from_str(&report).expect("it is JSON");
    let findings = report["files"][0]["findings"].as_array().expect("a list");
    let of_rule = findings.iter().filter(|it| it["rule"] == "prometheus-port-conflict");
    let places: Vec<(usize, u64)> = of_rule
        .map(|it| {
            let related = it["related"].as_array().expect("a list").len();
            (related, it["moreRelated"].as_u64().expect("a number"))
        })
        .collect();
    assert_eq!(places.len(), 39);
    for (nth, place) in places.iter().enumerate() {
        let all = nth + 1;
        assert_eq!(*place, (all.min(16), all.saturating_sub(16) as u64));
    }
    let shown = out(&folder.run(&["krakend.json", "--max-findings", "0"]));
    assert!(shown.contains("30 more places"), "{shown}");
}
