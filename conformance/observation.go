package main

import (
	"regexp"
	"slices"
	"strings"
)

// Observation is what one run showed, without anything that differs from run to run.
type Observation struct {
	Started bool `json:"started"`
	// Exit is the exit status of a gateway that ended by itself.
	Exit *int `json:"exit,omitempty"`
	// Ports are the addresses it listens on.
	Ports []string `json:"ports,omitempty"`
	// Log are the lines that tell of faults.
	Log []string `json:"log,omitempty"`
	// LogOfScrapes are further ones once the pages of Prometheus were read.
	LogOfScrapes []string `json:"log_of_scrapes,omitempty"`
	// Exports are `SIGNAL PROTOCOL://ADDRESS ANSWER`; the protocols are grpc, grpcs, http and https.
	Exports []string `json:"exports,omitempty"`
	// ExportHeaders are the headers of exports beyond those that every client sends.
	ExportHeaders []string `json:"export_headers,omitempty"`
	// Traces tells which share of the requests was traced, by their kind.
	Traces map[string]string `json:"traces,omitempty"`
	// Twice tells that each span arrived more than once.
	Twice bool `json:"twice,omitempty"`
	// Credentials are the places where secrets of requests and answers turned up.
	Credentials []string `json:"credentials,omitempty"`
	Resource    []string `json:"resource,omitempty"`
	// Spans are the attributes of spans by their kind and stage.
	Spans map[string][]string `json:"spans,omitempty"`
	// FirstMetrics is when the first metrics came.
	FirstMetrics     string   `json:"first_metrics,omitempty"`
	Metrics          []string `json:"metrics,omitempty"`
	MetricAttributes []string `json:"metric_attributes,omitempty"`
	// Prometheus is the status of each page, and the names and labels of its metrics.
	Prometheus map[string][]string `json:"prometheus,omitempty"`
	// Traceparent tells which share of the requests to backends had a traceparent.
	Traceparent string `json:"traceparent_to_backends,omitempty"`
	// BackendHeaders are other headers to backends that carry a trace.
	BackendHeaders []string `json:"trace_headers_to_backends,omitempty"`
	Answers        []string `json:"answers,omitempty"`
}

// finishedRun is everything that a run left.
type finishedRun struct {
	plan    Plan
	started bool
	exit    *int
	ports   []string
	log     string
	scraped string // the log after that
	record  *record
	backend *backendLog
	answers set
	pages   map[string][]string
}

func (r *finishedRun) observation() *Observation {
	record := r.record
	record.mu.Lock()
	defer record.mu.Unlock()
	r.backend.mu.Lock()
	defer r.backend.mu.Unlock()
	seen := &Observation{
		Started: r.started, Exit: r.exit, Ports: r.ports, Log: tellingLines(r.log),
		LogOfScrapes: tellingLines(r.scraped), FirstMetrics: record.firstMetrics,
		Exports: record.exports.sorted(), ExportHeaders: record.headers.sorted(),
		Credentials: record.credentials.sorted(), Resource: record.resource.sorted(),
		Metrics: record.metricNames.sorted(), MetricAttributes: record.metricAttributes.sorted(),
		Prometheus: r.pages, BackendHeaders: set(r.backend.headers).sorted(), Answers: r.answers.sorted(),
	}
	if len(record.spans) > 0 {
		seen.Spans = map[string][]string{}
		for stage, attributes := range record.spans {
			seen.Spans[stage] = attributes.sorted()
		}
		seen.Traces = r.traces()
		seen.Twice = true
		for _, copies := range record.copies {
			seen.Twice = seen.Twice && copies > 1
		}
	}
	if r.backend.requests > 0 {
		seen.Traceparent = share(r.backend.traced, r.backend.requests)
	}
	return seen
}

// traces counts the traces that arrived of each kind of request.
func (r *finishedRun) traces() map[string]string {
	arrived, sent := map[string]int{}, map[string]int{}
	for id, isHealth := range r.record.traceIDs {
		switch {
		case strings.HasPrefix(id, sampledPrefix):
			arrived[traceSampled]++
		case strings.HasPrefix(id, unsampledPrefix):
			arrived[traceUnsampled]++
		case isHealth:
			arrived[traceHealth]++
		default:
			arrived[traceNew]++
		}
	}
	for _, request := range r.plan.Requests {
		sent[request.Trace] += request.Count
	}
	shares := map[string]string{}
	for kind, all := range sent {
		shares[kind] = share(arrived[kind], all)
	}
	return shares
}

var series = regexp.MustCompile(`^((?:http|krakend)_[a-z_0-9]+)(?:\{(.*)\})? `)
var label = regexp.MustCompile(`([a-zA-Z_][a-zA-Z_0-9]*)="((?:[^"\\]|\\.)*)"`)

// seriesOf are the names of metrics on a page of Prometheus, then its labels; labels whose values do
// not depend on the requests with their values.
func seriesOf(page string) []string {
	names, labels := set{}, set{}
	for line := range strings.Lines(page) {
		match := series.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		names.add(match[1])
		for _, pair := range label.FindAllStringSubmatch(match[2], -1) {
			key := strings.ReplaceAll(pair[1], "_", ".")
			if pair[1] == "le" || measured.MatchString(key) || standard.MatchString(key) || strings.HasPrefix(key, "otel.scope") {
				labels.add(pair[1])
			} else {
				labels.add(pair[1] + "=" + pair[2])
			}
		}
	}
	return slices.Concat(names.sorted(), labels.sorted())
}
