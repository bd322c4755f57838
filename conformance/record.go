package main

import (
	"encoding/hex"
	"fmt"
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	metricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	tracespb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	metricpb "go.opentelemetry.io/proto/otlp/metrics/v1"
)

// set is a set of texts.
type set map[string]bool

func (s set) add(text string)  { s[text] = true }
func (s set) sorted() []string { return slices.Sorted(maps.Keys(s)) }

// record is what the collectors got in one run. How often is not kept, nor when: both change from run
// to run.
type record struct {
	mu               sync.Mutex
	exports          set            // signal, protocol, address, answer
	headers          set            // of exports, but those of every client
	spans            map[string]set // by stage: attributes
	credentials      set            // where secrets of requests and answers turned up
	resource         set
	metricNames      set
	metricAttributes set
	traceIDs         map[string]bool // true if the trace has a span of a health check
	copies           map[string]int  // spans by their ID
	healthPath       string
	begin            time.Time // of the gateway
	firstMetrics     string    // when the first metrics came
}

func newRecord(healthPath string) *record {
	return &record{
		exports: set{}, headers: set{}, spans: map[string]set{}, credentials: set{}, resource: set{},
		metricNames: set{}, metricAttributes: set{}, traceIDs: map[string]bool{},
		copies: map[string]int{}, healthPath: healthPath, begin: time.Now(),
	}
}

// usualHeaders are those that every OTLP client sends.
var usualHeaders = set{
	"user-agent": true, "content-type": true, "content-length": true, "content-encoding": true,
	"accept-encoding": true, ":authority": true, "grpc-accept-encoding": true, "te": true,
	"grpc-timeout": true, "grpc-encoding": true,
}

// export notes an export as `traces grpc://collector:4317 accepted`; a scheme with an s is encrypted.
func (r *record) export(signal, protocol, name, path string, encrypted, accepted bool, headers map[string][]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	answer := "refused"
	if accepted {
		answer = "accepted"
	}
	r.exports.add(fmt.Sprintf("%s %s://%s%s %s", signal, scheme(protocol, encrypted), name, path, answer))
	for header := range headers {
		if header = strings.ToLower(header); !usualHeaders[header] {
			r.headers.add(header)
		}
	}
}

// misunderstood notes a connection in a protocol that the collector does not speak at this port.
func (r *record) misunderstood(protocol string, at net.Addr, encrypted bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exports.add(fmt.Sprintf("? %s://%s not understood", scheme(protocol, encrypted), nameAt(at)))
}

func scheme(protocol string, encrypted bool) string {
	if encrypted {
		return protocol + "s"
	}
	return protocol
}

// measured are attributes whose values differ from request to request, and standard are those whose
// values the requests decide: of both only the key is kept.
var (
	measured = regexp.MustCompile(`[.-](duration|time)$|^client\.|^network\.|^service\.instance\.id$`)
	standard = regexp.MustCompile(`^(http\.(request|response)\.|http\.client\.|url\.|server\.|user_agent\.|telemetry\.sdk\.|krakend\.|http\.status_code|http\.method|error|complete|canceled|proto|service\.version)`)
)

// attributes notes key=value, or the key alone, of each attribute, and where a secret is in one.
func (r *record) attributes(to set, where string, attributes []*commonpb.KeyValue) {
	for _, attribute := range attributes {
		value := text(attribute.Value)
		for _, header := range append([]string{"Set-Cookie"}, credentials...) {
			if strings.Contains(value, canary(header)) {
				r.credentials.add(fmt.Sprintf("%s in %s of %s", strings.ToLower(header), attribute.Key, where))
			}
		}
		if measured.MatchString(attribute.Key) || standard.MatchString(attribute.Key) {
			to.add(attribute.Key)
		} else {
			to.add(attribute.Key + "=" + value)
		}
	}
}

func text(value *commonpb.AnyValue) string {
	switch value := value.GetValue().(type) {
	case *commonpb.AnyValue_StringValue:
		return value.StringValue
	case *commonpb.AnyValue_ArrayValue:
		var items []string
		for _, item := range value.ArrayValue.Values {
			items = append(items, text(item))
		}
		return strings.Join(items, ",")
	case *commonpb.AnyValue_BoolValue:
		return fmt.Sprint(value.BoolValue)
	case *commonpb.AnyValue_IntValue:
		return fmt.Sprint(value.IntValue)
	case *commonpb.AnyValue_DoubleValue:
		return fmt.Sprint(value.DoubleValue)
	default:
		return ""
	}
}

func (r *record) traces(request *tracespb.ExportTraceServiceRequest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, resource := range request.ResourceSpans {
		r.attributes(r.resource, "the resource", resource.Resource.GetAttributes())
		for _, scope := range resource.ScopeSpans {
			for _, span := range scope.Spans {
				stage, isHealth := span.Name, false
				for _, attribute := range span.Attributes {
					if attribute.Key == "krakend.stage" {
						stage = text(attribute.Value)
					}
					isHealth = isHealth || text(attribute.Value) == r.healthPath
				}
				stage = strings.ToLower(strings.TrimPrefix(span.Kind.String(), "SPAN_KIND_")) + " " + stage
				if r.spans[stage] == nil {
					r.spans[stage] = set{}
				}
				r.attributes(r.spans[stage], stage, span.Attributes)
				id := hex.EncodeToString(span.TraceId)
				r.traceIDs[id] = r.traceIDs[id] || isHealth
				r.copies[id+hex.EncodeToString(span.SpanId)]++
			}
		}
	}
}

func (r *record) metrics(request *metricspb.ExportMetricsServiceRequest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.firstMetrics == "" {
		r.firstMetrics = within(time.Since(r.begin))
	}
	for _, resource := range request.ResourceMetrics {
		r.attributes(r.resource, "the resource", resource.Resource.GetAttributes())
		for _, scope := range resource.ScopeMetrics {
			for _, metric := range scope.Metrics {
				r.metricNames.add(metric.Name)
				for _, attributes := range pointsOf(metric) {
					r.attributes(r.metricAttributes, "metrics", attributes)
				}
			}
		}
	}
}

// within is a time so coarse that a busy machine does not change it: reporting periods are a few
// seconds, ten, or thirty.
func within(passed time.Duration) string {
	for _, seconds := range []int{8, 20} {
		if passed < time.Duration(seconds)*time.Second {
			return fmt.Sprintf("within %d s", seconds)
		}
	}
	return "later"
}

func pointsOf(metric *metricpb.Metric) [][]*commonpb.KeyValue {
	var points [][]*commonpb.KeyValue
	switch data := metric.Data.(type) {
	case *metricpb.Metric_Histogram:
		for _, point := range data.Histogram.DataPoints {
			points = append(points, point.Attributes)
		}
	case *metricpb.Metric_Sum:
		for _, point := range data.Sum.DataPoints {
			points = append(points, point.Attributes)
		}
	case *metricpb.Metric_Gauge:
		for _, point := range data.Gauge.DataPoints {
			points = append(points, point.Attributes)
		}
	}
	return points
}
