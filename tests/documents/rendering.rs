//! The renderer of templates against what Go's own rendered: `fixtures/template-rendering/` holds
//! small projects, and beside each what a gateway made of it. `conformance/rendering` records that, and
//! damages them: `RENDERING=FILE cargo test --test documents rendering::` compares with other ones.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use otel_lint::source::{Source, Span};
use otel_lint::template::{
    ErrorKind, Limits, Origin, Place, Project, Rendered, Role, UnknownKind, render,
};
use serde_json::Value;

/// A project of fixtures.
struct Case {
    name: String,
    project: Project,
    value: Value,
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn add_all(project: &mut Project, role: Role, folder: &str, files: &Value) {
    for (name, content) in files.as_object().into_iter().flatten() {
        let source = Source::new(format!("{folder}/{name}"), text(content));
        project.add(role, name.clone(), source);
    }
}

fn all_cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/template-rendering");
    let mut paths: Vec<_> = match env::var_os("RENDERING") {
        Some(path) => vec![path.into()],
        None => fs::read_dir(folder)
            .expect("the fixtures are there")
            .map(|entry| entry.expect("an entry").path())
            .collect(),
    };
    paths.sort();
    read_cases(&paths)
}

/// The projects without those that are damaged.
fn cases() -> Vec<Case> {
    let mut cases = all_cases();
    cases.retain(|case| !case.name.starts_with("damaged/"));
    cases
}

fn read_cases(paths: &[PathBuf]) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in paths {
        let bytes = fs::read(path).expect("a fixture");
        let shared: Value = serde_json::from_slice(&bytes).expect("JSON");
        for value in shared["cases"].as_array().expect("a list") {
            let base = Source::new("base.tmpl", text(&value["base"]));
            let mut project = Project::new("base.tmpl", base);
            let settings = value.get("settings").unwrap_or(&shared["settings"]);
            add_all(&mut project, Role::Settings, "settings", settings);
            add_all(&mut project, Role::Partial, "partials", &shared["partials"]);
            add_all(&mut project, Role::Template, "templates", &value["templates"]);
            for (name, content) in shared["environment"].as_object().expect("an object") {
                let variables = &mut project.environment.variables;
                variables.insert(name.clone(), text(content).to_owned());
            }
            project.environment.complete = true;
            let stem = path.file_stem().expect("a name").to_string_lossy();
            let name = format!("{stem}/{}", text(&value["name"]));
            cases.push(Case { name, project, value: value.clone() });
        }
    }
    cases
}

