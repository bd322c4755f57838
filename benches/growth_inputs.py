"""Hostile inputs that come in any size: what `benches/growth` measures.

Each generator takes a size and gives a `Case`. Twice the size is twice the bytes, or nearly so.
"""

import base64
import json
from dataclasses import dataclass, field


@dataclass
class Case:
    """A run: files by name, the arguments after the command, and settings of Flexible Configuration."""

    text: str
    name: str = "krakend.json"
    files: dict = field(default_factory=dict)
    arguments: list = field(default_factory=list)


GENERATORS = {}


def generator(size):
    """Registers a generator with the size it is first run at."""

    def register(function):
        GENERATORS[function.__name__] = (function, size)
        return function

    return register


def gateway(block, endpoints=(), indent=None, **more):
    whole = {"version": 3, **more, "extra_config": {"telemetry/opentelemetry": block}, "endpoints": list(endpoints)}
    return json.dumps(whole, indent=indent)


def collector(name="collector", **more):
    return {"name": name, "host": "collector.internal", **more}


def otlp(*exporters):
    return {"exporters": {"otlp": list(exporters or [collector()])}}


def endpoint(path, block=None, backend=None, **more):
    one = {"endpoint": path, **more, "backend": [{"url_pattern": path, "host": ["http://backend"], **(backend or {})}]}
    if block is not None:
        one["extra_config"] = {"telemetry/opentelemetry": block}
    return one


def raw_gateway(members, endpoints="[]"):
    """A gateway whose telemetry block is written as it is."""
    return f'{{"version": 3, "extra_config": {{"telemetry/opentelemetry": {{{members}}}}}, "endpoints": {endpoints}}}'


EXPORTERS = '"exporters": {"otlp": [{"name": "a", "host": "collector"}]}'


# Exporters.


@generator(150)
def prometheus_on_one_port(n):
    block = {"exporters": {"prometheus": [{"name": f"p{i}", "port": 9090} for i in range(n)]}}
    return Case(gateway(block, indent=1))


@generator(150)
def prometheus_on_one_line(n):
    block = {"exporters": {"prometheus": [{"name": f"p{i}", "port": 9090} for i in range(n)]}}
    return Case(gateway(block))


@generator(150)
def clean_exporters(n):
    names = [f"collector{i}" for i in range(n)]
    return Case(gateway(otlp(*[{"name": name, "host": f"{name}.internal"} for name in names]), indent=1))


@generator(150)
def clean_prometheus(n):
    block = {"exporters": {"prometheus": [{"name": f"p{i}", "port": 10000 + i} for i in range(n)]}}
    return Case(gateway(block))


@generator(150)
def one_collector_many_times(n):
    return Case(gateway(otlp(*[collector(f"c{i}") for i in range(n)])))


@generator(150)
def equal_names(n):
    return Case(gateway(otlp(*[collector("same", port=4000 + i) for i in range(n)])))


@generator(150)
def exporters_without_names(n):
    return Case(gateway(otlp(*[{"host": f"collector{i}"} for i in range(n)])))


@generator(150)
def refused_exporters(n):
    exporters = [{"name": f"c{i}", "host": f"http://user:password@collector{i}:4318/v1"} for i in range(n)]
    return Case(gateway(otlp(*exporters), indent=1))


@generator(100)
def misspelt_hosts(n):
    return Case(gateway(otlp(*[{"name": f"c{i}", "host": f"jaegr{i}"} for i in range(n)])))


# Keys.


@generator(1000)
def duplicate_keys(n):
    return Case("{" + '"version": 3, ' * n + '"extra_config": {}}')


@generator(500)
def duplicate_telemetry_keys(n):
    return Case(raw_gateway('"trace_sample_rate": 1,\n' * n + EXPORTERS))


@generator(200)
def duplicate_blocks(n):
    return Case(raw_gateway((EXPORTERS + ",\n") * n + EXPORTERS))


@generator(500)
def unknown_keys(n):
    return Case(raw_gateway("".join(f'"nobody_knows_{i}": 1,\n' for i in range(n)) + EXPORTERS))


@generator(300)
def misspelt_keys(n):
    return Case(raw_gateway("".join(f'"trace_sample_rat{i}": 1,\n' for i in range(n)) + EXPORTERS))


@generator(300)
def keys_in_all_cases(n):
    def spelling(i):
        return "".join(c.upper() if i >> at & 1 else c for at, c in enumerate("trace_sample_rate"))

    return Case(raw_gateway("".join(f'"{spelling(i)}": 1,\n' for i in range(n)) + EXPORTERS))


