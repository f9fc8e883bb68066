// Package batch is the frame of the drivers in Go: texts from standard input, outcomes to standard output.
package batch

import (
	"encoding/json"
	"os"
)

// ReadEach lets a library read each text. An error is why it refused the file.
func ReadEach(read func(text string) (map[string]string, error)) {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		panic(err)
	}
	outcomes := make([]map[string]any, len(texts))
	for i, text := range texts {
		vars, err := read(text)
		// None of these libraries runs a program; if one began to, here it would be seen.
		outcomes[i] = map[string]any{"ran": os.Remove("CANARY") == nil}
		if err != nil {
			outcomes[i]["error"] = err.Error()
		} else {
			outcomes[i]["vars"] = vars
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(outcomes); err != nil {
		panic(err)
	}
}
