// The reader of .env files of Docker Compose 2.26, which is older than the current one of the same module.
package main

import (
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"readers/batch"
)

func main() {
	batch.ReadEach(func(text string) (map[string]string, error) {
		return dotenv.ParseWithLookup(strings.NewReader(text), os.LookupEnv)
	})
}
