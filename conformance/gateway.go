package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

var release = regexp.MustCompile(`KrakenD Version: v?(\d+\.\d+\.\d+)`)

// releaseOf asks an executable which release it is.
func releaseOf(path string) (string, error) {
	out, err := exec.Command(path, "version").CombinedOutput()
	if match := release.FindSubmatch(out); match != nil {
		return string(match[1]), nil
	}
	return "", fmt.Errorf("%s version names no release: %w %s", path, errors.Join(err), out)
}

// gateway is a running krakend.
type gateway struct {
	command *exec.Cmd
	port    int
	log     lockedBuffer
	ended   chan struct{}
}

// lockedBuffer takes the log while others read it.
type lockedBuffer struct {
	mu   sync.Mutex
	data bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.String()
}

// startGateway runs the gateway of a plan in folder. Its environment shortens waiting (batches of
// spans leave after 0.3 s, an export gives up after 3 s), keeps all spans in a burst, and makes it
// trust the collectors' authority.
func startGateway(plan Plan, folder, authority string) (*gateway, error) {
	if err := os.WriteFile(filepath.Join(folder, plan.File), []byte(plan.Config), 0o600); err != nil {
		return nil, err
	}
	g := &gateway{command: exec.Command(plan.Gateway, "run", "-c", plan.File), port: plan.Port, ended: make(chan struct{})}
	g.command.Dir = folder
	g.command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "USAGE_DISABLE=1", "GODEBUG=netdns=go",
		"SSL_CERT_FILE=" + authority, "OTEL_BSP_SCHEDULE_DELAY=300",
		"OTEL_BSP_MAX_QUEUE_SIZE=100000", "OTEL_EXPORTER_OTLP_TIMEOUT=3000",
	}
	g.command.Stdout, g.command.Stderr = &g.log, &g.log
	g.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := g.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = g.command.Wait()
		close(g.ended)
	}()
	return g, nil
}

// hasEnded tells whether the gateway ended within the time.
func (g *gateway) hasEnded(within time.Duration) bool {
	select {
	case <-g.ended:
		return true
	case <-time.After(within):
	}
	// Both may have come at once.
	select {
	case <-g.ended:
		return true
	default:
		return false
	}
}

// starts waits until the gateway takes connections, and tells whether it does and goes on.
func (g *gateway) starts(within time.Duration) bool {
	for end := time.Now().Add(within); time.Now().Before(end); {
		if g.hasEnded(50 * time.Millisecond) {
			return false
		}
		conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", g.port), time.Second)
		if err == nil {
			_ = conn.Close()
			return !g.hasEnded(500 * time.Millisecond)
		}
	}
	return false
}

// ports are the addresses that the gateway listens on, `*` being all of them.
func (g *gateway) ports() ([]string, error) {
	out, err := exec.Command("ss", "-Hltnp").Output()
	if err != nil {
		return nil, fmt.Errorf("ss: %w", err)
	}
	owner := fmt.Sprintf("pid=%d,", g.command.Process.Pid)
	ports := []string{}
	for line := range strings.Lines(string(out)) {
		if fields := strings.Fields(line); len(fields) > 3 && strings.Contains(line, owner) {
			ports = append(ports, strings.NewReplacer("[::]:", "*:", "0.0.0.0:", "*:").Replace(fields[3]))
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports), nil
}

// stop ends the gateway.
func (g *gateway) stop() {
	_ = g.command.Process.Signal(syscall.SIGTERM)
	if !g.hasEnded(5 * time.Second) {
		_ = g.command.Process.Kill()
		<-g.ended
	}
}
