package main

import (
	"slices"
	"testing"
)

func TestTellingLines(t *testing.T) {
	log := "2026/11/28 19:38:13 KRAKEND INFO: starting\n" +
		"2026/11/28 19:38:13 KRAKEND ERROR: [SERVICE: OpenTelemetry] read tcp 127.0.0.1:51234->127.0.1.1:4317: reset\n" +
		"2026/11/28 19:38:14 KRAKEND ERROR: [SERVICE: OpenTelemetry] read tcp 127.0.0.1:40001->127.0.1.1:4317: reset\r\n" +
		"2026/11/28 19:38:15.123456 ERROR parsing the configuration file: 'krakend.yaml': yaml: unmarshal errors:\n" +
		"  line 7: mapping key \"a\" already defined\n" +
		"[GIN] 2026/11/28 | 200 |\n" +
		"panic: runtime error\n" +
		"goroutine 1 [running]:\n"
	want := []string{
		`ERROR parsing the configuration file: 'krakend.yaml': yaml: unmarshal errors: line 7: mapping key "a" already defined`,
		"ERROR: [SERVICE: OpenTelemetry] read tcp 127.0.0.1:…->127.0.1.1:4317: reset",
		"panic: runtime error",
	}
	if got := tellingLines(log); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsConfiguredIsNotMasked(t *testing.T) {
	line := `KRAKEND ERROR: [SERVICE: OpenTelemetry] traces export: dial tcp: address 431700: invalid port`
	if got := tellingLines(line); len(got) != 1 || got[0] != line[len("KRAKEND "):] {
		t.Errorf("got %q", got)
	}
}
