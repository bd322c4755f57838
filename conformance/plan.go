package main

import (
	"encoding/json"
	"regexp"
	"strings"
)

// Plan is what one run needs to know.
type Plan struct {
	Gateway  string    // the path of the executable
	File     string    // the name of the configuration
	Config   string    // its text
	Port     int       // where the gateway listens
	Requests []Request // what it is asked
	// Secure are the names of collectors that the configuration addresses with https://, which
	// therefore speak TLS on every port.
	Secure []string
}

// Request is sent Count times.
type Request struct {
	Method, Path string
	Trace        string // one of the traceKinds
	Count        int
}

// The kinds of requests by their trace context: without a traceparent, with one that is sampled, with
// one that is not, and health checks.
const (
	traceNew       = "new"
	traceSampled   = "sampled"
	traceUnsampled = "unsampled"
	traceHealth    = "health"
)

const endpointsJSON = `"endpoints": [
    { "endpoint": "/orders", "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }] },
    { "endpoint": "/users/{id}", "backend": [{ "url_pattern": "/users/{id}", "host": ["http://users"] }] }
  ]`

const endpointsYAML = `
endpoints:
  - endpoint: /orders
    backend:
      - url_pattern: /orders
        host: ["http://orders"]
`

const endpointsTOML = `
[[endpoints]]
endpoint = "/orders"
[[endpoints.backend]]
url_pattern = "/orders"
host = ["http://orders"]
`

var (
	secureHost = regexp.MustCompile(`(?i)https://([^/:"\s]+)`)
	fraction   = regexp.MustCompile(`sample_rate"?\s*[:=]\s*0?\.\d`)
	parameter  = regexp.MustCompile(`\{[^}]*\}`)
)

// planFor makes a gateway of an example that can be asked something: endpoints are added at the end
// of the text where there are none. The rest stays as it is, byte by byte; so does a text that cannot
// be read.
func planFor(gateway, format, text string) Plan {
	plan := Plan{Gateway: gateway, File: "krakend." + format, Config: text, Port: 8080}
	for _, match := range secureHost.FindAllStringSubmatch(text, -1) {
		plan.Secure = append(plan.Secure, strings.ToLower(match[1]))
	}
	var root struct {
		Port      any
		Endpoints []struct{ Endpoint, Method string }
		Extra     map[string]json.RawMessage `json:"extra_config"`
	}
	paths, health := []string{"GET /orders"}, "/__health"
	switch format {
	case "json":
		if !json.Valid([]byte(text)) {
			break
		}
		// Fields of other types are left out, and the rest is read.
		_ = json.Unmarshal([]byte(text), &root)
		if !strings.Contains(text, `"endpoints"`) {
			plan.Config = appendMember(text, endpointsJSON)
			paths = append(paths, "GET /users/42")
		} else if len(root.Endpoints) > 0 {
			paths = nil
			for _, e := range root.Endpoints {
				method := e.Method
				if method == "" {
					method = "GET"
				}
				paths = append(paths, method+" "+parameter.ReplaceAllString(e.Endpoint, "42"))
			}
		}
		if port, ok := root.Port.(float64); ok && port > 0 && port < 65536 {
			plan.Port = int(port)
		}
		var router struct {
			Health string `json:"health_path"`
		}
		if json.Unmarshal(root.Extra["router"], &router) == nil && router.Health != "" {
			health = router.Health
		}
	case "yaml":
		if !strings.Contains(text, "endpoints:") {
			plan.Config = strings.TrimRight(text, "\n") + endpointsYAML
		}
	case "toml":
		if !strings.Contains(text, "[[endpoints]]") {
			plan.Config = strings.TrimRight(text, "\n") + "\n" + endpointsTOML
		}
	}
	// Enough requests for a sampled fraction to be neither all nor none of them.
	count := 3
	if fraction.MatchString(text) {
		count = 400
	}
	for _, path := range paths {
		method, path, _ := strings.Cut(path, " ")
		plan.Requests = append(plan.Requests,
			Request{method, path, traceNew, count},
			Request{method, path, traceSampled, 2},
			Request{method, path, traceUnsampled, 2})
	}
	plan.Requests = append(plan.Requests, Request{"GET", health, traceHealth, 3})
	return plan
}

// appendMember adds a member before the last brace of a JSON object.
func appendMember(text, member string) string {
	end := strings.LastIndexByte(text, '}')
	body := strings.TrimRight(text[:end], " \t\r\n")
	if !strings.HasSuffix(body, "{") {
		body += ","
	}
	return body + "\n  " + member + "\n" + text[end:]
}
