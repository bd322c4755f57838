package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAnExampleStaysAsItIs(t *testing.T) {
	broken := `{"version": 3, "port": 8080,}`
	if got := planFor("", "json", broken).Config; got != broken {
		t.Errorf("a text that cannot be read was changed: %s", got)
	}
	whole := `{"version": 3, "endpoints": []}`
	if got := planFor("", "json", whole).Config; got != whole {
		t.Errorf("a text with endpoints was changed: %s", got)
	}
}

func TestEndpointsAreAdded(t *testing.T) {
	for _, text := range []string{`{}`, "{\n  \"version\": 3\n}\n", `{"version":3,"a":{"host":1,"host":2}}`} {
		plan := planFor("", "json", text)
		if !json.Valid([]byte(plan.Config)) || !strings.Contains(plan.Config, `"/orders"`) {
			t.Errorf("%s became %s", text, plan.Config)
		}
		if kept := strings.TrimRight(text, "} \n"); !strings.HasPrefix(plan.Config, kept) {
			t.Errorf("%s was changed: %s", text, plan.Config)
		}
	}
}

func TestRequestsFollowTheConfiguration(t *testing.T) {
	plan := planFor("", "json", `{"version": 3, "port": 9000,
		"endpoints": [{"endpoint": "/users/{id}", "method": "POST"}],
		"extra_config": {"router": {"health_path": "/healthz"},
			"telemetry/opentelemetry": {"trace_sample_rate": 0.05,
				"exporters": {"otlp": [{"host": "https://Otlp.example.com"}]}}}}`)
	first := plan.Requests[0]
	if plan.Port != 9000 || first.Method != "POST" || first.Path != "/users/42" || first.Count < 100 {
		t.Errorf("%+v", plan)
	}
	if plan.health() != "/healthz" || len(plan.Secure) != 1 || plan.Secure[0] != "otlp.example.com" {
		t.Errorf("%+v", plan)
	}
}

func TestWithout(t *testing.T) {
	example := Example{Format: "json", Text: `{"a": [1, {"b/c": 2, "d": 3}]}`}
	for pointer, want := range map[string]string{
		"/a/1/b~1c": `{"a":[1,{"d":3}]}`,
		"/a/0":      `{"a":[{"b/c":2,"d":3}]}`,
		"/a/1/none": `{"a":[1]}`, // the item lacks it
		"/a/7":      "",
		"/x":        "",
		"":          "",
	} {
		text, ok := without(example, pointer)
		got := strings.Join(strings.Fields(text), "")
		if got != want || ok != (want != "") {
			t.Errorf("%s: %s", pointer, got)
		}
	}
}