@generator(300)
def misspelt_namespaces(n):
    members = ", ".join(f'"telemetry/opentelemetri{i}": {{"exporters": {{}}}}' for i in range(n))
    return Case(f'{{"version": 3, "extra_config": {{{members}, "telemetry/opentelemetry": {{{EXPORTERS}}}}}}}')


@generator(200)
def misspelt_namespaces_of_endpoints(n):
    endpoints = [endpoint(f"/e{i}", extra_config={"telemetry/opentelemetri": {}}) for i in range(n)]
    return Case(gateway(otlp(), endpoints))


@generator(100_000)
def one_long_key(n):
    return Case(raw_gateway(f'"{"k" * n}": 1, {EXPORTERS}'))


@generator(100_000)
def one_long_escaped_key(n):
    return Case(raw_gateway('"' + "\\u0041" * (n // 6) + f'": 1, {EXPORTERS}'))


@generator(200)
def findings_below_a_long_key(n):
    members = ", ".join(f'"unknown{i}": 1' for i in range(n))
    key = "k" * (n * 100)
    return Case(f'{{"version": 3, "{key}": {{"extra_config": {{"telemetry/opentelemetry": {{{members}, {EXPORTERS}}}}}}}}}')


@generator(150)
def exporters_with_a_long_name(n):
    name = "n" * (n * 50)
    return Case(gateway(otlp(collector(name), *[collector(f"c{i}", port=99999) for i in range(n)])))


@generator(500)
def findings_on_one_line(n):
    return Case(raw_gateway("".join(f'"unknown{i}": 1, ' for i in range(n)) + EXPORTERS))


@generator(300)
def findings_on_one_line_of_wide_characters(n):
    return Case(raw_gateway("".join(f'"日本語の鍵{i}": 1, ' for i in range(n)) + EXPORTERS))


@generator(1000)
def wrong_types(n):
    return Case(raw_gateway('"layers": {"global": {"report_headers": ' + "[" + '{"a": 1},' * n + '1]}}, ' + EXPORTERS))


# Endpoints.


@generator(60)
def bad_overrides(n):
    block = {"exporters": ["nobody"], "proxy": {"report_headers": "yes"}, "unknown": 1, "layers": {}}
    endpoints = [endpoint(f"/e{i}", block, {"extra_config": {"telemetry/opentelemetry": block}}) for i in range(n)]
    return Case(gateway(otlp(), endpoints, indent=1))


@generator(60)
def overrides_with_long_lists(n):
    names = [f"c{i}" for i in range(n)]
    endpoints = [endpoint("/e", {"exporters": names + ["nobody" + name for name in names]})]
    return Case(gateway(otlp(*[collector(name, port=4000 + i) for i, name in enumerate(names)]), endpoints))


@generator(60)
def overrides_and_exporters(n):
    exporters = [collector(f"c{i}", port=4000 + i) for i in range(n)]
    endpoints = [endpoint(f"/e{i}", {"exporters": [f"x{i}"]}) for i in range(n)]
    return Case(gateway(otlp(*exporters), endpoints))


@generator(60)
def overrides_that_replace(n):
    block = {"proxy": {"disable_traces": True}, "backend": {"traces": {"report_headers": True}}}
    service = {**otlp(), "layers": {"proxy": {"report_headers": True}, "backend": {"traces": {"round_trip": True}}}}
    return Case(gateway(service, [endpoint(f"/e{i}", block) for i in range(n)]))


@generator(100)
def skip_paths_and_endpoints(n):
    paths = ["/__health"] + [f"/user{i}" for i in range(n)]
    return Case(gateway({**otlp(), "skip_paths": paths}, [endpoint(f"/users{i}") for i in range(n)]))


@generator(100)
def skip_paths_with_wildcards(n):
    paths = ["/__health"] + [f"/admin{i}/42/x" for i in range(n)]
    return Case(gateway({**otlp(), "skip_paths": paths}, [endpoint(f"/admin{i}/{{id}}/y") for i in range(n)]))


@generator(100)
def skip_paths_of_other_lengths(n):
    paths = ["/__health"] + ["/" + "a" * (i % 50) + str(i) for i in range(n)]
    return Case(gateway({**otlp(), "skip_paths": paths}, [endpoint("/" + "b" * (i % 50) + str(i)) for i in range(n)]))


@generator(100)
def skip_paths_below_one_parameter(n):
    paths = ["/__health"] + [f"/{i}/a" for i in range(n)]
    return Case(gateway({**otlp(), "skip_paths": paths}, [endpoint(f"/{{id}}/b{i}") for i in range(n)]))


@generator(200)
def skip_headers_in_two_layers(n):
    def layer(word):
        return {"report_headers": True, "skip_headers": [f"X-{word}-{i}" for i in range(n)]}

    block = {**otlp(), "layers": {"global": layer("One"), "proxy": layer("Two"), "backend": {"traces": layer("Three")}}}
    return Case(gateway(block, [endpoint("/e", input_headers=["*"])]))


@generator(400)
def skip_headers_and_input_headers(n):
    layers = {
        "global": {"report_headers": True, "skip_headers": [f"X-H-{i}" for i in range(n)]},
        "proxy": {"report_headers": True, "skip_headers": ["Authorization"]},
    }
    endpoints = [endpoint(f"/e{i}", input_headers=[f"X-H-{i}", "Authorization"]) for i in range(n)]
    return Case(gateway({**otlp(), "layers": layers}, endpoints))


@generator(100)
def malformed_skip_headers(n):
    layer = {"report_headers": True, "skip_headers": [f"x-bad header {i}:" for i in range(n)]}
    return Case(gateway({**otlp(), "layers": {"global": layer, "proxy": layer}}, [endpoint("/e", input_headers=["*"])]))


@generator(100)
def query_strings(n):
    endpoints = [endpoint(f"/e{i}", input_query_strings=["token", f"api_key{i}"]) for i in range(n)]
    return Case(gateway({**otlp(), "layers": {"backend": {"traces": {"round_trip": True}}}}, endpoints))


@generator(200)
def attributes(n):
    items = [{"key": f"key{i % (n // 2)}", "value": f"password{i}"} for i in range(n)]
    block = {**otlp(), "layers": {"global": {"metrics_static_attributes": items}, "backend": {"traces": {"static_attributes": items}}}}
    return Case(gateway({**block, "traces_static_attributes": items}))


@generator(100)
def backends_of_one_endpoint(n):
    one = {"endpoint": "/e", "backend": [{"url_pattern": f"/{i}", "host": [f"htp://h{i}"]} for i in range(n)]}
    return Case(gateway(otlp(), [one]))


@generator(200)
def hosts_of_one_backend(n):
    one = {"endpoint": "/e", "backend": [{"url_pattern": "/", "host": [f"bad host {i}" for i in range(n)]}]}
    return Case(gateway(otlp(), [one]))


@generator(100)
def equal_endpoints(n):
    block = {"exporters": ["nobody"]}
    return Case(gateway(otlp(), [endpoint("/same", block) for _ in range(n)]))


@generator(200)
def security_headers(n):
    headers = {f"X-H-{i}": "" for i in range(n)}
    security = {"otlp": [{"name": "collector", "headers": headers}]}
    block = {"telemetry/opentelemetry": otlp(), "telemetry/opentelemetry-security": security}
    return Case(json.dumps({"version": 3, "extra_config": block}))


@generator(100)
def security_of_unknown_exporters(n):
    security = {"otlp": [{"name": f"unknown{i}", "headers": {"X": "y"}} for i in range(n)]}
    exporters = [collector(f"c{i}", port=4000 + i) for i in range(n)]
    block = {"telemetry/opentelemetry": otlp(*exporters), "telemetry/opentelemetry-security": security}
    return Case(json.dumps({"version": 3, "extra_config": block}))


# Suppressions.


@generator(60)
def unused_suppressions(n):
    note = {"@otel-lint": {"ignore": {"sample-rate-zero": "not needed", "port-range": "neither"}}}
    return Case(gateway(otlp(*[collector(f"c{i}", port=4000 + i, **note) for i in range(n)])))


@generator(60)
def used_suppressions(n):
    note = {"@otel-lint": {"ignore": {"port-range": "so be it"}}}
    return Case(gateway(otlp(*[collector(f"c{i}", port=99999, **note) for i in range(n)])))


@generator(400)
def nested_suppressions(n):
    inner = '{"unknown": 1}'
    for i in range(n):
        inner = f'{{"@otel-lint": {{"ignore": {{"unknown-field": "x{i}"}}}}, "a": {inner}}}'
    return Case(raw_gateway(f'{EXPORTERS}, "a": {inner}'))


@generator(400)
def nested_duplicate_keys(n):
    return Case(raw_gateway(f'{EXPORTERS}, "a": ' + '{"k": 1, "k": 2, "b": ' * n + "1" + "}" * n))


@generator(200)
def unknown_suppressions(n):
    ignore = {f"no-such-rule-{i}": "x" for i in range(n)}
    return Case(gateway(otlp(), **{"@otel-lint": {"ignore": ignore}}))


@generator(200)
def suppressing_comments(n):
    keys = "".join(f"    # otel-lint: ignore[unknown-field] yes\n    unknown{i}: 1 # otel-lint: ignore[port-range] no\n" for i in range(n))
    return Case(f"version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters: {{}}\n{keys}", "krakend.yaml")


# Other formats, and texts in texts.

YAML = "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n      - {name: a, host: h, port: 99999}\n"


@generator(30)
def documents_in_one_file(n):
    inner = "\n".join("    " + line for line in YAML.splitlines())
    one = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  krakend.yaml: |\n{inner}\n"
    return Case("---\n".join([one] * n), "maps.yaml")


@generator(30)
def texts_of_one_map(n):
    inner = "\n".join("    " + line for line in YAML.splitlines())
    keys = "".join(f"  k{i}.yaml: |\n{inner}\n" for i in range(n))
    return Case(f"apiVersion: v1\nkind: ConfigMap\ndata:\n{keys}", "maps.yaml")


@generator(30)
def json_texts_of_one_map(n):
    inner = json.dumps(json.dumps(json.loads(gateway(otlp(collector(port=99999)))), indent=1))
    return Case("apiVersion: v1\nkind: ConfigMap\ndata:\n" + "".join(f"  k{i}.json: {inner}\n" for i in range(n)), "maps.yaml")


@generator(20)
def configurations_in_a_list(n):
    one = {"kind": "ConfigMap", "data": {"krakend.json": gateway(otlp(collector(port=99999)))}}
    return Case(json.dumps({"kind": "List", "items": [one] * n}), "list.json")


@generator(400)
def one_big_text(n):
    inner = gateway(otlp(*[collector(f"c{i}", port=99999) for i in range(n // 4)]), indent=1)
    return Case(json.dumps({"kind": "ConfigMap", "data": {"krakend.json": inner}}), "map.json")


@generator(4)
def texts_in_texts(n):
    # Each level doubles the escapes: the size is that of the innermost.
    inner = gateway(otlp(*[collector(f"c{i}", port=99999) for i in range(n)]))
    for _ in range(4):
        inner = json.dumps({"kind": "ConfigMap", "data": {"krakend.json": inner}})
    return Case(inner, "map.json")


@generator(100)
def base64_text(n):
    inner = gateway(otlp(*[collector(f"c{i}", port=99999) for i in range(n)]))
    data = base64.b64encode(inner.encode()).decode()
    return Case(json.dumps({"kind": "Secret", "data": {"krakend.json": data}}), "secret.json")


@generator(30)
def base64_texts(n):
    data = base64.b64encode(gateway(otlp(collector(port=99999))).encode()).decode()
    return Case(json.dumps({"kind": "Secret", "data": {f"k{i}.json": data for i in range(n)}}), "secret.json")


@generator(200)
def yaml_aliases(n):
    uses = "".join(f"      - *e\n" for _ in range(n))
    return Case(
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n"
        f"      - &e {{name: a, host: h, port: 99999}}\n{uses}", "krakend.yaml")


@generator(60)
def yaml_aliases_of_blocks(n):
    endpoints = "".join(f"- endpoint: /e{i}\n  extra_config: *x\n  backend: [{{url_pattern: /, host: [h]}}]\n" for i in range(n))
    return Case(
        "x: &x\n  telemetry/opentelemetry: {exporters: [nobody], unknown: 1}\n" + YAML + f"endpoints:\n{endpoints}",
        "krakend.yaml")


@generator(200)
def yaml_alias_of_a_big_block(n):
    big = "".join(f"  - {{name: a{i}, host: h{i}}}\n" for i in range(n))
    uses = "".join(f"u{i}: *big\n" for i in range(n))
    return Case(f"x: &big\n{big}{uses}{YAML}", "krakend.yaml")


@generator(10)
def yaml_aliases_in_aliases(n):
    lines = ["a0: &a0 [x, x]\n"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, n)]
    return Case("".join(lines) + YAML, "krakend.yaml")


@generator(400)
def yaml_merges_in_merges(n):
    lines = ["a0: &a0 {k0: 1}\n"] + [f"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: 1}}\n" for i in range(1, n)]
    return Case("".join(lines) + YAML, "krakend.yaml")


@generator(100)
def yaml_merge_of_many(n):
    lines = "".join(f"a{i}: &a{i} {{k{i}: 1}}\n" for i in range(n))
    all_of_them = ", ".join(f"*a{i}" for i in range(n))
    return Case(f"{lines}b: {{<<: [{all_of_them}]}}\n{YAML}", "krakend.yaml")


@generator(400)
def yaml_merges_of_one(n):
    uses = "".join(f"u{i}: {{<<: *big}}\n" for i in range(n))
    keys = "".join(f"  k{i}: 1\n" for i in range(n))
    return Case(f"x: &big\n{keys}{uses}{YAML}", "krakend.yaml")


@generator(500)
def yaml_comments(n):
    return Case("".join(f"# comment {i} password: x\n" for i in range(n)) + YAML, "krakend.yaml")


@generator(300)
def yaml_duplicate_keys(n):
    return Case(YAML + "".join("version: 3\n" for _ in range(n)), "krakend.yaml")


@generator(300)
def yaml_unknown_keys(n):
    return Case(YAML + "".join(f"    unknown{i}: 1\n" for i in range(n)), "krakend.yaml")


@generator(200)
def yaml_block_scalars(n):
    return Case(YAML + "".join(f"    unknown{i}: |\n      one\n      two\n" for i in range(n)), "krakend.yaml")


@generator(300)
def yaml_flow(n):
    keys = ", ".join(f"unknown{i}: 1" for i in range(n))
    return Case(f"version: 3\nextra_config: {{telemetry/opentelemetry: {{exporters: {{}}, {keys}}}}}\n", "krakend.yaml")


@generator(300)
def yaml_faults(n):
    return Case(YAML + "".join(f"    k{i}: [1, 2\n" for i in range(n)), "krakend.yaml")


@generator(100)
def toml_tables(n):
    exporters = "".join(
        f'[[extra_config."telemetry/opentelemetry".exporters.otlp]]\nname = "c{i}"\nhost = "h"\nport = 99999\n' for i in range(n))
    return Case(f"version = 3\n{exporters}", "krakend.toml")


@generator(100)
def toml_dotted_keys(n):
    return Case("version = 3\n" + "".join(f'extra_config."telemetry/opentelemetry".unknown{i}.a.b = 1\n' for i in range(n)), "krakend.toml")


@generator(100)
def toml_sub_tables(n):
    return Case("version = 3\n" + "".join(f'[extra_config."telemetry/opentelemetry".unknown{i}.a]\nb = 1\n' for i in range(n)), "krakend.toml")


@generator(100)
def toml_duplicate_tables(n):
    return Case("version = 3\n" + '[extra_config."telemetry/opentelemetry"]\nunknown = 1\n' * n, "krakend.toml")


@generator(60)
def toml_deep_tables(n):
    path = ".".join(["a"] * 120)
    return Case("version = 3\n" + "".join(f"[{path}.k{i}]\nb = 1\n" for i in range(n)), "krakend.toml")


@generator(200)
def toml_faults(n):
    return Case("version = 3\n" + "".join(f"k{i} = [1, 2\n" for i in range(n)) + '[extra_config."telemetry/opentelemetry"]\n', "krakend.toml")


# Faults of JSON, and depth.


@generator(2000)
def open_brackets(n):
    return Case('{"extra_config": {"telemetry/opentelemetry": ' + "[" * n)


@generator(2000)
def closing_brackets(n):
    return Case('{"extra_config": {"telemetry/opentelemetry": {}}' + "]" * n + "}")


@generator(1000)
def nested_objects(n):
    return Case('{"extra_config": {"telemetry/opentelemetry": ' + '{"a":' * n + "1" + "}" * n + "}}")


@generator(400)
def missing_commas(n):
    return Case(raw_gateway("".join(f'"unknown{i}": 1\n' for i in range(n)) + EXPORTERS))


@generator(400)
def open_strings(n):
    return Case(raw_gateway("".join(f'"unknown{i}: 1,\n' for i in range(n)) + EXPORTERS))


@generator(400)
def single_quotes(n):
    return Case(raw_gateway("".join(f"'unknown{i}': 'x',\n" for i in range(n)) + EXPORTERS))


@generator(400)
def json_comments(n):
    return Case(raw_gateway("".join(f"// token: abc{i}\n" for i in range(n)) + EXPORTERS))


@generator(2000)
def control_characters(n):
    return Case(raw_gateway('"unknown": "' + "\x01\x02" * n + '", ' + EXPORTERS))


# Secrets.


@generator(20_000)
def words_of_secrets(n):
    return Case(raw_gateway('"unknown": "' + "token=" * (n // 6) + '", ' + EXPORTERS))


@generator(20_000)
def signs_of_urls(n):
    return Case(raw_gateway('"unknown": "' + "https://a:b@" * (n // 12) + '", ' + EXPORTERS))


@generator(20_000)
def signs_of_users(n):
    return Case(raw_gateway('"unknown": "' + "a@" * (n // 2) + '", ' + EXPORTERS))


@generator(20_000)
def secrets_in_a_comment(n):
    return Case(f"# {'bearer token= ' * (n // 14)}\n{YAML}", "krakend.yaml")


@generator(20_000)
def secrets_beside_a_fault(n):
    return Case(raw_gateway('"headers": {"a" "' + "password: 'x' " * (n // 14) + '"}, ' + EXPORTERS))


@generator(300)
def secrets_in_headers(n):
    headers = {f"X-H-{i}": f"value{i}" for i in range(n)}
    return Case(gateway({**otlp(), "headers": headers}, indent=1))


# Templates.


@generator(6)
def template_conditions(n):
    return Case("".join(f'{{{{ if .a{i} }}}}"k{i}": 1,{{{{ else }}}}"l{i}": 2,{{{{ end }}}}\n' for i in range(n)).join([
        '{"version": 3, "extra_config": {"telemetry/opentelemetry": {', EXPORTERS + "}}}"]), "krakend.tmpl")


@generator(6)
def template_conditions_in_conditions(n):
    text = raw_gateway(EXPORTERS)
    for i in range(n):
        text = f"{{{{ if .a{i} }}}}{text}{{{{ else }}}}{text[:200]}{{{{ end }}}}"[: 40 * (i + 1) + len(text)]
        text = f"{{{{ if .b{i} }}}}{raw_gateway(EXPORTERS)}{{{{ end }}}}" + text
    return Case(text, "krakend.tmpl")


@generator(100)
def template_values(n):
    return Case(raw_gateway("".join(f'"k{i}": {{{{ .a{i} }}}}, "l{i}": "{{{{ .b{i} }}}}",\n' for i in range(n)) + EXPORTERS), "krakend.tmpl")


@generator(50)
def template_ranges(n):
    return Case(raw_gateway("".join(f'{{{{ range .a{i} }}}}"k{i}": 1,{{{{ end }}}}\n' for i in range(n)) + EXPORTERS), "krakend.tmpl")


@generator(100)
def open_actions(n):
    return Case(raw_gateway('"k": "' + "{{ " * n + '", ' + EXPORTERS), "krakend.tmpl")


@generator(100)
def template_ends(n):
    return Case(raw_gateway("{{ end }}" * n + EXPORTERS), "krakend.tmpl")


@generator(100)
def template_definitions(n):
    return Case("".join(f'{{{{ define "d{i}" }}}}"k{i}": 1,{{{{ end }}}}\n' for i in range(n)) + raw_gateway(
        "".join(f'{{{{ template "d{i}" . }}}}' for i in range(n)) + EXPORTERS), "krakend.tmpl")


def flexible(n, template, settings):
    return Case(template, "krakend.tmpl", {"settings/s.json": json.dumps(settings)}, ["--fc-settings", "settings"])


@generator(200)
def flexible_settings(n):
    settings = {"exporters": [collector(f"c{i}", port=99999) for i in range(n)]}
    return flexible(n, raw_gateway('"exporters": {"otlp": {{ marshal .s.exporters }}}'), settings)


@generator(100)
def flexible_ranges(n):
    settings = {"names": [f"c{i}" for i in range(n)]}
    items = '{{ range $i, $n := .s.names }}{{ if $i }},{{ end }}{"name": "{{ $n }}", "host": "h", "port": 99999}{{ end }}'
    return flexible(n, raw_gateway(f'"exporters": {{"otlp": [{items}]}}'), settings)


@generator(200)
def flexible_unused_settings(n):
    return flexible(n, raw_gateway(EXPORTERS), {f"k{i}": {"a": i} for i in range(n)})
