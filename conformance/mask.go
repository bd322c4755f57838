package main

import (
	"regexp"
	"strings"
)

// variable marks what differs from run to run in a line of the log.
const variable = "…"

var (
	dated = regexp.MustCompile(`^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(\.\d+)? `)
	// A line that tells of a fault: by its level, from before there are levels, or by krakend-otel,
	// which prints some without a level.
	telling = regexp.MustCompile(`^(KRAKEND )?(ERROR|CRITICAL|FATAL|WARNING)\b|^panic:|^fatal error:|OpenTelemetry\]|^\[SERVICE: kotel\]`)
	masks   = []struct {
		pattern *regexp.Regexp
		by      string
	}{
		{regexp.MustCompile(`:\d{4,5}->`), ":" + variable + "->"},
		{regexp.MustCompile(`->(127\.0\.0\.53:53)`), "->$1"},
		{regexp.MustCompile(`\b0x[0-9a-f]+\b`), variable},
		{regexp.MustCompile(`goroutine \d+`), "goroutine " + variable},
		{regexp.MustCompile(`/tmp/[^\s'":]+`), variable},
		{regexp.MustCompile(`\b\d+(\.\d+)?(ms|µs|ns)\b`), variable},
		{regexp.MustCompile(`CANARY-[a-z-]+`), variable},
	}
)

// tellingLines are the lines of a log that tell of faults, each once, sorted, without their dates and
// with what varies marked. A line that goes on (YAML's errors, for one) takes the next lines with it.
func tellingLines(log string) []string {
	lines := set{}
	previous := ""
	for line := range strings.Lines(log) {
		line = strings.TrimRight(line, " \r\n")
		if previous != "" && strings.HasPrefix(line, "  ") {
			delete(lines, previous)
			previous += " " + strings.TrimSpace(line)
			lines.add(previous)
			continue
		}
		previous = ""
		line = strings.TrimSpace(dated.ReplaceAllString(line, ""))
		if !telling.MatchString(line) {
			continue
		}
		line = strings.TrimPrefix(line, "KRAKEND ")
		for _, mask := range masks {
			line = mask.pattern.ReplaceAllString(line, mask.by)
		}
		lines.add(line)
		previous = line
	}
	return lines.sorted()
}
