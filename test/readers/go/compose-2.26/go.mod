module readers/compose-2.26

go 1.25

require readers/batch v0.0.0

require (
	github.com/compose-spec/compose-go/v2 v2.0.2
	github.com/sirupsen/logrus v1.9.0 // indirect
	golang.org/x/sys v0.1.0 // indirect
)

replace readers/batch => ../batch
