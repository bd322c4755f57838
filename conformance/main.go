// Conformance runs the examples of otel-lint's rules on real KrakenD gateways and records what
// happened as evidence. README.md describes it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// list is a flag that may be repeated.
type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

type options struct {
	gateways list
	rules    list
	linter   string
	evidence string
	parallel int
	changes  bool
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == observeCommand {
		if err := observeFromStdin(); err != nil {
			fmt.Fprintln(os.Stderr, "conformance:", err)
			os.Exit(2)
		}
		return
	}
	var o options
	flag.Var(&o.gateways, "krakend", "the `PATH` of a krakend executable; may be repeated")
	flag.Var(&o.rules, "rule", "run only the examples of this `RULE`; may be repeated")
	flag.StringVar(&o.linter, "otel-lint", "otel-lint", "the `PATH` of otel-lint")
	flag.StringVar(&o.evidence, "evidence", "fixtures/evidence", "the `FOLDER` of the evidence")
	flag.IntVar(&o.parallel, "parallel", 16, "how many gateways run at the same time")
	flag.BoolVar(&o.changes, "changes", false, "show what differs from the evidence before this run; exit status 1 if anything does")
	flag.Parse()
	changed, err := run(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(2)
	}
	if o.changes && changed {
		os.Exit(1)
	}
}

// run observes every applicable example on every gateway, and writes the evidence.
func run(o options) (changed bool, err error) {
	if len(o.gateways) == 0 || flag.NArg() > 0 {
		return false, errors.New("say which gateway to run: --krakend PATH")
	}
	rules, err := readRules(o.linter, o.rules)
	if err != nil {
		return false, err
	}
	var jobs []*job
	for _, path := range o.gateways {
		path, err := filepath.Abs(path)
		if err != nil {
			return false, err
		}
		release, err := releaseOf(path)
		if err != nil {
			return false, err
		}
		fmt.Fprintf(os.Stderr, "%s is KrakenD %s\n", path, release)
		jobs = append(jobs, jobsFor(rules, path, release)...)
	}
	observeAll(jobs, o.parallel)

	files := map[string]*Evidence{}
	for _, job := range jobs {
		if job.err != nil {
			return false, fmt.Errorf("%s, example %d, on %s: %w", job.rule.ID, job.index, job.release, job.err)
		}
		file := files[job.rule.ID]
		if file == nil {
			if file, err = readEvidence(o.evidence, job.rule); err != nil {
				return false, err
			}
			files[job.rule.ID] = file
		}
		file.record(job)
	}
	for _, rule := range rules {
		file := files[rule.ID]
		if file == nil {
			continue
		}
		differences, err := file.write(o.evidence)
		if err != nil {
			return false, err
		}
		changed = changed || len(differences) > 0
		if o.changes {
			for _, difference := range differences {
				fmt.Println(difference)
			}
		}
	}
	if o.changes && !changed {
		fmt.Println("no change")
	}
	return changed, nil
}

// observeAll runs the jobs, a few at a time: a run waits most of the time.
func observeAll(jobs []*job, parallel int) {
	var wait sync.WaitGroup
	queue := make(chan *job)
	var mu sync.Mutex
	done := 0
	for range max(parallel, 1) {
		wait.Go(func() {
			for job := range queue {
				job.seen, job.err = observeInNamespace(job.plan)
				mu.Lock()
				done++
				fmt.Fprintf(os.Stderr, "%d/%d %s\n", done, len(jobs), job)
				mu.Unlock()
			}
		})
	}
	for _, job := range jobs {
		queue <- job
	}
	close(queue)
	wait.Wait()
}