/// What a case is expected to render to.
fn expected(value: &Value) -> Option<Vec<u8>> {
    if let Some(bytes) = value["bytes"].as_array() {
        let byte = |byte: &Value| u8::try_from(byte.as_u64().expect("a byte")).expect("a byte");
        return Some(bytes.iter().map(byte).collect());
    }
    value["text"].as_str().map(|text| text.as_bytes().to_vec())
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn each_project_renders_to_the_bytes_of_the_gateway() {
    let cases = all_cases();
    assert!(cases.len() > 300, "fixtures are missing");
    let (mut wrong, mut unsupported) = (Vec::new(), 0);
    for Case { name, project, value } in &cases {
        let rendered = render(project, &Limits::default());
        let error = rendered.errors.first();
        let kind = error.map(|error| error.kind.as_str());
        // Complex numbers, and words of scripts whose upper case this program does not know.
        if kind == Some("unsupported") || !rendered.unknowns.is_empty() {
            unsupported += 1;
            continue;
        }
        if kind != value["error"].as_str() {
            wrong.push(format!("{name}: {kind:?}, and not {}", value["error"]));
        }
        if let Some(expected) = expected(value)
            && expected != rendered.text
        {
            let (expected, text) = (lossy(&expected), lossy(&rendered.text));
            wrong.push(format!("{name}: {text:?}, and not {expected:?}"));
        }
        if let (Some(error), Some(line)) = (error, value["line"].as_u64()) {
            let file = project.file(error.place.file);
            let found = file.source.position(error.place.span.start).line;
            // Go points at the end of the file, where it misses the end of a block or an action.
            let is_unclosed = error.message.contains("no `{{end}}`")
                || error.message.contains("this action has no `}}`");
            let is_there = file.name == text(&value["file"]) && u64::from(found) == line;
            if !is_there && !is_unclosed {
                wrong.push(format!("{name}: line {found} of {}, and not {line}", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unsupported < 10, "{unsupported}");
}

/// Each byte has an origin; what is said to stand somewhere stands there.
fn check_origins(name: &str, project: &Project, rendered: &Rendered) {
    let mut end = 0;
    for located in rendered.origins.iter(project) {
        assert_eq!(located.rendered.start, end, "{name}: a gap");
        end = located.rendered.end;
        assert!(!located.sources.is_empty(), "{name}: no source at {end}");
        let text = &rendered.text[located.rendered.range()];
        for source in located.sources.iter().filter(|source| source.exact) {
            let place = source.place.expect("what is exact has a place");
            let written = project.file(place.file).source.slice(place.span);
            assert_eq!(lossy(written), lossy(text), "{name}");
            for offset in located.rendered.range() {
                let at = rendered.origins.at(offset as u32, project).expect("a byte");
                let at = at.sources[0].place.expect("an exact place");
                let bytes = project.file(at.file).source.bytes();
                assert_eq!(bytes[at.span.start as usize], rendered.text[offset], "{name}");
            }
        }
    }
    assert_eq!(end as usize, rendered.text.len(), "{name}: no origin of the end");
}

#[test]
fn each_byte_has_an_origin() {
    for Case { name, project, .. } in &cases() {
        check_origins(name, project, &render(project, &Limits::default()));
    }
}

/// A project of a base, with settings `a`.
fn project(base: &str, settings: &str) -> Project {
    let mut project = Project::new("base.tmpl", Source::new("base.tmpl", base));
    project.add(Role::Settings, "a", Source::new("settings/a.json", settings));
    project
}

fn rendered(project: &Project) -> Rendered {
    let rendered = render(project, &Limits::default());
    assert_eq!(rendered.errors, [], "{}", lossy(&rendered.text));
    check_origins("own", project, &rendered);
    rendered
}

/// Where the first `part` of the text stands.
fn find(rendered: &Rendered, part: &str) -> Span {
    let text = lossy(&rendered.text);
    let start = text.find(part).unwrap_or_else(|| panic!("no {part:?} in {text:?}"));
    Span::new(start, start + part.len())
}

fn written(project: &Project, place: Place) -> String {
    let source = &project.file(place.file).source;
    format!("{}: {}", source.name(), lossy(source.slice(place.span)))
}

#[test]
fn a_setting_is_found_where_it_is_written() {
    let settings = r#"{"host": "collector", "ports": [4317, 4318], "x": {"k": "v\n"}}"#;
    let base =
        r#"{"host": "{{ .a.host }}", "port": {{ index .a.ports 1 }}, "x": {{ marshal .a.x }}}"#;
    let project = project(base, settings);
    let rendered = rendered(&project);
    let exact = |part: &str| {
        rendered.origins.exact(find(&rendered, part), &project).map(|at| written(&project, at))
    };
    assert_eq!(exact("llect").as_deref(), Some("settings/a.json: llect"));
    assert_eq!(exact("4318").as_deref(), Some("settings/a.json: 4318"));
    assert_eq!(exact("\"k\"").as_deref(), Some("settings/a.json: \"k\""));
    assert_eq!(exact("\"v\\n\"").as_deref(), Some("settings/a.json: \"v\\n\""));
    assert_eq!(exact("\"port\"").as_deref(), Some("base.tmpl: \"port\""));
    assert_eq!(exact("\"collector\""), None, "its quotes are the template's");
    let origin = |part: &str| {
        let at = rendered.origins.at(find(&rendered, part).start, &project).expect("a byte");
        at.sources[0].origin.clone()
    };
    assert_eq!(origin("4318"), Origin::Setting("/ports/1".to_owned()));
    assert_eq!(origin("\"k\""), Origin::Key("/x/k".to_owned()));
    assert_eq!(origin("\"v\\n\""), Origin::Setting("/x/k".to_owned()));
}

#[test]
fn what_is_computed_knows_what_it_is_made_of() {
    let settings = r#"{"host": "collector", "port": 4317}"#;
    let base = r#"{{ printf "%s:%v" .a.host .a.port }} {{ .a.host | upper }}"#;
    let project = project(base, settings);
    let rendered = rendered(&project);
    let at = rendered.origins.at(3, &project).expect("a byte");
    let pointers: Vec<_> = at.sources.iter().map(|source| &source.origin).collect();
    let setting = |pointer: &str| Origin::Setting(pointer.to_owned());
    assert_eq!(pointers, [&setting("/host"), &setting("/port")]);
    assert!(at.sources.iter().all(|source| !source.exact));
    let action = at.action.expect("an action writes it");
    assert_eq!(written(&project, action), r#"base.tmpl: {{ printf "%s:%v" .a.host .a.port }}"#);
    let upper = rendered.origins.at(find(&rendered, "COLL").start, &project).expect("a byte");
    assert_eq!(upper.sources[0].origin, setting("/host"));
    assert!(!upper.sources[0].exact);
}

#[test]
fn the_chain_names_templates_and_iterations() {
    let settings = r#"{"list": [{"n": "one"}, {"n": "two"}]}"#;
    let base =
        r#"{{ range $i, $e := .a.list }}{{ template "item" $e }};{{ end }}{{ include "p.txt" }}"#;
    let mut project = project(base, settings);
    let item = Source::new("templates/item.tmpl", r#"{{ define "item" }}<{{ .n }}>{{ end }}"#);
    project.add(Role::Template, "item.tmpl", item);
    project.add(Role::Partial, "p.txt", Source::new("partials/p.txt", "{{ raw }}"));
    let rendered = rendered(&project);
    assert_eq!(lossy(&rendered.text), "<one>;<two>;{{ raw }}");
    let two = rendered.origins.at(find(&rendered, "two").start, &project).expect("a byte");
    assert_eq!(two.chain.len(), 2);
    assert_eq!(two.chain[0].iteration, Some(1));
    let (_, pointer) = two.chain[0].collection.clone().expect("a setting");
    assert_eq!(pointer, "/list");
    assert_eq!(written(&project, two.chain[1].place), r#"base.tmpl: {{ template "item" $e }}"#);
    let semicolon = rendered.origins.at(find(&rendered, ">;").start + 1, &project).expect("a byte");
    assert_eq!(semicolon.chain.len(), 1, "the template is left");
    let raw = rendered.origins.exact(find(&rendered, "raw"), &project).expect("a partial");
    assert_eq!(written(&project, raw), "partials/p.txt: raw");
    let raw = rendered.origins.at(find(&rendered, "raw").start, &project).expect("a byte");
    assert_eq!((raw.chain.len(), &raw.sources[0].origin), (0, &Origin::Partial));
}

#[test]
fn what_is_not_given_is_marked() {
    let base = "{{ env \"HOST\" }} {{ .a.x }} {{ env \"HOST\" | quote }} {{ if env \"ON\" }}on{{ end }} \
                {{ uuidv4 }} {{ join \",\" (list (env \"HOST\") \"b\") }} {{ (split \":\" (env \"HOST\"))._1 }}\
                {{ $d := dict }}{{ $_ := set $d \"k\" (env \"HOST\") }} {{ toJson $d }} {{ $d }}";
    let project = project(base, r#"{"x": 5}"#);
    let rendered = rendered(&project);
    assert_eq!(lossy(&rendered.text), r#"1 5 "1" on 3 1,b 1 {"k":"1"} map[k:1]"#);
    let kinds: Vec<_> = rendered.unknowns.iter().map(|unknown| unknown.kind.clone()).collect();
    let variable = |name: &str| UnknownKind::Variable(name.to_owned());
    assert_eq!(kinds, [variable("HOST"), variable("ON"), UnknownKind::Function("uuidv4")]);
    assert_eq!(written(&project, rendered.unknowns[0].place), "base.tmpl: env");
    let decides = &rendered.unknowns[1].decides;
    assert_eq!(written(&project, decides[0]), "base.tmpl: {{ if env \"ON\" }}");
    assert!(rendered.unknowns[0].decides.is_empty());
    let depends = |part: &str| rendered.origins.depends_on_unknown(find(&rendered, part));
    for part in ["1 ", "\"1\"", "3", "1,b", "b 1", "\"1\"}", "map[k:1]"] {
        assert!(depends(part), "{part}");
    }
    assert!(!depends("5") && !depends("on"));
}

#[test]
fn a_variable_that_is_known_not_to_be_set_is_empty() {
    let mut project = project("[{{ env \"HOST\" }}{{ env \"SET\" }}]", "{}");
    project.environment.complete = true;
    project.environment.variables.insert("SET".to_owned(), "value".to_owned());
    let rendered = rendered(&project);
    assert_eq!(lossy(&rendered.text), "[value]");
    assert!(rendered.unknowns.is_empty());
    let at = rendered.origins.at(2, &project).expect("a byte");
    assert_eq!(at.sources[0].origin, Origin::Variable("SET".to_owned()));
}

#[test]
fn a_partial_that_is_missing_is_told() {
    let rendered = rendered(&project("a{{ include \"none.txt\" }}b", "{}"));
    assert_eq!(lossy(&rendered.text), "ab");
    assert_eq!(rendered.missing_partials.len(), 1);
    assert_eq!(rendered.missing_partials[0].0, "none.txt");
}

#[test]
fn faults_of_several_files_are_told_at_once() {
    let mut project = project("{{ nosuch }}", "{");
    project.add(Role::Template, "t.tmpl", Source::new("templates/t.tmpl", "{{ $x }}"));
    let rendered = render(&project, &Limits::default());
    let kinds: Vec<_> = rendered.errors.iter().map(|error| error.kind).collect();
    let expected = [ErrorKind::Settings, ErrorKind::UnknownFunction, ErrorKind::UndefinedVariable];
    assert_eq!(kinds, expected);
    assert_eq!(written(&project, rendered.errors[1].place), "base.tmpl: nosuch");
}

#[test]
fn what_never_ends_or_grows_without_end_reaches_a_limit() {
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    let parens = format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000));
    let blocks = format!("{}x{}", "{{ if true }}".repeat(20_000), "{{ end }}".repeat(20_000));
    for (base, settings) in [
        ("{{ define \"r\" }}{{ template \"r\" }}{{ end }}{{ template \"r\" }}", "{}"),
        ("{{ range until 2000000000 }}{{ end }}", "{}"),
        ("{{ range 9000000000 }}{{ end }}", "{}"),
        ("{{ $s := \"0123456789\" }}{{ range 60 }}{{ $s = print $s $s }}{{ end }}", "{}"),
        ("{{ $s := repeat 10000000 \"0123456789\" }}{{ range 10 }}{{ $s }}{{ end }}", "{}"),
        ("{{ repeat 9000000000 \"x\" }}", "{}"),
        ("{{ printf \"%1000000d\" 1 | repeat 1000000 }}", "{}"),
        ("{{ $d := dict }}{{ range 60 }}{{ $d = dict \"a\" $d \"b\" $d }}{{ end }}{{ $d }}", "{}"),
        ("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ toJson $d }}", "{}"),
        ("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $d }}", "{}"),
        ("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ deepCopy $d }}", "{}"),
        ("{{ $d := dict }}{{ range 100000 }}{{ $d = dict \"d\" $d }}{{ end }}{{ $d }}", "{}"),
        ("{{ replace \"\" (repeat 100000 \"x\") (repeat 100000 \"y\") }}", "{}"),
        (&parens, "{}"),
        ("{{ .a }}", &deep),
    ] {
        let limits =
            Limits { steps: 1_000_000, memory: 1 << 26, output: 1 << 24, ..Limits::default() };
        let rendered = render(&project(base, settings), &limits);
        let kinds: Vec<_> = rendered.errors.iter().map(|error| error.kind).collect();
        assert_eq!(kinds, [ErrorKind::Limit], "{base:.80}");
    }
    // Blocks within blocks are no nesting of ours.
    assert_eq!(lossy(&rendered(&project(&blocks, "{}")).text), "x");
}

#[test]
fn no_part_of_a_template_stops_the_program() {
    for Case { name, value, .. } in &cases() {
        let base = text(&value["base"]);
        for (end, _) in base.char_indices() {
            for part in [&base[..end], &base[end..]] {
                let project = project(part, r#"{"x": [1]}"#);
                check_origins(name, &project, &render(&project, &Limits::default()));
            }
        }
    }
}

#[test]
fn the_same_project_gives_the_same_bytes_and_origins() {
    for Case { name, project, .. } in &cases() {
        let (one, two) = (render(project, &Limits::default()), render(project, &Limits::default()));
        assert_eq!(one.text, two.text, "{name}");
        let origins = |rendered: &Rendered| rendered.origins.iter(project).collect::<Vec<_>>();
        assert_eq!(origins(&one), origins(&two), "{name}");
    }
}

/// The text is not computed, but it is not an error either: the gateway has both functions.
#[test]
fn a_duration_is_known_only_to_the_gateway() {
    for call in ["duration 90", "durationRound 3700"] {
        let base = format!("{{{{ {call} }}}}");
        let project = Project::new("krakend.tmpl", Source::new("krakend.tmpl", base));
        let rendered = render(&project, &Limits::default());
        assert!(rendered.errors.is_empty(), "{call}: {:?}", rendered.errors);
        assert_eq!(rendered.unknowns.len(), 1, "{call}");
    }
}
