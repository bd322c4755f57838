package main

import (
	"bytes"
	"encoding/json"
	"strings"
)

// lineLength is what short items of a list fill.
const lineLength = 100

// encode is JSON for people who read differences: long texts stand on lines of their own, short items
// of a list fill lines.
func encode(value any) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(value); err != nil {
		panic(err) // nothing in evidence can fail to be JSON
	}
	lines := strings.Split(buffer.String(), "\n")
	var out []string
	for i := 0; i < len(lines); i++ {
		out = append(out, lines[i])
		if !strings.HasSuffix(lines[i], "[") {
			continue
		}
		end := i + 1
		for strings.HasPrefix(strings.TrimSpace(lines[end]), `"`) && !strings.HasSuffix(lines[end], "[") {
			end++
		}
		if end == i+1 || !strings.HasPrefix(strings.TrimSpace(lines[end]), "]") {
			continue
		}
		out = append(out[:len(out)-1], fill(lines[i], lines[i+1:end], lines[end])...)
		i = end
	}
	return []byte(strings.Join(out, "\n"))
}

// fill puts as many items on a line as fit.
func fill(opening string, items []string, closing string) []string {
	indent := opening[:len(opening)-len(strings.TrimLeft(opening, " "))]
	whole := opening
	for i, item := range items {
		if i > 0 {
			whole += " "
		}
		whole += strings.TrimSpace(item)
	}
	whole += strings.TrimSpace(closing)
	if len(whole) <= lineLength {
		return []string{whole}
	}
	lines, line := []string{opening}, ""
	for _, item := range items {
		item = strings.TrimSpace(item)
		if line != "" && len(indent)+len(line)+len(item)+2 > lineLength {
			lines, line = append(lines, indent+" "+line), ""
		}
		if line != "" {
			line += " "
		}
		line += item
	}
	return append(lines, indent+" "+line, closing)
}
