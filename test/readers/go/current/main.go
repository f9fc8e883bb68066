// Readers of .env files in Go, by the name of the first argument: godotenv, compose, docker.
package main

import (
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/docker/cli/pkg/kvfile"
	"github.com/joho/godotenv"
	"readers/batch"
)

var readers = map[string]func(string) (map[string]string, error){
	"godotenv": func(text string) (map[string]string, error) { return godotenv.Parse(strings.NewReader(text)) },
	"compose": func(text string) (map[string]string, error) {
		return dotenv.ParseWithLookup(strings.NewReader(text), os.LookupEnv)
	},
	"docker": docker,
}

// As `docker run --env-file` does. A line that is a name alone is looked up in the environment: here each is found, so that
// a line of a value that is taken for a name is seen.
func docker(text string) (map[string]string, error) {
	found := func(string) (string, bool) { return "", true }
	lines, err := kvfile.ParseFromReader(strings.NewReader(text), found)
	vars := map[string]string{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		vars[name] = value
	}
	return vars, err
}

func main() {
	batch.ReadEach(readers[os.Args[1]])
}
