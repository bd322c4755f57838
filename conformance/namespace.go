package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// observeCommand is the argument that makes this program the observer inside a namespace.
const observeCommand = "observe-one-plan"

// observeInNamespace starts this program again in a network and mount namespace of its own, where it
// carries out the plan: a run sees no network but its own loopback, and several run at once on the
// same ports.
func observeInNamespace(plan Plan) (*Observation, error) {
	input, err := json.Marshal(plan)
	if err != nil {
		return nil, err
	}
	command := exec.Command("/proc/self/exe", observeCommand)
	command.Stdin = bytes.NewReader(input)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	attributes := &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS,
		Pdeathsig:  syscall.SIGKILL,
	}
	if uid := os.Getuid(); uid != 0 {
		attributes.Cloneflags |= syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	command.SysProcAttr = attributes
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("the observer: %w %s", err, stderr.String())
	}
	var seen Observation
	if err := json.Unmarshal(stdout.Bytes(), &seen); err != nil {
		return nil, fmt.Errorf("the observer said: %w", err)
	}
	return &seen, nil
}

// enter prepares the namespace: its loopback device, the addresses that examples name, and the name
// server. folder is for the files that stand in for those of the machine.
func enter(folder string) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("a mount namespace of its own: %w", err)
	}
	for path, text := range map[string]string{
		"/etc/hosts":       "127.0.0.1 localhost\n",
		"/etc/resolv.conf": "nameserver " + nameServer + "\noptions timeout:1 attempts:1\n",
	} {
		file := filepath.Join(folder, filepath.Base(path))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return err
		}
		if err := syscall.Mount(file, path, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("mounting %s: %w", path, err)
		}
	}
	commands := [][]string{{"link", "set", "lo", "up"}}
	for _, address := range literalAddresses {
		add := []string{"addr", "add", address, "dev", "lo"}
		if strings.Contains(address, ":") {
			add = append(add, "nodad") // usable at once
		}
		commands = append(commands, add)
	}
	for _, arguments := range commands {
		if out, err := exec.Command("ip", arguments...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %v: %w %s", arguments, err, out)
		}
	}
	return nil
}
