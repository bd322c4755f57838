package main

import (
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// backendLog is what the services behind the gateway saw.
type backendLog struct {
	mu       sync.Mutex
	requests int
	traced   int             // of these, how many had a traceparent
	headers  map[string]bool // other headers that carry a trace
}

// traceHeaders are headers by which tracers other than W3C's pass a trace on.
var traceHeaders = []string{"B3", "X-B3-Traceid", "Tracestate", "Baggage", "Uber-Trace-Id", "X-Cloud-Trace-Context"}

// serveBackends answers for the services behind the gateway; the answers carry a cookie.
func serveBackends() (*backendLog, error) {
	log := &backendLog{headers: map[string]bool{}}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.mu.Lock()
		log.requests++
		for name := range r.Header {
			if name == "Traceparent" {
				log.traced++
			} else if slices.Contains(traceHeaders, name) {
				log.headers[name] = true
			}
		}
		log.mu.Unlock()
		w.Header().Set("Set-Cookie", "session="+canary("set-cookie"))
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"ok":true}`))
	})
	for _, address := range backends {
		listener, err := net.Listen("tcp", address+":80")
		if err != nil {
			return nil, err
		}
		go func() { _ = http.Serve(listener, handler) }()
	}
	return log, nil
}

// credentials are the headers of each request that carry a secret.
var credentials = []string{"Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-Session"}

// canary is the secret in a header, by which it is known wherever it turns up.
func canary(header string) string {
	return "CANARY-" + strings.ToLower(header)
}

// share tells how many of all there were: none, some or all of them.
func share(part, all int) string {
	switch {
	case part == 0:
		return "none"
	case part < all:
		return "some"
	default:
		return "all"
	}
}
