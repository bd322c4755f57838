package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	// startTime is how long a gateway may take to start on a busy machine.
	startTime = 30 * time.Second
	// watchTime is how long it is watched from then on. Metrics leave after 30 s unless the
	// configuration says otherwise, and an export gives up after 3 s; with a reporting period of 0
	// they would leave after 60 s.
	watchTime = 38 * time.Second
)

// observeFromStdin carries out one plan inside the namespace.
func observeFromStdin() error {
	var plan Plan
	if err := json.NewDecoder(os.Stdin).Decode(&plan); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := enter(folder); err != nil {
		return err
	}
	seen, err := observe(plan, folder)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(seen)
}

func observe(plan Plan, folder string) (*Observation, error) {
	certificate, authority, err := newCertificate()
	if err != nil {
		return nil, err
	}
	authorityFile := filepath.Join(folder, "authority.pem")
	if err := os.WriteFile(authorityFile, authority, 0o600); err != nil {
		return nil, err
	}
	if err := serveNames(); err != nil {
		return nil, err
	}
	record := newRecord(plan.health())
	if err := serveCollectors(record, certificate, plan.Secure); err != nil {
		return nil, err
	}
	backend, err := serveBackends()
	if err != nil {
		return nil, err
	}
	gateway, err := startGateway(plan, folder, authorityFile)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	run := &finishedRun{plan: plan, record: record, backend: backend, answers: set{}, pages: map[string][]string{}}
	run.started = gateway.starts(startTime)
	if run.started {
		run.ask()
		if run.ports, err = gateway.ports(); err != nil {
			return nil, err
		}
		gateway.hasEnded(time.Until(begin.Add(watchTime)))
		run.log = gateway.log.String()
		for _, port := range run.ports {
			if !strings.HasSuffix(port, fmt.Sprintf(":%d", plan.Port)) {
				run.pages[port] = scrape(port)
			}
		}
		time.Sleep(500 * time.Millisecond) // a scrape may log
	}
	if gateway.hasEnded(0) {
		code := gateway.command.ProcessState.ExitCode()
		run.exit = &code
	} else {
		gateway.stop()
	}
	log := gateway.log.String()
	if len(run.pages) > 0 {
		run.scraped = log[len(run.log):]
	} else {
		run.log = log
	}
	return run.observation(), nil
}

// health is the path of the health checks.
func (p Plan) health() string {
	for _, request := range p.Requests {
		if request.Trace == traceHealth {
			return request.Path
		}
	}
	return ""
}

// The trace IDs of requests that bring one, but for the number of the request.
const (
	sampledPrefix   = "5a3b1ed0000000000000000000"
	unsampledPrefix = "0ff0000000000000000000000a"
)

// ask sends the requests of the plan one after the other.
func (r *finishedRun) ask() {
	client := &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	number := 0
	for _, request := range r.plan.Requests {
		for range request.Count {
			number++
			url := fmt.Sprintf("http://127.0.0.1:%d%s", r.plan.Port, request.Path)
			sent, err := http.NewRequest(request.Method, url, nil)
			if err != nil {
				r.answers.add(fmt.Sprintf("%s %s: no request", request.Method, request.Path))
				continue
			}
			for _, header := range credentials {
				sent.Header.Set(header, canary(header))
			}
			switch request.Trace {
			case traceSampled:
				sent.Header.Set("Traceparent", fmt.Sprintf("00-%s%06x-00f067aa0ba902b7-01", sampledPrefix, number))
			case traceUnsampled:
				sent.Header.Set("Traceparent", fmt.Sprintf("00-%s%06x-00f067aa0ba902b7-00", unsampledPrefix, number))
			}
			answer, err := client.Do(sent)
			if err != nil {
				r.answers.add(fmt.Sprintf("%s %s: no answer", request.Method, request.Path))
				continue
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
			r.answers.add(fmt.Sprintf("%s %s: %d", request.Method, request.Path, answer.StatusCode))
		}
	}
}

// scrape reads a page of Prometheus: its status, then the names and labels of the gateway's metrics.
func scrape(port string) []string {
	client := &http.Client{Timeout: 10 * time.Second}
	answer, err := client.Get("http://" + strings.Replace(port, "*", "127.0.0.1", 1) + "/metrics")
	if err != nil {
		return []string{"no answer"}
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return []string{"no whole answer"}
	}
	return append([]string{fmt.Sprint(answer.StatusCode)}, seriesOf(string(body))...)
}
